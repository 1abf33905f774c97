import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertBooksBalance } from './support/money.ts';
import { interop } from './support/world.ts';

const test = suite('interop/many-calls');

test(
  '500 calls at once each have a record, and the ledger is the sum of the records',
  interop(async world => {
    const calls = 500;
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers', { calls, timeoutSeconds: 90 });
    const caller = await world.caller('uac-calls-and-hangs-up', {
      calls,
      rate: 100,
      pauseMs: 12_000,
      timeoutSeconds: 90,
    });
    await world.switch.hasOpenCalls(calls);
    await caller.succeeded();
    await vendor.succeeded();

    const cdrs = await world.switch.cdrs(calls);
    assert.is(new Set(cdrs.map(({ callId }) => callId)).size, calls);
    assert.is(new Set(cdrs.map(({ sipCallId }) => sipCallId)).size, calls);
    assert.equal([...new Set(cdrs.map(({ endReason }) => endReason))], ['CallerHangup']);
    await assertBooksBalance(world, cdrs);
    assert.equal(await world.switch.openCalls(), []);
  }),
);

test.run();
