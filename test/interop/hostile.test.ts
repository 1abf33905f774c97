import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Datagrams } from './support/datagrams.ts';
import { assertBooksBalance } from './support/money.ts';
import { type Endpoint, freeEndpoint } from './support/ports.ts';
import { RawCaller } from './support/raw-peers.ts';
import { until } from './support/until.ts';
import { interop } from './support/world.ts';

const test = suite('interop/hostile');

/** Small, fast and repeatable (a linear congruential generator): which bytes to break. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function garbage(template: Buffer, pick: (below: number) => number): Buffer {
  const kind = pick(6);
  if (kind === 0) return Buffer.from(Array.from({ length: pick(1400) }, () => pick(256)));
  if (kind === 1) return template.subarray(0, pick(template.length));
  if (kind === 2) return Buffer.alloc(60_000, template);
  if (kind === 3)
    return Buffer.from(template.toString('latin1').replace(/Content-Length: \d+/, `l: ${pick(99_999)}`));
  const broken = Buffer.from(template);
  for (let count = 1 + pick(20); count > 0; count -= 1) broken[pick(broken.length)] = pick(256);
  return broken;
}

/**
 * How many go out before the switch has to have read them: the story is about what is in the datagrams. A receive
 * buffer that overflows loses the calls' own messages too, which is no fault of whoever reads it.
 */
const datagramsAtOnce = 10;

/** A customer asks whether the switch is there; its answer also tells that everything sent before was read. */
async function answersOptions(customer: Datagrams, to: Endpoint, sent: number): Promise<void> {
  const { address, port } = customer.local;
  const options = [
    `OPTIONS sip:${to.address} SIP/2.0`,
    `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bKping${sent}`,
    `From: <sip:ping@${address}>;tag=ping`,
    `To: <sip:${to.address}>`,
    `Call-ID: ping-${sent}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
  await until(`the switch answers OPTIONS ping-${sent}`, async () => {
    await customer.send(options, to);
    return customer.received.some(text => text.includes(`ping-${sent}\r`)) ? true : undefined;
  });
}

test(
  'five thousand broken datagrams during calls do no damage',
  interop(async world => {
    await world.start();
    const calls = 20;
    const vendor = await world.vendor('alpha', 'uas-answers', { calls: calls + 1 });
    const caller = await world.caller('uac-calls-and-hangs-up', { calls, rate: 10, pauseMs: 3000 });
    const attacker = await world.datagrams(await freeEndpoint(world.network.callers.stranger));
    const customer = await world.datagrams(await freeEndpoint(world.network.callers.blue));
    const pick = numbers(20_260_131);
    const invite = Buffer.from(new RawCaller(attacker, world.network.sip, 'garbage').invite());
    for (let sent = 0; sent < 5000; sent += 1) {
      await attacker.send(garbage(invite, pick), world.network.sip);
      if (sent % datagramsAtOnce === 0) await answersOptions(customer, world.network.sip, sent);
    }
    await caller.succeeded();

    // What survived the breaking is an INVITE of a stranger, which is refused; blue's calls are all there.
    const last = await world.caller('uac-calls-and-hangs-up', { pauseMs: 1200 });
    await last.succeeded();
    await vendor.succeeded();
    const all = (await world.switch.json('cdr', 'list', '--limit', '10000')) as readonly {
      customerAccount: string | null;
    }[];
    assert.is(all.filter(({ customerAccount }) => customerAccount === 'blue').length, calls + 1);
    assert.equal(
      [...new Set(all.map(({ customerAccount }) => customerAccount))].sort(),
      ['blue', null].sort(),
    );
    await assertBooksBalance(world, await world.switch.cdrs(all.length));
  }),
);

test.run();
