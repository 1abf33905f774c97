/** Files that somebody changes again and again without a quiet moment. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { DirectorySource } from '../../../src/live/configuration/directory-source.ts';
import { Reloader } from '../../../src/live/configuration/reloader.ts';
import { growingPatienceMs, rewrittenPatienceMs } from '../../../src/live/configuration/restlessness.ts';
import { ServingVersion } from '../../../src/live/configuration/serving-version.ts';
import type { ChangesSeen, FileChange } from '../../../src/live/file-changes.ts';
import { FakeHistory, FakeLog, FakeTime } from '../fakes.ts';

interface Context {
  time: FakeTime;
  log: FakeLog;
  applied: string[];
  /** What each look at the files finds. */
  seen: { value: ChangesSeen };
  gitBusy: { value: boolean };
  /** Files are not caught being written. */
  steady: { value: boolean };
  reloader: Reloader;
  /** Somebody saves every 50 ms, for so long. */
  edit: (forMs: number) => Promise<void>;
}

const test = suite<Context>('live/configuration/restless-files');

function one(how: FileChange['how']): ChangesSeen {
  return { count: 1, some: [{ path: 'rates/uk.csv', how }] };
}

function snapshot(hash: string): Snapshot {
  const settings = { sip: { listen: [], server: { kind: 'embedded' } }, store: { path: 'var/class4.db' } };
  return { hash, commit: null, switch: settings } as unknown as Snapshot;
}

test.before.each(context => {
  const [time, log, applied] = [new FakeTime(), new FakeLog(), [] as string[]];
  const seen = { value: one('replaced') };
  const gitBusy = { value: false };
  const steady = { value: true };
  let saves = 0;
  const around = { log, clock: time.clock, timers: time };
  const source = new DirectorySource({
    load: async () => ({ snapshot: snapshot(`save-${saves}`), diagnostics: [] }),
    loadSteadily: async () => ({
      snapshot: snapshot(`save-${saves}`),
      diagnostics: [],
      areSteady: steady.value,
    }),
    fingerprint: async () => String(saves),
    changesSeen: async () => seen.value,
    isGitBusy: () => gitBusy.value,
    ...around,
  });
  const apply = ({ hash }: Snapshot): number => applied.push(hash);
  const serving = new ServingVersion({
    history: new FakeHistory(),
    initial: snapshot('save-0'),
    apply,
    ...around,
  });
  const reloader = new Reloader({ source, serving, sourceHash: null, ...around });
  async function edit(forMs: number): Promise<void> {
    for (let ms = 0; ms < forMs; ms += 50) {
      saves += 1;
      source.noticeChange('rates/uk.csv');
      await time.pass(50);
    }
  }
  Object.assign(context, { time, log, applied, seen, gitBusy, steady, reloader, edit });
});

test('an edit every 50 ms for ever delays a reload by seconds, and not for ever', async context => {
  const { applied, log, edit } = context;
  await edit(9000);
  assert.equal(applied, []);
  await edit(5000);
  assert.is(applied.length, 1);
  assert.match(applied[0]!, /^save-2[0-9]{2}$/);

  await edit(60_000);

  assert.ok(applied.length >= 5 && applied.length <= 7, applied.join());
  const said = log.lines.filter(line => /keeps changing; it is read/.test(line));
  assert.is(said.length, 1);
  assert.match(said[0]!, /file=rates\/uk\.csv/);
});

test('once it is quiet the last state is read, and the next restlessness has its word', async context => {
  const { applied, log, edit, time } = context;
  await edit(15_000);
  await time.pass(1000);
  assert.is(applied.at(-1), 'save-300');

  await edit(15_000);
  assert.is(log.lines.filter(line => /keeps changing; it is read/.test(line)).length, 2);
});

test('several files that change meanwhile are never read, for they may belong together', async context => {
  const { applied, seen, edit } = context;
  seen.value = { count: 2, some: [...one('replaced').some, { path: 'switch.yaml', how: 'replaced' }] };
  await edit(120_000);
  assert.equal(applied, []);

  seen.value = one('replaced');
  await edit(3000);
  assert.is(applied.length, 1);
});

test('a file that is written in place is waited for longer, and one that grows the longest', async context => {
  const { applied, seen, edit } = context;
  seen.value = one('rewritten');
  await edit(rewrittenPatienceMs - 1000);
  assert.equal(applied, []);
  await edit(5000);
  assert.is(applied.length, 1);

  seen.value = one('growing');
  await edit(growingPatienceMs - 5000);
  assert.is(applied.length, 1);
  await edit(10_000);
  assert.is(applied.length, 2);
});

test('a file that is caught being written is not read', async ({ applied, steady, edit }) => {
  steady.value = false;
  await edit(30_000);
  assert.equal(applied, []);

  steady.value = true;
  await edit(3000);
  assert.is(applied.length, 1);
});

test('one reading between two saves is not enough', async context => {
  const { applied, seen, edit } = context;
  let looks = 0;
  const many = { count: 9, some: one('replaced').some };
  Object.defineProperty(seen, 'value', {
    // Two looks frame each reading: every second reading has much that moves in it.
    get: () => ((looks++ >> 1) % 2 === 0 ? one('replaced') : many),
  });
  await edit(30_000);

  assert.equal(applied, []);
});

test('while git checks out, nothing is read, unless its lock is one that nobody takes away', async context => {
  const { applied, gitBusy, edit } = context;
  gitBusy.value = true;
  await edit(39_000);
  assert.equal(applied, []);

  await edit(5000);
  assert.is(applied.length, 1);
});

test('a forced reload has an answer although the files keep changing', async context => {
  const { reloader, edit } = context;
  await edit(11_000);
  const report = reloader.reloadNow();
  await edit(6000);

  assert.is((await report).outcome, 'applied');
});

test.run();
