import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Canary } from '../../src/call/canary.ts';
import { SwitchState } from '../../src/call/gateway-state.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { moneyText } from '../../src/rating/money.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { network } from './networks.ts';
import { World } from './world.ts';

const test = suite('call/canary');

const stable = network({ hash: 'stable' });
const candidate = network({ hash: 'candidate', gateways: [{ name: 'two' }, { name: 'new' }] });

function canaryOf(hash: string, sharePercent: number): Canary {
  return new Canary(new SwitchState(buildSnapshot({ hash }), new Map()).view, sharePercent);
}

function candidatesAmong(canary: Canary, account: string, from: number, count: number): number {
  let found = 0;
  for (let i = 0; i < count; i++) if (canary.sideOf(account, String(from + i)) === 'candidate') found++;
  return found;
}

const hash = fc.stringMatching(/^[0-9a-f]{64}$/);
const account = fc.string({ minLength: 1, maxLength: 12 });

test('the share of consecutive numbers lies within five standard deviations of what is asked for', () => {
  const count = 4000;
  fc.assert(
    fc.property(
      hash,
      account,
      fc.integer({ min: 1, max: 500 }).map(tenths => tenths / 10),
      fc.integer({ min: 0, max: 2 ** 40 }),
      (of, name, percent, from) => {
        const share = percent / 100;
        const found = candidatesAmong(canaryOf(of, percent), name, from, count);
        const deviation = Math.sqrt(count * share * (1 - share));
        assert.ok(Math.abs(found - count * share) <= 5 * deviation + 1, `${found}`);
      },
    ),
    { numRuns: 60, seed: 6 },
  );
});

test('the same customer and number fall on the same side, and a larger share keeps them there', () => {
  fc.assert(
    fc.property(hash, account, fc.string({ maxLength: 20 }), (of, name, number) => {
      const side = canaryOf(of, 20).sideOf(name, number);
      assert.is(canaryOf(of, 20).sideOf(name, number), side);
      if (side === 'candidate') assert.is(canaryOf(of, 50).sideOf(name, number), 'candidate');
    }),
    { numRuns: 200, seed: 6 },
  );
});

test('what falls to one rollout tells nothing of the next one', () => {
  fc.assert(
    fc.property(hash, hash, account, (first, second, name) => {
      fc.pre(first !== second);
      const [one, other] = [canaryOf(first, 20), canaryOf(second, 20)];
      const count = 4000;
      let both = 0;
      for (let i = 0; i < count; i++) {
        const number = String(447_700_900_000 + i);
        if (one.sideOf(name, number) === 'candidate' && other.sideOf(name, number) === 'candidate') both++;
      }
      const share = 0.2 * 0.2;
      assert.ok(Math.abs(both - count * share) <= 5 * Math.sqrt(count * share * (1 - share)), `${both}`);
    }),
    { numRuns: 60, seed: 6 },
  );
});

/** A number of alice's that falls to the side. */
function numberOn(world: World, side: 'stable' | 'candidate'): string {
  for (let i = 447_700_900_000; ; i++) {
    if (world.core.canary!.sideOf('alice', String(i)) === side) return String(i);
  }
}

function call(world: World, callId: string, callee: string, address = '192.0.2.1') {
  return world.give({
    type: 'invite',
    callId,
    source: { address, port: 5060, transport: 'udp' },
    ...{ caller: '4420', callee, forwarding: null },
    ...{ seed: 1, sipCallId: callId, timerCapable: false },
  });
}

function dialled(outputs: ReturnType<World['give']>): string | null {
  const dial = outputs.find(({ type }) => type === 'dialLeg');
  return dial?.type === 'dialLeg' ? dial.gateway : null;
}

function tryOut(world: World, snapshot: Snapshot = candidate): void {
  world.give({ type: 'snapshot', snapshot, sharePercent: 20 });
}

function taken(world: World, answerWithinMs = 60_000, most = 1000) {
  return world.core.takeCompared({ nowMs: world.nowMs, answerWithinMs, most });
}

test('a share of the calls goes by the candidate, keeps it to the end, and records it', () => {
  const world = new World(stable);
  tryOut(world);

  assert.is(dialled(call(world, 'a', numberOn(world, 'candidate'))), 'two');
  assert.is(dialled(call(world, 'b', numberOn(world, 'stable'))), 'one');
  assert.is(world.core.snapshot, stable);
  world.give({ type: 'snapshot', snapshot: stable });
  assert.is(world.core.canary, null);
  world.give({
    type: 'legFailed',
    callId: 'a',
    leg: 0,
    status: 503,
    reason: '',
    origin: 'gateway',
    retryAfterSeconds: null,
  });
  assert.is(dialled(world.outputs.slice(-1)), 'new');
  world.give({ type: 'callerCancel', callId: 'a' });
  world.give({ type: 'callerCancel', callId: 'b' });

  assert.equal(
    world.cdrs.map(({ callId, snapshotHash }) => [callId, snapshotHash]),
    [
      ['a', 'candidate'],
      ['b', 'stable'],
    ],
  );
});

test('the candidate serves all calls once it is there without a share', () => {
  const world = new World(stable);
  tryOut(world);
  const number = numberOn(world, 'stable');
  world.give({ type: 'snapshot', snapshot: candidate });

  assert.is(dialled(call(world, 'a', number)), 'two');
  assert.is(world.core.canary, null);
});

test('nothing and everything are no shares', () => {
  for (const share of [0, 100, -1, Number.NaN]) assert.throws(() => canaryOf('hash', share), /no share/);
  assert.is(candidatesAmong(canaryOf('hash', 1e-9), 'alice', 0, 5000), 0);
});

test('the money of an account is one and the same for both snapshots', () => {
  const poor = { customer: { overdraftLimit: '0.09' } };
  const world = new World(network({ hash: 'stable', ...poor }));
  tryOut(
    world,
    network({ hash: 'candidate', ...poor, retail: [{ prefix: '44', rate: '0.09', increments: '60/60' }] }),
  );
  assert.is(dialled(call(world, 'a', numberOn(world, 'candidate'))), 'one');
  world.give({ type: 'legAnswered', callId: 'a', leg: 0 });
  const [alice] = world.core.accounts(world.nowMs).filter(({ name }) => name === 'alice');
  const { held } = alice!;
  assert.is(moneyText(held), '0.09');
  call(world, 'b', numberOn(world, 'stable'));
  assert.is(
    world.cdrs.at(-1)?.endReason,
    'AccountBalanceNotEnough',
    'what one side holds the other cannot spend',
  );
  world.give({ type: 'snapshot', snapshot: stable });
  world.pass(20_000);
  world.give({ type: 'hangup', callId: 'a', by: 'caller' });

  const [after] = world.core.accounts(world.nowMs).filter(({ name }) => name === 'alice');
  assert.is(moneyText(after!.balance), '-0.09', 'by the price of the snapshot that the call began with');
  assert.is(moneyText(after!.held), '0.00');
});

test('call rates are counted over both snapshots', () => {
  const gateways = [{ name: 'one', callRate: { calls: 1, perSeconds: 10 } }, { name: 'two' }];
  const world = new World(network({ hash: 'stable', gateways }));
  tryOut(world, network({ hash: 'candidate', gateways }));

  assert.is(dialled(call(world, 'a', numberOn(world, 'candidate'))), 'one');
  assert.is(dialled(call(world, 'b', numberOn(world, 'stable'))), 'two');
  world.pass(10_000);
  assert.is(dialled(call(world, 'c', numberOn(world, 'stable'))), 'one');
});

test('a gateway that only the candidate has is asked by OPTIONS as long as it is tried', () => {
  const world = new World(stable);
  const asked = () =>
    world.outputs.flatMap(output => (output.type === 'sendOptions' ? [output.gateway] : []));
  tryOut(
    world,
    network({ hash: 'candidate', gateways: [{ name: 'one' }, { name: 'new', optionsCheck: true }] }),
  );
  world.pass(120_000);
  const times = asked().length;
  assert.ok(times > 0);
  assert.equal([...new Set(asked())], ['new']);
  world.give({ type: 'snapshot', snapshot: stable });
  world.pass(120_000);
  assert.is(asked().length, times);
});

test('lines are counted by the name of a gateway over both snapshots', () => {
  const lines = { gateways: [{ name: 'one', lines: 1 }, { name: 'two' }] };
  const world = new World(network({ hash: 'stable', ...lines }));
  tryOut(world, network({ hash: 'candidate', ...lines }));

  assert.is(dialled(call(world, 'a', numberOn(world, 'candidate'))), 'one');
  assert.is(dialled(call(world, 'b', numberOn(world, 'stable'))), 'two');
});

test('what a gateway does at an address that only the candidate has is not held against it elsewhere', () => {
  const parameters = { quality: { enabled: true, windowSeconds: 3600, sliceSeconds: 60 } };
  const gateways = [{ name: 'one', calculateQuality: true }, { name: 'two' }];
  const before = network({ hash: 'stable', parameters, gateways });
  const after = network({ hash: 'candidate', parameters, gateways });
  const moved = after.routingGateways.map(gateway => ({
    ...gateway,
    address: { ...gateway.address, host: '203.0.113.99' },
  }));
  const world = new World(before);
  tryOut(world, { ...after, routingGateways: moved });
  const busy = { status: 503, reason: '', origin: 'gateway', retryAfterSeconds: 120 } as const;
  assert.is(dialled(call(world, 'a', numberOn(world, 'candidate'))), 'one');
  world.give({ type: 'legFailed', callId: 'a', leg: 0, ...busy });

  assert.is(dialled(call(world, 'b', numberOn(world, 'stable'))), 'one');
  const one = world.core.gateways(world.nowMs).find(({ name }) => name === 'one')!;
  assert.equal([one.unavailableUntilMs, one.quality!.attempts], [0, 0]);
  world.give({ type: 'legFailed', callId: 'b', leg: 0, ...busy });
  assert.is(dialled(call(world, 'c', numberOn(world, 'stable'))), 'two');
});

test('a source that only the candidate knows is served by it, whatever the share', () => {
  const world = new World(stable);
  tryOut(world, network({ hash: 'candidate', mapping: { addresses: ['192.0.2.1', '192.0.2.9'] } }));

  for (const number of [numberOn(world, 'stable'), numberOn(world, 'candidate')]) {
    assert.is(dialled(call(world, number, number, '192.0.2.9')), 'one');
  }
  for (const number of [numberOn(world, 'stable'), numberOn(world, 'candidate')]) {
    world.give({ type: 'callerCancel', callId: number });
  }
  assert.equal(taken(world), []);
});

test('a source that only the stable snapshot knows is turned away by the candidate, and compared', () => {
  const world = new World(stable);
  tryOut(world, network({ hash: 'candidate', mapping: { addresses: ['192.0.2.9'] } }));

  assert.is(dialled(call(world, 'a', numberOn(world, 'candidate'))), null);
  assert.is(dialled(call(world, 'b', numberOn(world, 'stable'))), 'one');
  const [compared] = taken(world);
  assert.is(compared!.refusedAs, 'IllegalCall');
  assert.is(compared!.account, 'alice');
  assert.is(compared!.side, 'candidate');
});

test('what came of a call is told once: when it is answered, or when it ended without an answer', () => {
  const world = new World(stable);
  tryOut(world);
  const [one, other] = [numberOn(world, 'candidate'), numberOn(world, 'stable')];
  call(world, 'a', one);
  world.pass(1500);
  world.give({ type: 'legProvisional', callId: 'a', leg: 0, status: 180, reason: 'Ringing', hasSdp: false });
  world.give({ type: 'legAnswered', callId: 'a', leg: 0 });
  const [answered] = taken(world);
  assert.equal([answered!.side, answered!.answered, answered!.postDialDelayMs], ['candidate', true, 1500]);
  assert.equal([answered!.firstGateway, answered!.firstAnswered, answered!.destination], ['two', true, '44']);
  world.give({ type: 'hangup', callId: 'a', by: 'caller' });
  assert.equal(taken(world), []);

  call(world, 'b', other);
  world.give({ type: 'callerCancel', callId: 'b' });
  const [cancelled] = taken(world);
  assert.equal([cancelled!.side, cancelled!.answered, cancelled!.firstAnswered], ['stable', false, false]);
  assert.is.not(cancelled!.pair, answered!.pair);
});

test('a call that rings in vain is told as unanswered after a minute, with the delay that is known, and only once', () => {
  const world = new World(stable);
  tryOut(world);
  call(world, 'a', numberOn(world, 'candidate'));
  world.pass(2000);
  world.give({ type: 'legProvisional', callId: 'a', leg: 0, status: 180, reason: 'Ringing', hasSdp: false });
  world.pass(57_999);
  assert.equal(taken(world), []);
  world.pass(1);

  const [told] = taken(world);
  assert.equal([told!.side, told!.answered, told!.postDialDelayMs], ['candidate', false, 2000]);
  assert.equal([told!.firstGateway, told!.firstAnswered, told!.firstDelayMs], ['two', false, 2000]);
  world.give({ type: 'legAnswered', callId: 'a', leg: 0 });
  world.give({ type: 'hangup', callId: 'a', by: 'caller' });
  assert.equal(taken(world), []);
});

test('calls are taken in portions, in their order', () => {
  const world = new World(stable);
  tryOut(world);
  const number = Number(numberOn(world, 'stable'));
  for (const callId of ['a', 'b', 'c']) {
    call(world, callId, String(number));
    world.give({ type: 'callerCancel', callId });
  }
  assert.is(taken(world, 60_000, 2).length, 2);
  assert.is(taken(world, 60_000, 2).length, 1);
  assert.is(taken(world, 60_000, 2).length, 0);
});

test('calls of an earlier rollout are not compared in the next one', () => {
  const world = new World(stable);
  tryOut(world);
  const number = numberOn(world, 'candidate');
  call(world, 'a', number);
  tryOut(world, network({ hash: 'another' }));
  world.give({ type: 'callerCancel', callId: 'a' });

  assert.equal(taken(world), []);
});

test.run();
