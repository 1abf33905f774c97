import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Follower, longestWaitMs, pokeGapMs } from '../../../src/live/sources/follower.ts';
import type { Candidate, Look } from '../../../src/live/sources/git-source.ts';
import { FakeLog, FakeTime, settle } from '../fakes.ts';

interface Context {
  time: FakeTime;
  log: FakeLog;
  /** What the next looks come to; the last one stays. */
  looks: (Look | Error)[];
  lookedAt: number[];
  found: string[];
  follower: Follower;
}

const intervalMs = 60_000;
const test = suite<Context>('live/sources/follower');

test.before.each(context => {
  const time = new FakeTime();
  const log = new FakeLog();
  const looks: (Look | Error)[] = [{ outcome: 'unchanged', head: 'a' }];
  const lookedAt: number[] = [];
  const found: string[] = [];
  const beganAtMs = time.nowMs;
  const follower = new Follower({
    async look() {
      lookedAt.push(time.nowMs - beganAtMs);
      const next = looks.length > 1 ? looks.shift()! : looks[0]!;
      if (next instanceof Error) throw next;
      return next;
    },
    onCandidate: ({ commit }) => found.push(commit.commit),
    intervalMs,
    log,
    clock: time.clock,
    timers: time,
    random: () => 0.5,
  });
  Object.assign(context, { time, log, looks, lookedAt, found, follower });
});

function appeared(commit: string): Look {
  const candidate: Candidate = {
    commit: { commit, author: 'Alice', subject: 'x', committedAtMs: 0 },
    directory: `/checkouts/${commit}`,
    files: [],
  };
  return { outcome: 'new', head: commit, candidate };
}

test('the branch is looked at on a timer', async ({ follower, time, looks, lookedAt, found }) => {
  looks.unshift(appeared('a'));
  follower.start();
  await time.pass(3 * intervalMs);

  assert.equal(lookedAt, [0, intervalMs, 2 * intervalMs, 3 * intervalMs]);
  assert.equal(found, ['a']);
  assert.is(follower.status().head, 'a');
  assert.is(follower.status().nextFetchAtMs, time.nowMs + intervalMs);
});

test('while the repository is away the waits grow, and that is said once', async context => {
  const { follower, time, looks, lookedAt, log } = context;
  looks.splice(0, 1, new Error('no route to host'));
  follower.start();
  await time.pass(4 * 3_600_000);

  const gaps = lookedAt.slice(1).map((atMs, index) => atMs - lookedAt[index]!);
  assert.equal(gaps.slice(0, 5), [60_000, 120_000, 240_000, 480_000, longestWaitMs]);
  assert.is(Math.max(...gaps), longestWaitMs);
  assert.is(log.lines.length, 1);
  assert.match(
    log.lines[0]!,
    /^warn The repository cannot be followed at the moment error=no route to host$/,
  );
  assert.is(follower.status().lastError, 'no route to host');
  assert.is(follower.status().lastSuccessAtMs, null);

  looks.splice(0, 1, { outcome: 'unchanged', head: 'b' });
  await time.pass(longestWaitMs);
  assert.match(log.lines[1]!, /answers again failures=\d+/);
  assert.is(follower.status().failures, 0);
  assert.is(follower.status().lastError, null);
  const looked = lookedAt.length;
  await time.pass(intervalMs);
  assert.is(lookedAt.length, looked + 1, 'and is looked at as often as before');
});

test('another failure is another word', async ({ follower, time, looks, log }) => {
  looks.splice(0, 1, new Error('a'), new Error('a'), new Error('b'), new Error('a'));
  follower.start();
  await time.pass(intervalMs * 7);

  assert.equal(
    log.lines.map(line => line.at(-1)),
    ['a', 'b', 'a'],
  );
});

test('chance keeps switches that were started together from asking together', async ({ time, log }) => {
  const waits = [0, 0.999].map(chance => {
    const follower = new Follower({
      look: async () => ({ outcome: 'unchanged', head: 'a' }),
      onCandidate() {},
      intervalMs,
      log,
      clock: time.clock,
      timers: time,
      random: () => chance,
    });
    return follower.lookNow().then(() => follower.status().nextFetchAtMs! - time.nowMs);
  });

  assert.equal(await Promise.all(waits), [54_000, 65_988]);
});

test('a poke has it looked at soon, and a hundred pokes are one', async ({ follower, time, lookedAt }) => {
  follower.start();
  await time.pass(10_000);
  for (let poke = 0; poke < 100; poke += 1) follower.poke();
  await time.pass(0);
  assert.equal(lookedAt, [0, 10_000]);

  for (let poke = 0; poke < 100; poke += 1) {
    follower.poke();
    await time.pass(10);
  }
  await time.pass(pokeGapMs);
  assert.equal(lookedAt, [0, 10_000, 10_000 + pokeGapMs]);
  assert.is(follower.counters.pokes, 200);
});

test('a poke during a look leads to another look', async ({ time, log }) => {
  let finish = (_look: Look): void => {};
  let looks = 0;
  const follower = new Follower({
    look() {
      looks += 1;
      return new Promise(resolve => {
        finish = resolve;
      });
    },
    onCandidate() {},
    intervalMs,
    log,
    clock: time.clock,
    timers: time,
    random: () => 0.5,
  });
  follower.start();
  await time.pass(0);
  follower.poke();
  await time.pass(10 * pokeGapMs);
  assert.is(looks, 1, 'two fetches at once would be in the way of one another');

  finish({ outcome: 'unchanged', head: 'a' });
  await time.pass(0);
  assert.is(looks, 2);
});

test('operators who ask at once share a look', async ({ follower, lookedAt, looks }) => {
  const first = follower.lookNow();
  await settle();
  looks.splice(0, 1, new Error('away'));
  const later = await Promise.all(Array.from({ length: 20 }, () => follower.lookNow()));

  assert.is(await first, null);
  assert.equal([...new Set(later)], ['away']);
  assert.is(lookedAt.length, 2);
});

test('a refused commit is said once, and the next good one is found', async context => {
  const { follower, time, looks, log, found } = context;
  const refused: Look = { outcome: 'refused', head: 'b', reason: 'it carries no signature' };
  looks.splice(0, 1, appeared('a'), refused, refused, refused, appeared('c'), {
    outcome: 'unchanged',
    head: 'c',
  });
  follower.start();
  await time.pass(3 * intervalMs);
  assert.equal(follower.status().refused, { commit: 'b', reason: 'it carries no signature' });
  await time.pass(2 * intervalMs);

  assert.equal(found, ['a', 'c']);
  assert.is(follower.status().refused, null);
  assert.equal(log.lines, [
    'error A commit is refused; the old configuration goes on serving commit=b reason=it carries no signature',
  ]);
  assert.is(follower.counters.refused, 1);
});

test('after it was closed nothing is looked at', async ({ follower, time, lookedAt, looks }) => {
  looks.splice(0, 1, new Error('away'));
  follower.start();
  await time.pass(0);
  await follower.close();
  follower.poke();
  await follower.lookNow();
  await time.pass(10 * intervalMs);

  assert.equal(lookedAt, [0]);
  assert.is(time.timerCount, 0);
});

test.run();
