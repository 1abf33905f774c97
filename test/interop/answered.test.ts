import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skipBecause } from '../support/skip-because.ts';
import { assertBooksBalance } from './support/money.ts';
import { canBindUdp } from './support/ports.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/answered');

/** A plain answered call with these two peers, its record and its books. */
async function answeredCall(world: World, callerScenario: string, vendorScenario: string) {
  const vendor = await world.vendor('alpha', vendorScenario, { pauseMs: 1200 });
  const caller = await world.caller(callerScenario, { pauseMs: 1200 });
  await caller.succeeded();
  await vendor.succeeded();
  const cdrs = await world.switch.cdrs(1);
  await assertBooksBalance(world, cdrs);
  return { vendor, caller, cdr: cdrs[0]! };
}

test(
  'a call is answered and hung up by the caller',
  interop(async world => {
    await world.start();
    const { cdr } = await answeredCall(world, 'uac-calls-and-hangs-up', 'uas-answers');

    assert.is(cdr.endedBy, 'caller');
    assert.is(cdr.endReason, 'CallerHangup');
    assert.is(cdr.status, 200);
    assert.is(cdr.mappingGateway, 'blue-pbx');
    assert.is(cdr.routingGateway, 'alpha');
    assert.is(cdr.caller, '33142685300');
    assert.is(cdr.callee, '442079460000');
    assert.is(cdr.talkSeconds, 2);
    assert.is(cdr.snapshotHash, (await world.switch.status()).snapshot.hash);
    assert.equal(
      cdr.attempts.map(({ gateway, status, outcome }) => [gateway, status, outcome]),
      [['alpha', 200, 'answered']],
    );
  }),
);

test(
  'a call is answered and hung up by the callee',
  interop(async world => {
    await world.start();
    const { cdr } = await answeredCall(world, 'uac-calls-and-is-hung-up', 'uas-answers-then-hangs-up');

    assert.is(cdr.endedBy, 'callee');
    assert.is(cdr.endReason, 'CalleeHangup');
  }),
);

test(
  'nothing of the caller reaches the vendor but the numbers and the media, and nothing of the vendor the caller',
  interop(async world => {
    await world.start();
    const { vendor, caller } = await answeredCall(world, 'uac-calls-and-hangs-up', 'uas-answers');
    const headersOf = (messages: readonly string[]) =>
      messages.map(message => message.split('\r\n\r\n')[0]).join('\n');

    assert.not.match(headersOf(vendor.received()), /127\.0\.8\.21|caller-equipment/);
    assert.not.match(headersOf(caller.received()), /127\.0\.8\.11/);
    assert.match(vendor.heard('INVITE ')[0]!, /o=caller 1 1 IN IP4 127\.0\.8\.21/);
    assert.match(caller.heard('SIP/2.0 200')[0]!, /o=callee 1 1 IN IP4 127\.0\.8\.11/);
  }),
);

test(
  'early media reaches the caller with the SDP of the callee before the answer',
  interop(async world => {
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-plays-early-media', { pauseMs: 3000 });
    const caller = await world.caller('uac-hears-early-media', { values: { CALLEE: '127.0.8.11' } });
    await caller.succeeded();
    await vendor.succeeded();

    const [cdr] = await world.switch.cdrs(1);
    assert.is(cdr!.status, 200);
    // Counted to the early media, not to the answer three seconds later.
    assert.ok(cdr!.postDialDelayMs !== null && cdr!.postDialDelayMs < 2900, `${cdr!.postDialDelayMs} ms`);
  }),
);

test(
  'a late offer travels in the 200 and its answer in the ACK',
  interop(async world => {
    await world.start();
    const { cdr } = await answeredCall(world, 'uac-offers-late', 'uas-offers');

    assert.is(cdr.status, 200);
  }),
);

test(
  'a reliable 183 is acknowledged with PRACK on both sides',
  interop(async world => {
    await world.start();
    const { cdr } = await answeredCall(
      world,
      'uac-acknowledges-reliable-progress',
      'uas-progresses-reliably',
    );

    assert.is(cdr.status, 200);
  }),
);

test(
  'SDP that the vendor sent reliably, and does not repeat, stands in the answer of a caller who did not ask for that',
  interop(async world => {
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-progresses-reliably');
    const caller = await world.caller('uac-hears-early-media', { values: { CALLEE: '127.0.8.11' } });
    await caller.succeeded();
    await vendor.succeeded();

    await world.switch.cdrs(1);
  }),
);

test(
  'a caller on TCP is connected to a vendor on UDP',
  interop(async world => {
    await world.start();
    const vendor = await world.vendor('alpha', 'uas-answers');
    const caller = await world.caller('uac-calls-and-hangs-up', { transport: 'tcp', pauseMs: 1200 });
    await caller.succeeded();
    await vendor.succeeded();

    const cdrs = await world.switch.cdrs(1);
    assert.match(cdrs[0]!.sourceAddress, /^127\.0\.8\.21:\d+;tcp$/);
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'a caller on UDP is connected to a vendor on TCP',
  interop(async world => {
    await world.start({ vendors: { alpha: { transport: 'tcp' } } });
    const vendor = await world.vendor('alpha', 'uas-answers', { transport: 'tcp' });
    const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
    await caller.succeeded();
    await vendor.succeeded();

    await assertBooksBalance(world, await world.switch.cdrs(1));
  }),
);

const ipv6Test = 'a call goes through over IPv6';
if (await canBindUdp('::1', 0)) {
  test(
    ipv6Test,
    interop(async world => {
      await world.start({ ipv6: true });
      const { cdr } = await answeredCall(world, 'uac-calls-and-hangs-up', 'uas-answers');

      assert.is(cdr.endReason, 'CallerHangup');
      assert.match(cdr.sourceAddress, /^\[::1\]:\d+;udp$/);
    }),
  );
} else {
  skipBecause(test, ipv6Test, 'this machine has no IPv6 loopback address');
}

test.run();
