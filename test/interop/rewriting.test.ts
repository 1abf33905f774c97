import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { edit } from './support/network.ts';
import { interop, type World } from './support/world.ts';

const test = suite('interop/rewriting');

const dialled = '0207946%30%30%30%30';
const forwarded = { MORE: '\n        Diversion: "Desk, 4" <sip:0030-123@127.0.8.21>;reason=unconditional' };

/** What the vendor is sent: the Request-URI and the headers that name numbers. */
async function sentTo(world: World): Promise<readonly string[]> {
  const vendor = await world.vendor('alpha', 'uas-answers');
  const caller = await world.caller('uac-calls-and-hangs-up', {
    caller: '0142685300',
    callee: dialled,
    values: forwarded,
  });
  await caller.succeeded();
  await vendor.succeeded();
  const lines = vendor.heard('INVITE ')[0]!.split('\r\n');
  return lines
    .filter(line => /^(INVITE|From|To|Contact|Diversion)\b/.test(line))
    .map(line => line.replace(/;tag=.*/, ''));
}

test(
  'a vendor receives the numbers as the dial plans of both gateways make them, and the record has each view',
  interop(async world => {
    await world.start({
      mappingGateway: {
        dialPlans: { caller: ['0:33'], callee: ['0:44'], forwarding: ['00:'] },
      },
      vendors: {
        alpha: { dialPlans: { caller: ['33:+33'], callee: ['44:9#*'], forwarding: ['30:+30'] } },
      },
    });
    const sent = await sentTo(world);
    const { address, port } = world.network.vendors.alpha;
    const own = `${world.network.sip.address}:${world.network.sip.port}`;

    assert.equal(sent.toSorted(), [
      `Contact: <sip:+33142685300@${own}>`,
      `Diversion: <sip:+30123@${address}>`,
      `From: <sip:+33142685300@${own}>`,
      `INVITE sip:9%23442079460000@${address}:${port} SIP/2.0`,
      `To: <sip:9%23442079460000@${address}>`,
    ]);
    const [cdr] = await world.switch.cdrs(1);
    assert.equal([cdr!.caller, cdr!.callee, cdr!.forwarding], ['0142685300', '02079460000', '0030123']);
    assert.equal([cdr!.billingCaller, cdr!.billingCallee], ['33142685300', '442079460000']);
    assert.equal([cdr!.sentCaller, cdr!.sentCallee], ['+33142685300', '9#442079460000']);
    assert.is(cdr!.attempts[0]!.forwarding, '+30123');

    const shown = await world.switch.command('cdr', 'show', cdr!.callId);
    assert.match(shown.stdout, /^rated as +442079460000 from 33142685300$/m);
    assert.match(shown.stdout, /^sent as +9#442079460000 from \+33142685300$/m);
    assert.match(shown.stdout, /^forwarded by +0030123$/m);
    const list = await world.switch.command('cdr', 'list', '--number', '9#44');
    assert.match(list.stdout, /02079460000 > 9#442079460000/);
  }),
);

test(
  'without dial plans the vendor receives the numbers as they came, unescaped and escaped again',
  interop(async world => {
    await world.prepare({ vendors: { alpha: { prefixes: ['0'] } } });
    edit(world.network, 'rates/blue.yaml', { rows: [{ prefix: '0', rate: '0.01' }] });
    await world.switch.start();
    const sent = await sentTo(world);
    const { address, port } = world.network.vendors.alpha;

    assert.ok(sent.includes(`INVITE sip:02079460000@${address}:${port} SIP/2.0`), sent.join('\n'));
    assert.ok(sent.includes(`Diversion: <sip:0030123@${address}>`), sent.join('\n'));
  }),
);

test(
  'a number that cannot be one is refused with 484',
  interop(async world => {
    await world.start({ mappingGateway: { dialPlans: { callee: ['0207:'] } } });
    const caller = await world.caller('uac-is-refused', { callee: '0207', values: { STATUS: '484' } });
    await caller.succeeded();

    const [cdr] = await world.switch.cdrs(1);
    assert.is(cdr!.endReason, 'InvalidNumber');
    assert.is(cdr!.callee, '0207');
  }),
);

test.run();
