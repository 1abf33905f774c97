import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertBooksBalance } from './support/money.ts';
import { until } from './support/until.ts';
import { interop } from './support/world.ts';

const test = suite('interop/ending');

test(
  'SIGTERM refuses new calls, lets the call that is up end by itself, and then the switch ends with 0',
  interop(async world => {
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers');
    const caller = await world.caller('uac-calls-and-hangs-up-when-told', { callIdPrefix: 'last' });
    await world.switch.hasOpenCalls(1);
    const stopped = world.switch.stop();
    await until('the switch says that it drains', () => /drain/i.test(world.switch.log) || undefined);

    const late = await world.caller('uac-is-refused', { values: { STATUS: '503' } });
    await late.succeeded();
    assert.ok(world.switch.running);
    await world.tell(caller, 'last-1');
    await caller.succeeded();
    await vendor.succeeded();

    assert.is(await stopped, 0);
    await world.switch.start();
    const cdrs = await world.switch.cdrs(2);
    assert.equal(cdrs.map(({ endReason }) => endReason).sort(), ['CallerHangup', 'Shutdown']);
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'a second SIGTERM hangs up both sides of the calls that are up, and their records are written',
  interop(async world => {
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers', { calls: 5 });
    const caller = await world.caller('uac-calls-and-is-hung-up', { calls: 5 });
    await world.switch.hasOpenCalls(5);
    const stopped = world.switch.stop();
    await until('the switch says that it drains', () => /drain/i.test(world.switch.log) || undefined);
    world.switch.terminate();
    await caller.succeeded();
    await vendor.succeeded();

    assert.is(await stopped, 0);
    await world.switch.start();
    const cdrs = await world.switch.cdrs(5);
    assert.equal([...new Set(cdrs.map(({ endReason }) => endReason))], ['Shutdown']);
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'after kill -9 during 50 calls they are closed as Interrupted, none is lost and none is billed twice',
  interop(async world => {
    const calls = 50;
    await world.start();
    await world.vendor('alpha', 'uas-answers', { calls });
    await world.caller('uac-calls-and-hangs-up-when-told', { calls, rate: 50 });
    await world.switch.hasOpenCalls(calls);
    await until('each call is two seconds old', async () => {
      return (await world.switch.openCalls()).every(({ seconds }) => seconds >= 2) || undefined;
    });
    await world.switch.kill();
    await world.switch.start();

    const cdrs = await world.switch.cdrs(calls);
    assert.is(new Set(cdrs.map(({ sipCallId }) => sipCallId)).size, calls);
    assert.equal([...new Set(cdrs.map(({ endReason }) => endReason))], ['Interrupted']);
    assert.ok(
      cdrs.every(({ talkSeconds }) => talkSeconds >= 1),
      'the time until the last heartbeat is charged',
    );
    await assertBooksBalance(world, cdrs);
    await world.switch.stop();
    await world.switch.start();
    await assertBooksBalance(world, await world.switch.cdrs(calls));
  }),
);

test.run();
