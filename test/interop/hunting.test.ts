import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CdrReport } from '../../src/live/operations.ts';
import { assertBooksBalance } from './support/money.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/hunting');

const tried = (cdr: CdrReport) => cdr.attempts.map(({ gateway, status }) => `${gateway} ${status}`);

/** The caller is answered by beta, after whatever alpha did. */
async function answeredByBeta(world: World): Promise<CdrReport> {
  const beta = await world.vendor('beta', 'uas-answers');
  const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
  await caller.succeeded();
  await beta.succeeded();
  const cdrs = await world.switch.cdrs(1);
  await assertBooksBalance(world, cdrs);
  return cdrs[0]!;
}

/** The caller is refused with this status. */
async function refused(world: World, status: number): Promise<CdrReport> {
  const caller = await world.caller('uac-is-refused', { values: { STATUS: String(status) } });
  await caller.succeeded();
  const cdrs = await world.switch.cdrs(1);
  await assertBooksBalance(world, cdrs);
  return cdrs[0]!;
}

const rejecting = (status: string) => ({ values: { STATUS: status } });

test(
  'the next vendor answers when the first one says 503',
  interop(async world => {
    await world.start();
    const alpha = await world.vendor('alpha', 'uas-rejects', rejecting('503 Service Unavailable'));
    const cdr = await answeredByBeta(world);
    await alpha.succeeded();

    assert.equal(tried(cdr), ['alpha 503', 'beta 200']);
    assert.is(cdr.attempts[0]!.reason, 'Service Unavailable');
    assert.is(cdr.routingGateway, 'beta');
  }),
);

test(
  'a code that the mapping gateway has replaced ends the hunt, and the caller hears it with its own words',
  interop(async world => {
    await world.start({ mappingGateway: { replaceFailedReason: [{ from: 503, to: 486 }] } });
    const alpha = await world.vendor('alpha', 'uas-rejects', rejecting('503 Service Unavailable'));
    const cdr = await refused(world, 486);
    await alpha.succeeded();

    assert.equal(tried(cdr), ['alpha 486']);
    assert.is(cdr.attempts[0]!.receivedStatus, 503);
    assert.is(cdr.endReason, 'CalleeBusy');
  }),
);

test(
  'the next vendor answers when the first one stays silent for SS_SIP_TIMEOUT_INVITE',
  interop(async world => {
    await world.start({
      parameters: { SS_SIP_TIMEOUT_INVITE: 1, SS_SIP_RESEND_INTERVAL: [0.2, 0.4, 60] },
    });
    const silent = await world.datagrams(world.network.vendors.alpha);
    const cdr = await answeredByBeta(world);

    assert.equal(tried(cdr), ['alpha 408', 'beta 200']);
    assert.is(cdr.attempts[0]!.outcome, 'timeout');
    assert.ok(cdr.attempts[0]!.delayMs >= 1000);
    // At 0, 200 and 600 ms; the next one would be due long after the test.
    assert.is(silent.heard('INVITE ').length, 3);
    assert.is(new Set(silent.heard('INVITE ')).size, 1, 'retransmissions differ');
  }),
);

test(
  'the next vendor answers at once when nobody listens at the address of the first one',
  interop(async world => {
    await world.start();
    const cdr = await answeredByBeta(world);

    assert.equal(tried(cdr), ['alpha 503', 'beta 200']);
    assert.ok(cdr.attempts[0]!.delayMs < 10_000, `${cdr.attempts[0]!.delayMs} ms`);
  }),
);

test(
  'a busy callee is not tried elsewhere',
  interop(async world => {
    await world.start();
    const alpha = await world.vendor('alpha', 'uas-rejects', rejecting('486 Busy Here'));
    const cdr = await refused(world, 486);
    await alpha.succeeded();

    assert.equal(tried(cdr), ['alpha 486']);
    assert.is(cdr.endReason, 'CalleeBusy');
    assert.is(cdr.customerCharge, null);
  }),
);

test(
  'a busy callee is tried elsewhere when SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY is off',
  interop(async world => {
    await world.start({ parameters: { SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY: false } });
    const alpha = await world.vendor('alpha', 'uas-rejects', rejecting('486 Busy Here'));
    const cdr = await answeredByBeta(world);
    await alpha.succeeded();

    assert.equal(tried(cdr), ['alpha 486', 'beta 200']);
  }),
);

test(
  'a failure after early media is not tried elsewhere',
  interop(async world => {
    await world.start();
    const alpha = await world.vendor('alpha', 'uas-progresses-then-rejects', rejecting('503 Gone'));
    const cdr = await refused(world, 503);
    await alpha.succeeded();

    assert.equal(tried(cdr), ['alpha 503']);
  }),
);

test(
  'the protect route answers after every normal vendor failed',
  interop(async world => {
    await world.start();
    const alpha = await world.vendor('alpha', 'uas-rejects', rejecting('500 Server Internal Error'));
    const beta = await world.vendor('beta', 'uas-rejects', rejecting('404 Not Found'));
    const gamma = await world.vendor('gamma', 'uas-answers');
    const caller = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
    for (const peer of [alpha, beta, caller, gamma]) await peer.succeeded();

    const cdrs = await world.switch.cdrs(1);
    assert.equal(tried(cdrs[0]!), ['alpha 500', 'beta 404', 'gamma 200']);
    await assertBooksBalance(world, cdrs);
  }),
);

test(
  'the caller hears the last failure when every vendor failed',
  interop(async world => {
    await world.start();
    const peers = [
      await world.vendor('alpha', 'uas-rejects', rejecting('503 Service Unavailable')),
      await world.vendor('beta', 'uas-rejects', rejecting('404 Not Found')),
      await world.vendor('gamma', 'uas-rejects', rejecting('480 Temporarily Unavailable')),
    ];
    const cdr = await refused(world, 480);
    for (const peer of peers) await peer.succeeded();

    assert.equal(tried(cdr), ['alpha 503', 'beta 404', 'gamma 480']);
  }),
);

test.run();
