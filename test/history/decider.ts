/**
 * A program that makes one decision about what serves, on a real database and a real disk, and kills itself at the step
 * that it is told. It prints each step. `node decider.js DIRECTORY STORY [STEP]`
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationLoader } from '../../src/config/load.ts';
import { silentLogger } from '../../src/diagnostics/logger.ts';
import { Blobs } from '../../src/history/blobs.ts';
import { type Disk, realDisk } from '../../src/history/disk.ts';
import { sweep } from '../../src/history/history-reader.ts';
import { historyDirectory, type Keeping, SwitchHistory } from '../../src/history/switch-history.ts';
import { VersionKeeper } from '../../src/history/version-keeper.ts';
import { realTimers } from '../../src/live/clock.ts';
import { ServingVersion } from '../../src/live/configuration/serving-version.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';

const [directory, story, killAt] = process.argv.slice(2) as [string, string, string | undefined];
const path = join(directory, 'var', 'class4.db');
const taken = new Map<string, number>();
let isCounting = false;

/** The name of a step counts up: `rename 1`, `rename 2`. */
function step(name: string): void {
  if (!isCounting) return;
  const count = (taken.get(name) ?? 0) + 1;
  taken.set(name, count);
  writeSync(1, `${name} ${count}\n`);
  if (`${name} ${count}` === killAt) process.kill(process.pid, 'SIGKILL');
}

const disk: Disk = {
  ...realDisk,
  create(file, parts) {
    // A file that is half there is what a process leaves that is killed in the middle.
    if (isCounting && `create ${(taken.get('create') ?? 0) + 1}` === killAt) {
      realDisk.create(file, [parts[0]!.subarray(0, 1)]);
    }
    step('create');
    realDisk.create(file, parts);
  },
  rename(from, to) {
    step('rename');
    realDisk.rename(from, to);
  },
  syncDirectory(place) {
    step('sync');
    realDisk.syncDirectory(place);
  },
  remove(file) {
    step('remove');
    realDisk.remove(file);
  },
};

const loader = new ConfigurationLoader(directory);
const load = () => loader.load({ forManyCalls: true, digests: true });
const keeping: Keeping = {
  async keep(snapshot, place) {
    const { digests = null } = load();
    const keeper = new VersionKeeper(place, disk);
    return { blobs: keeper.keep(snapshot, digests, file => loader.readAgain(file)), commit: null };
  },
};

const store = await SqliteStore.open({ path, sole: true });
const table = await SqliteVersionTable.open({ path });
for (const method of ['putVersion', 'activate', 'drop'] as const) {
  const own = table[method].bind(table) as (argument: never, ended: never) => Promise<never>;
  Object.assign(table, {
    async [method](argument: never, ended: never): Promise<never> {
      step(`before ${method}`);
      const result = await own(argument, ended);
      step(`after ${method}`);
      return result;
    },
  });
}
const around = { log: silentLogger, clock: Date.now };
const history = new SwitchHistory({ table, directory: historyDirectory(path), keeping, ...around });
const hold = await history.hold();
// As a switch that has not read its files since they were edited.
const served = hold?.hash ?? (await history.activations(1))[0]?.hash ?? null;
const initial = served === null ? load().snapshot! : await history.restore(served);
const apply = (): void => step('serve');
const serving = new ServingVersion({ history, initial, hold, apply, timers: realTimers, ...around });
serving.begin();
await durable();
isCounting = true;
const snapshot = load().snapshot!;
const candidate = { snapshot, diagnostics: [], cause: 'edit', by: 'class4' } as const;
const request = { by: 'anna@noc-1', reason: 'UK mobile fails' };
if (story === 'reload') await serving.offer(candidate);
else if (story === 'rollback') await serving.rollback({ version: null, ...request });
else if (story === 'resume') await serving.resume(candidate, serving.currentHold!, request);
else if (story === 'prune') await prune();
await durable();
await serving.close();
await history.close();
await store.close();

async function durable(): Promise<void> {
  while (serving.decisions.pending > 0) await new Promise(resolve => setTimeout(resolve, 5));
}

/** All but what serves and what served before, as when the bounds became smaller. */
async function prune(): Promise<void> {
  const { serving: current, previous } = await table.roles();
  const [stay, go] = [[], []] as [string[], string[]];
  for (const { hash } of await table.versions())
    (hash === current || hash === previous ? stay : go).push(hash);
  await table.drop({ versions: go, compiled: [], activationsBeforeMs: 0, activationsMax: 10_000 });
  const left = await table.versions();
  const roots = left.flatMap(({ files, compiled }) => [files, compiled]).filter(root => root !== null);
  sweep(new Blobs(historyDirectory(path), disk), roots);
}
