/** Processes that are killed at each step of a decision, and what the next one makes of what they leave. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfiguration } from '../../src/config/load.ts';
import { historyDirectory, SwitchHistory } from '../../src/history/switch-history.ts';
import { findStartVersion } from '../../src/live/configuration/start-version.ts';
import { LoadingThread } from '../../src/live/loading-thread.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';
import { FakeLog } from '../live/fakes.ts';
import { writeNetwork, writeRates } from '../live/network.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';

interface Context {
  directory: TemporaryDirectory;
  /** A network of which three versions served, at their rates. */
  base: string;
  hashes: readonly string[];
}

const test = suite<Context>('history/killed-at-each-step');
const program = fileURLToPath(new URL('./decider.js', import.meta.url));
const rates = ['0.60', '0.61', '0.62'];

test.before(context => {
  context.directory = temporaryDirectory();
  context.base = join(context.directory.path, 'base');
  writeNetwork(context.base, { address: '127.73.1.3' });
  mkdirSync(join(context.base, 'var'));
  context.hashes = rates.map(rate => {
    writeRates(context.base, 'retail', rate);
    decide(context.base, 'reload');
    return loadConfiguration(context.base).snapshot!.hash;
  });
});
test.after(({ directory }) => directory.remove());

/** The steps that were taken; the last one is that at which it was killed. */
function decide(directory: string, story: string, killAt?: string): readonly string[] {
  const args = [program, directory, story, ...(killAt === undefined ? [] : [killAt])];
  const { stdout, stderr, signal } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
  assert.is(signal, killAt === undefined ? null : 'SIGKILL', `${killAt}: ${stdout}${stderr}`);
  return stdout.split('\n').filter(line => line !== '');
}

/** What the next start serves, and that all that is left is whole. */
async function restart(directory: string): Promise<{ readonly hash: string; readonly held: string | null }> {
  const path = join(directory, 'var', 'class4.db');
  const keeping = new LoadingThread(directory);
  const around = { keeping, log: new FakeLog(), clock: Date.now };
  const loadSource = async () => loadConfiguration(directory).snapshot!;
  const { snapshot, hold } = await findStartVersion({ directory, loadSource, ...around });
  const store = await SqliteStore.open({ path, sole: true });
  const table = await SqliteVersionTable.open({ path });
  const history = new SwitchHistory({ table, directory: historyDirectory(path), ...around });
  await history.sweep(snapshot.switch.history);
  const activations = await history.activations(100);
  const versions = await table.versions();
  const names = versions.map(({ hash }) => hash);
  assert.ok(activations.slice(0, 2).every(({ hash }) => names.includes(hash)));
  const { length } = readdirSync(historyDirectory(path));
  for (const { hash } of versions) assert.is((await history.restore(hash)).hash, hash);
  assert.equal(
    around.log.lines.filter(line => line.includes('compiled from its files')),
    [],
  );
  await history.sweep(snapshot.switch.history);
  assert.is(readdirSync(historyDirectory(path)).length, length, 'nothing is left over');
  await history.close();
  await store.close();
  await keeping.close();
  return { hash: snapshot.hash, held: hold?.hash ?? null };
}

/** The first and the last of each name: what lies between differs in nothing. */
function ends(steps: readonly string[]): readonly string[] {
  const nameOf = (step: string) => step.replace(/ \d+$/, '');
  return steps.filter((step, index) => {
    const others = (part: readonly string[]) => part.every(other => nameOf(other) !== nameOf(step));
    return others(steps.slice(0, index)) || others(steps.slice(index + 1));
  });
}

async function playAll(
  { directory, base }: Context,
  story: string,
  prepare: (copy: string) => void,
  expected: (decided: boolean) => { readonly hash: string; readonly held: string | null },
): Promise<readonly string[]> {
  const prepared = join(directory.path, `${story}-prepared`);
  cpSync(base, prepared, { recursive: true });
  prepare(prepared);
  const whole = join(directory.path, `${story}-whole`);
  cpSync(prepared, whole, { recursive: true });
  const steps = decide(whole, story);
  assert.equal(await restart(whole), expected(true));
  for (const step of ends(steps)) {
    const copy = join(directory.path, `${story}-${step.replaceAll(' ', '-')}`);
    cpSync(prepared, copy, { recursive: true });
    decide(copy, story, step);
    const isDecided = steps.indexOf(step) >= steps.indexOf('after activate 1');
    assert.equal(await restart(copy), expected(isDecided), `${story}, killed at ${step}`);
    assert.equal(await restart(copy), expected(isDecided), `${story}, killed at ${step}, a second time`);
  }
  return steps;
}

const inOrder = [
  ...['create 1', 'rename 1', 'sync 1', 'before putVersion 1', 'after putVersion 1'],
  ...['before activate 1', 'after activate 1', 'serve 1'],
];

test('of a reload the next start serves the files, at whatever step it was killed', async context => {
  let hash = '';
  const edit = (copy: string): void => {
    writeRates(copy, 'retail', '0.70');
    hash = loadConfiguration(copy).snapshot!.hash;
  };
  const steps = await playAll(context, 'reload', edit, () => ({ hash, held: null }));
  assert.equal(
    steps.filter(step => inOrder.includes(step)),
    inOrder,
  );
});

test('of a rollback it serves the older version, held, once that is decided, and the files before', async context => {
  const [, before, serving] = context.hashes;
  const steps = await playAll(
    context,
    'rollback',
    () => {},
    decided => (decided ? { hash: before!, held: before! } : { hash: serving!, held: null }),
  );
  assert.equal(steps.slice(0, 3), ['before activate 1', 'after activate 1', 'serve 1']);
});

test('of a resume it serves the files once that is decided, and what is held before', async context => {
  const [, before] = context.hashes;
  let edited = '';
  const prepare = (copy: string): void => {
    decide(copy, 'rollback');
    writeRates(copy, 'retail', '0.80');
    edited = loadConfiguration(copy).snapshot!.hash;
  };
  const steps = await playAll(context, 'resume', prepare, decided =>
    decided ? { hash: edited, held: null } : { hash: before!, held: before! },
  );
  assert.equal(
    steps.filter(step => inOrder.includes(step)),
    inOrder,
  );
});

test('of versions that are dropped no row is left without its blobs, and no blob without a row', async context => {
  const [, , serving] = context.hashes;
  const steps = await playAll(
    context,
    'prune',
    () => {},
    () => ({ hash: serving!, held: null }),
  );
  assert.equal(steps.slice(0, 3), ['before drop 1', 'after drop 1', 'remove 1']);
  assert.ok(steps.length > 3);
});

test.run();
