import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallerPool, Snapshot } from '../../src/config/snapshot.ts';
import { idlePool } from '../../src/routing/caller-pool.ts';
import { numberSentToRate, poolCaller, prepareAttempt } from '../../src/routing/prepare-attempt.ts';
import { type PreparedNumbers, prepareNumbers } from '../../src/routing/prepare-numbers.ts';
import { dialPlans } from '../support/dial-plans.ts';
import { buildSnapshot, type RoutingGatewayDescription } from '../support/snapshot-builder.ts';

const test = suite('routing/prepare-attempt');

const atMs = Date.UTC(2026, 0, 7, 12);
const source = { file: 'gateways/routing/one.yaml', line: 3, column: 1 };

function networkOf(...gateways: readonly Partial<RoutingGatewayDescription>[]): Snapshot {
  return buildSnapshot({
    mappingGateways: [{ name: 'alice', dialPlans: dialPlans({ callee: '0:a44' }) }],
    routingGateways: gateways.map((gateway, i) => ({ name: `vendor-${i}`, ...gateway })),
    parameters: { routeTags: ['a'] },
  });
}

function numbersOf(snapshot: Snapshot): PreparedNumbers {
  const access = { caller: '12125550100', callee: '0207946', forwarding: '4930' };
  const circumstances = { atMs, seed: 5, shareSlot: 0 };
  const numbers = prepareNumbers(snapshot, snapshot.mappingGateways[0]!, access, circumstances);
  if (numbers.kind === 'refused') throw new Error(numbers.detail);
  return numbers;
}

function attempt(gateway: Partial<RoutingGatewayDescription>): ReturnType<typeof prepareAttempt> {
  const snapshot = networkOf(gateway);
  return prepareAttempt(snapshot, snapshot.routingGateways[0]!, numbersOf(snapshot), 5, atMs, true);
}

test('a routing gateway gets its own form of the three numbers, another one another', () => {
  const snapshot = networkOf(
    { dialPlans: dialPlans({ caller: '1:+1', callee: 'a44:0044', forwarding: '49:+49' }) },
    {},
  );
  const numbers = numbersOf(snapshot);
  const sent = snapshot.routingGateways.map(gateway => {
    const prepared = prepareAttempt(snapshot, gateway, numbers, 5, atMs);
    return prepared.kind === 'prepared' ? prepared.sent : null;
  });

  assert.equal(sent, [
    { caller: '+12125550100', callee: '0044207946', forwarding: '+4930' },
    { caller: '12125550100', callee: 'a44207946', forwarding: '4930' },
  ]);
});

test('a number that cannot be sent keeps the call from this gateway and tells the rule', () => {
  const invalid = attempt({ dialPlans: dialPlans({ callee: '9:,a*:' }) });

  assert.is(invalid.kind, 'invalid');
  if (invalid.kind === 'prepared') return;
  assert.is(invalid.reason, 'numberToSendInvalid');
  assert.is(invalid.detail, 'the callee to send is empty');
  assert.is(invalid.source.line, 2);
  const tooLong = attempt({ dialPlans: dialPlans({ caller: `*:${'9'.repeat(22)}*` }) });
  assert.is(tooLong.kind === 'invalid' && tooLong.detail, 'the caller to send is longer than 32 characters');
});

test('a forwarding number that the plan makes empty is not sent', () => {
  const prepared = attempt({ dialPlans: dialPlans({ forwarding: '*:' }) });

  assert.is(prepared.kind === 'prepared' && prepared.sent.forwarding, null);
});

test('a vendor is rated by the number before its dial plan, or by the one sent where it says so', () => {
  const plans = { dialPlans: dialPlans({ callee: 'a44:a0044' }) };
  const rated = (rateByNumberSent: boolean) => {
    const prepared = attempt({ ...plans, rateByNumberSent });
    return prepared.kind === 'prepared' ? prepared.calleeToRate : null;
  };

  assert.is(rated(false), '44207946');
  assert.is(rated(true), '0044207946', 'the route tag stays out of it');
  const snapshot = networkOf({ ...plans, rateByNumberSent: true });
  assert.is(numberSentToRate(snapshot, numbersOf(snapshot), 5, atMs)(0), '0044207946');
});

test('what routing rates by and what is sent come from the same draws', () => {
  const snapshot = networkOf({ rateByNumberSent: true, dialPlans: dialPlans({ callee: 'a*:????????' }) });
  const numbers = numbersOf(snapshot);
  const prepared = prepareAttempt(snapshot, snapshot.routingGateways[0]!, numbers, 5, atMs);

  assert.is(
    prepared.kind === 'prepared' && prepared.calleeToRate,
    numberSentToRate(snapshot, numbers, 5, atMs)(0),
  );
});

test('a caller pool is asked for each call by its seed, and the caller plan has no say', () => {
  const numbers = Array.from({ length: 100 }, (_, i) => String(44200000 + i));
  const callerPool: CallerPool = { lists: [0], numbers, linesPerNumber: null, order: 'random', source };
  const snapshot = networkOf({ callerPool, dialPlans: dialPlans({ caller: '*:' }) }, {});
  const [gateway, control] = snapshot.routingGateways;

  const prepared = prepareAttempt(snapshot, gateway!, numbersOf(snapshot), 5, atMs);
  assert.is(prepared.kind, 'prepared');
  const taken = [1, 2, 3, 1].map(seed => poolCaller(gateway!, idlePool, seed));
  assert.is(taken[0], taken[3]);
  assert.ok(new Set(taken).size > 1);
  assert.throws(() => poolCaller(control!, idlePool, 1), /no caller pool/);
});

test.run();
