import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CdrReport } from '../../src/live/operations.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { assertBooksBalance } from './support/money.ts';
import type { Sipp } from './support/sipp.ts';
import { until } from './support/until.ts';
import { interop } from './support/world.ts';

const test = suite('interop/killed');

/** Call-IDs of the INVITEs that were answered with 200, by what the caller itself received. */
function answeredIn(caller: Sipp): readonly string[] {
  return caller
    .heard('SIP/2.0 200')
    .filter(message => /^CSeq: *\d+ INVITE/m.test(message))
    .map(message => /^Call-ID: *(\S+)/m.exec(message)![1]!);
}

test(
  'killed again and again while calls come and go, every call that a caller saw answered is recorded and billed once',
  interop(async world => {
    const calls = 300;
    await world.start();
    await world.vendor('alpha', 'uas-answers', { calls: 10_000, timeoutSeconds: 300 });
    const answered: string[] = [];
    for (const round of [1, 2, 3, 4, 5]) {
      // Anywhere from the first answers, when no call has ended, to a time of answers and hang-ups together.
      const killAfter = 1 + Math.floor(Math.random() * 0.8 * calls);
      const caller = await world.caller('uac-calls-and-hangs-up', {
        calls,
        rate: 150,
        pauseMs: 500,
        callIdPrefix: `round-${round}`,
      });
      await until(
        `${killAfter} calls are answered`,
        () => answeredIn(caller).length >= killAfter || undefined,
      );
      await world.switch.kill();
      await caller.kill();
      answered.push(...answeredIn(caller));
      await world.switch.start();
    }

    const cdrs = (await world.switch.json('cdr', 'list', '--limit', '10000')) as readonly CdrReport[];
    const byCallId = new Map(cdrs.map(cdr => [cdr.sipCallId, cdr]));
    assert.is(byCallId.size, cdrs.length, 'no call has two records');
    assert.equal(
      answered.filter(callId => (byCallId.get(callId)?.answeredAt ?? null) === null),
      [],
      'every answered call has a record that says so',
    );
    await assertBooksBalance(world, cdrs);
    await world.switch.stop();
    const store = await SqliteStore.open({ path: join(world.network.directory, 'var', 'class4.db') });
    assert.equal((await store.interruptedCalls()).calls, []);
    assert.equal(await store.wrongBalances(), []);
    await store.close();
  }),
);

test.run();
