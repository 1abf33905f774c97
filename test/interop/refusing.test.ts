import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertBooksBalance } from './support/money.ts';
import { freeEndpoint } from './support/ports.ts';
import { RawCaller } from './support/raw-peers.ts';
import { interop } from './support/world.ts';

const test = suite('interop/refusing');

test(
  'a caller from an unknown address is refused with 403, recorded and not billed',
  interop(async world => {
    await world.start();
    const vendor = await world.datagrams(world.network.vendors.alpha);
    const stranger = await world.caller('uac-is-refused', { as: 'stranger', values: { STATUS: '403' } });
    await stranger.succeeded();

    const cdrs = await world.switch.cdrs(1);
    assert.is(cdrs[0]!.endReason, 'IllegalCall');
    assert.is(cdrs[0]!.mappingGateway, null);
    assert.is(cdrs[0]!.customerAccount, null);
    assert.match(cdrs[0]!.sourceAddress, /^127\.0\.8\.99:/);
    assert.equal(cdrs[0]!.attempts, []);
    assert.equal(vendor.received, []);
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'a caller from an unknown address hears nothing at all while SS_REPLY_UNAUTHORIZED is off',
  interop(async world => {
    await world.start({ parameters: { SS_REPLY_UNAUTHORIZED: false } });
    const stranger = await world.datagrams(await freeEndpoint(world.network.callers.stranger));
    const caller = new RawCaller(stranger, world.network.sip, 'silence');
    await caller.send(caller.invite());
    const [cdr] = await world.switch.cdrs(1);
    // What a caller does who hears nothing.
    await caller.send(caller.invite());
    await caller.send(caller.invite());
    await world.switch.status();

    assert.is(cdr!.endReason, 'IllegalCall');
    assert.equal(stranger.received, []);
    await world.switch.cdrs(1);
  }),
);

test(
  'a prepaid customer is refused without money, and connected after a payment',
  interop(async world => {
    await world.start({ customerAccount: { overdraftLimit: '0' } });
    const poor = await world.caller('uac-is-refused', { values: { STATUS: '503' } });
    await poor.succeeded();
    const [refused] = await world.switch.cdrs(1);
    assert.is(refused!.endReason, 'AccountBalanceNotEnough');

    await world.switch.json('account', 'pay', 'blue', '10', '--note', 'invoice 1');
    const vendor = await world.vendor('alpha', 'uas-answers');
    const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
    await caller.succeeded();
    await vendor.succeeded();

    const [, answered] = await world.switch.cdrs(2);
    assert.is(answered!.status, 200);
    assert.is(await world.switch.balance('blue'), 1_000_000_000n - 2_340_000n);
  }),
);

test(
  'a call beyond the call rate of the mapping gateway is refused with 503, and the one within it is not',
  interop(async world => {
    await world.start({ mappingGateway: { callRate: { calls: 1, perSeconds: 3600 } } });
    const vendor = await world.vendor('alpha', 'uas-answers');
    const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 100 });
    await caller.succeeded();
    await vendor.succeeded();
    const second = await world.caller('uac-is-refused', { values: { STATUS: '503' } });
    await second.succeeded();

    const cdrs = await world.switch.cdrs(2);
    assert.equal(cdrs.map(({ endReason }) => endReason).sort(), ['CallRateLimit', 'CallerHangup']);
    const refused = cdrs.find(({ endReason }) => endReason === 'CallRateLimit')!;
    assert.equal(refused.attempts, []);
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'a number that no vendor carries is refused with 503',
  interop(async world => {
    await world.start();
    const caller = await world.caller('uac-is-refused', { callee: '4915112345', values: { STATUS: '503' } });
    await caller.succeeded();

    const [cdr] = await world.switch.cdrs(1);
    assert.ok(['NoAvailableRouter', 'NoSuchRate'].includes(cdr!.endReason), cdr!.endReason);
  }),
);

test(
  'a request to something that is no number is refused and recorded',
  interop(async world => {
    await world.start();
    const caller = await world.caller('uac-is-refused', { callee: 'alice', values: { STATUS: '484' } });
    await caller.succeeded();

    const [cdr] = await world.switch.cdrs(1);
    assert.is(cdr!.endReason, 'InvalidNumber');
  }),
);

test(
  'the line limit of a customer lets one call through and refuses the next',
  interop(async world => {
    await world.start({ mappingGateway: { lines: 1 } });
    const vendor = await world.vendor('alpha', 'uas-answers');
    const first = await world.caller('uac-calls-and-hangs-up-when-told', { callIdPrefix: 'first' });
    await world.switch.hasOpenCalls(1);
    const second = await world.caller('uac-is-refused', { values: { STATUS: '503' } });
    await second.succeeded();
    await world.tell(first, 'first-1');
    await first.succeeded();
    await vendor.succeeded();

    const cdrs = await world.switch.cdrs(2);
    assert.equal(cdrs.map(({ endReason }) => endReason).sort(), ['CallerHangup', 'LineLimit']);
    await assertBooksBalance(world, cdrs);
  }),
);

test.run();
