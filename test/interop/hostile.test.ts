import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertBooksBalance } from './support/money.ts';
import { freeEndpoint } from './support/ports.ts';
import { RawCaller } from './support/raw-peers.ts';
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

test(
  'five thousand broken datagrams during calls do no damage',
  interop(async world => {
    await world.start();
    const calls = 20;
    const vendor = await world.vendor('alpha', 'uas-answers', { calls: calls + 1 });
    const caller = await world.caller('uac-calls-and-hangs-up', { calls, rate: 10, pauseMs: 3000 });
    const attacker = await world.datagrams(await freeEndpoint(world.network.callers.stranger));
    const pick = numbers(20_260_131);
    const raw = new RawCaller(attacker, world.network.sip, 'garbage');
    const invite = Buffer.from(raw.invite());
    for (let sent = 0; sent < 5000; sent += 1) await attacker.send(garbage(invite, pick), world.network.sip);
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
