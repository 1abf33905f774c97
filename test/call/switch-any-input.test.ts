/** Whatever comes, in whatever order: nothing throws, nothing leaks, no money is made or lost. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Money, money } from '../../src/rating/money.ts';
import { type NetworkDescription, network } from './networks.ts';
import { amount, World } from './world.ts';

const test = suite('call/switch-any-input');

const twoRate = { calls: 2, perSeconds: 20 };
const aliceLimits = { lines: 3, callRate: { calls: 8, perSeconds: 10 } };

const networks: readonly NetworkDescription[] = [
  {
    gateways: [
      { name: 'one', lines: 2 },
      { name: 'two', lines: 1, callRate: twoRate, hunting: { untilConnect: true } },
      { name: 'safe', protectRoute: true, maxCallDurationSeconds: 90 },
    ],
    mapping: {
      lines: 3,
      callProceedingTimeoutMs: 25_000,
      replaceFailedReason: { codes: [{ from: 486, to: 503 }], other: null },
    },
    parameters: { protectRouteDelayMs: 5_000, creditHoldStepSeconds: 20 },
    customer: { overdraftLimit: '0', ...aliceLimits },
    vendor: { overdraftLimit: '0.2' },
  },
  {
    hash: 'other',
    gateways: [{ name: 'two', lines: 1, callRate: twoRate }, { name: 'three' }],
    parameters: { gatewaySwitchLimit: 1, noTimerCapSeconds: 60 },
    retail: [{ prefix: '44', rate: '0.30', increments: '30/6', connectFee: '0.01' }],
    customer: { overdraftLimit: '0', ...aliceLimits },
    vendor: { overdraftLimit: '0.2' },
  },
];

type Step = (world: World) => void;

/** One of four callers. */
const line = fc.constantFrom('a', 'b', 'c', 'd');
/** Most messages are about the leg and call that are really out, or the histories would hardly get anywhere. */
const leg = fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(3) });
const late = fc.integer({ min: 0, max: 6 }).map(n => n === 0);

/** Calls so far by world and caller: the driver never uses a name twice. */
const begun = new WeakMap<World, Map<string, number>>();

function begin(world: World, of: string): string {
  const counts = begun.get(world) ?? new Map<string, number>();
  begun.set(world, counts);
  counts.set(of, (counts.get(of) ?? 0) + 1);
  return nameOf(world, of, false);
}

/** The caller's latest call, or the one before. */
function nameOf(world: World, of: string, isLate: boolean): string {
  const count = begun.get(world)?.get(of) ?? 0;
  return `${of}${isLate ? count - 1 : count}`;
}

function target(world: World, of: string, given: number | null, isLate: boolean) {
  const callId = nameOf(world, of, isLate);
  const tried = world.core.calls().find(call => call.callId === callId)?.attempts.length ?? 1;
  return { callId, leg: given ?? tried - 1 };
}

const invites = fc.tuple(line, fc.boolean()).map(
  ([of, timerCapable]): Step =>
    world =>
      world.invite({ callId: begin(world, of), timerCapable }),
);

const provisionals = fc.tuple(line, leg, late, fc.constantFrom(100, 180, 181, 183, 199), fc.boolean()).map(
  ([of, given, isLate, status, hasSdp]): Step =>
    world => {
      const to = target(world, of, given, isLate);
      if (status === 100) world.trying(to.leg, to.callId);
      else world.give({ type: 'legProvisional', ...to, status, reason: '', hasSdp });
    },
);

const answers = fc.tuple(line, leg, late).map(
  ([of, given, isLate]): Step =>
    world => {
      world.give({ type: 'legAnswered', ...target(world, of, given, isLate) });
    },
);

const failures = fc
  .record({
    of: line,
    given: leg,
    isLate: late,
    status: fc.constantFrom(302, 404, 408, 480, 486, 500, 503, 603),
    origin: fc.constantFrom('gateway', 'gateway', 'gateway', 'timeout', 'unreachable'),
    retryAfterSeconds: fc.option(fc.nat(600)),
  })
  .map(
    ({ of, given, isLate, status, origin, retryAfterSeconds }): Step =>
      world => {
        const to = target(world, of, given, isLate);
        world.failed(status, to.leg, { callId: to.callId, origin, retryAfterSeconds });
      },
  );

const cancels = fc.tuple(line, late).map(
  ([of, isLate]): Step =>
    world =>
      world.cancel(nameOf(world, of, isLate)),
);

const hangups = fc.tuple(line, late, fc.constantFrom('caller', 'callee')).map(
  ([of, isLate, by]): Step =>
    world =>
      world.hangup(by, nameOf(world, of, isLate)),
);

const releases = line.map(
  (of): Step =>
    world => {
      world.give({ type: 'forcedRelease', callId: nameOf(world, of, false) });
    },
);

const losses = fc.constant<Step>(world => world.give({ type: 'sipServerLost' }));

const reloads = fc.constantFrom(...networks).map(
  (description): Step =>
    world =>
      world.give({ type: 'snapshot', snapshot: network(description) }),
);

const waits = fc.nat(60_000).map(
  (ms): Step =>
    world =>
      world.pass(ms),
);

/** Time passes without any tick. */
const stalls = fc.nat(200_000).map(
  (ms): Step =>
    world => {
      world.nowMs += ms;
    },
);

const step = fc.oneof(
  { weight: 6, arbitrary: invites },
  { weight: 3, arbitrary: provisionals },
  { weight: 6, arbitrary: answers },
  { weight: 4, arbitrary: failures },
  { weight: 1, arbitrary: cancels },
  { weight: 1, arbitrary: hangups },
  { weight: 1, arbitrary: releases },
  { weight: 1, arbitrary: losses },
  { weight: 1, arbitrary: reloads },
  { weight: 6, arbitrary: waits },
  { weight: 1, arbitrary: stalls },
);

function assertInvariants(world: World, opening: ReadonlyMap<string, Money>): void {
  for (const { name, kind, activeLines, lineLimit, callsInPeriod } of world.core.gateways()) {
    assert.ok(activeLines >= 0, name);
    // Gateways have the same limit in both networks, so that no change can leave one overfull.
    if (kind === 'routing' && lineLimit !== null && name === 'two') {
      assert.ok(activeLines <= lineLimit, name);
      assert.ok(callsInPeriod <= twoRate.calls, name);
    }
  }
  for (const { name, balance, held, usable, activeLines, callsInPeriod } of world.core.accounts()) {
    if (name === 'alice') {
      assert.ok(activeLines <= aliceLimits.lines, name);
      assert.ok(callsInPeriod <= aliceLimits.callRate.calls, name);
    }
    assert.is(balance, money((opening.get(name) ?? 0n) + world.charged(name)), `balance of ${name}`);
    assert.ok(held >= 0n, `hold of ${name}`);
    assert.ok(usable >= 0n, `${name} has passed its limit`);
  }
}

test('any history ends with one record a call, no line in use, nothing held, and a ledger that is the balance', () => {
  let answered = 0;
  let exhausted = 0;
  const opening = new Map([['alice', amount('0.25')]]);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), steps => {
      const world = new World(network(networks[0]), { alice: '0.25' });
      for (const one of steps) {
        one(world);
        assertInvariants(world, opening);
      }
      world.give({ type: 'shutdown' });
      assertInvariants(world, opening);
      world.assertQuiet();
      assert.is(world.cdrs.length, world.counter('invites'));
      answered += world.counter('answered')!;
      exhausted += world.counter('ended.CreditExhausted')!;
    }),
    { numRuns: 400 },
  );

  // Were no history to get this far, the property would say little.
  assert.ok(answered > 100, `${answered} answered`);
  assert.ok(exhausted > 10, `${exhausted} ran out of credit`);
});

test('the same inputs yield the same outputs', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const [first, second] = [0, 1].map(() => {
        const world = new World(network(networks[0]), { alice: '0.25' });
        for (const one of steps) one(world);
        return world.outputs;
      });
      assert.equal(first, second);
    }),
    { numRuns: 50 },
  );
});

test('calls left alone end by themselves', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const world = new World(network(networks[0]), { alice: '0.25' });
      for (const one of steps) one(world);
      world.pass(3_600_000);
      world.assertQuiet();
    }),
    { numRuns: 100 },
  );
});

test.run();
