import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertBooksBalance } from './support/money.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/cancelling');

async function cancelledCall(world: World, callerScenario: string, vendorScenario: string) {
  const vendor = await world.vendor('alpha', vendorScenario);
  const caller = await world.caller(callerScenario, { pauseMs: 400 });
  await caller.succeeded();
  await vendor.succeeded();
  const cdrs = await world.switch.cdrs(1);
  await assertBooksBalance(world, cdrs);
  const [cdr] = cdrs;
  assert.is(cdr!.endReason, 'CallerCancel');
  assert.is(cdr!.endedBy, 'caller');
  assert.is(cdr!.status, 487);
  assert.is(cdr!.answeredAt, null);
  assert.is(cdr!.customerCharge, null);
  assert.equal(
    cdr!.attempts.map(({ gateway, outcome }) => [gateway, outcome]),
    [['alpha', 'released']],
  );
  return { vendor, caller };
}

test(
  'a call is cancelled before the vendor rings',
  interop(async world => {
    await world.start();
    await cancelledCall(world, 'uac-cancels-before-ringing', 'uas-tries-without-end');
  }),
);

test(
  'a call is cancelled after the vendor rings',
  interop(async world => {
    await world.start();
    await cancelledCall(world, 'uac-cancels-after-ringing', 'uas-rings-without-end');
  }),
);

test(
  'a CANCEL waits for the first response of the vendor',
  interop(async world => {
    await world.start();
    const { vendor } = await cancelledCall(world, 'uac-cancels-before-ringing', 'uas-rings-late');

    assert.is(
      vendor.heard('INVITE ').length,
      2,
      'the INVITE is repeated after 500 ms while nothing is heard',
    );
  }),
);

test(
  'a 200 that crosses the CANCEL is acknowledged and hung up, and costs nothing',
  interop(async world => {
    await world.start();
    const { vendor } = await cancelledCall(world, 'uac-cancels-after-ringing', 'uas-answers-when-cancelled');

    assert.equal(
      vendor.received().map(message => message.split(' ')[0]),
      ['INVITE', 'CANCEL', 'ACK', 'BYE'],
    );
  }),
);

test.run();
