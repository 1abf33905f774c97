/** That a difference between the worlds is found, whatever it is in. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CdrCharge } from '../../src/cdr/record.ts';
import { talkSeconds } from '../../src/rating/charge.ts';
import { cdrCharge } from '../../src/rating/journaled-rate.ts';
import type { Money } from '../../src/rating/money.ts';
import type { Played, PlayedCall } from '../../src/sim/scenario/played.ts';
import type { Scenario } from '../../src/sim/scenario/scenario.ts';
import { playScenario } from '../../src/sim/world/play.ts';
import { differencesOf } from './compare/compare.ts';
import { loadNetwork, networks } from './networks.ts';
import { playLive } from './play-live.ts';
import { steppedToleranceMs, wallToleranceMs } from './rules.ts';

const test = suite('conformance/compare');

const { snapshot, scenarios } = loadNetwork(networks()[0]!);
const named = (name: string): Scenario => scenarios.find(scenario => scenario.name === name)!;
const scenario = named('A 503 passes the call on to the next vendor');
const played = playScenario(snapshot, scenario);
const first = played.calls[0]!;
const record = first.record!;

function withCall(changes: Partial<PlayedCall>): Played {
  return { ...played, calls: [{ ...first, ...changes }] };
}

function found(live: Played, toleranceMs = steppedToleranceMs): readonly string[] {
  return differencesOf(played, live, { snapshot, toleranceMs });
}

test('what is the same has no differences', () => {
  assert.equal(found(withCall({ callId: 'another' })), []);
});

const changed: Readonly<Record<string, Played>> = {
  'a status': withCall({ finalStatus: 500 }),
  'a reason phrase': withCall({ finalReason: 'Fine' }),
  'an attempt more': withCall({ attempts: [...first.attempts, first.attempts[0]!] }),
  'a number that was sent': withCall({
    attempts: [first.attempts[0]!, { ...first.attempts[1]!, callee: '44' }],
  }),
  'no record': withCall({ record: null }),
  'a field of the record': withCall({ record: { ...record, endReason: 'CalleeHangup' } }),
  'a field of an attempt in the record': withCall({
    record: { ...record, attempts: [record.attempts[0]!, { ...record.attempts[1]!, reason: 'Other' }] },
  }),
  'a time': withCall({ answeredAtMs: first.answeredAtMs! + steppedToleranceMs + 1 }),
  'no answer': withCall({ answeredAtMs: null }),
  'an amount': withCall({
    record: { ...record, customerCharge: { ...record.customerCharge!, amount: 1n as Money } },
  }),
  'a call more': { ...played, calls: [first, first] },
  'a balance': { ...played, balances: new Map([...played.balances, ['brightcall', 0n as Money]]) },
  'the lowest balance': { ...played, lowestBalances: new Map([['brightcall', -1n as Money]]) },
  'lines in use': { ...played, gatewayPeakLines: new Map([['northlink', 9]]) },
  'calls at once': { ...played, peakCalls: 9 },
  'a violation': {
    ...played,
    violations: [{ invariant: 'twoAcks', atMs: 0, detail: 'A second ACK.', callId: null }],
  },
};
for (const [what, live] of Object.entries(changed)) {
  test(`${what} that only one world has is a difference`, () => assert.ok(found(live).length > 0));
}

test('a talk that a rounding edge falls into costs what its own length costs, and nothing else', () => {
  const { holdTimePrecisionMs, feePrecision } = snapshot.parameters;
  const lateMs = holdTimePrecisionMs + 1;
  const seconds = talkSeconds(record.endedAtMs - record.answeredAtMs! + lateMs, holdTimePrecisionMs);
  const due = (charge: CdrCharge): CdrCharge =>
    cdrCharge({ ...charge, connectFee: charge.connectFee ?? '0' }, seconds, feePrecision);
  const customerCharge = due(record.customerCharge!);
  const vendorCharge = due(record.vendorCharge!);
  const profit = (customerCharge.amount - vendorCharge.amount) as Money;
  const talk = { endedAtMs: record.endedAtMs + lateMs, talkSeconds: seconds };
  const later = { ...record, ...talk, customerCharge, vendorCharge, profit };
  const live = withCall({ endedAtMs: first.endedAtMs! + lateMs, record: later });
  const dearer = { ...later, vendorCharge: { ...vendorCharge, amount: 77n as Money } };

  assert.is(seconds, record.talkSeconds + 1);
  assert.equal(found(live, wallToleranceMs), []);
  assert.ok(found({ ...live, calls: [{ ...live.calls[0]!, record: dearer }] }, wallToleranceMs).length > 0);
});

test('a live switch that is asked for something else is told from the simulator', async () => {
  const other: Scenario = { ...scenario, gateways: new Map() };
  const live = await playLive(snapshot, other, { time: 'stepped', quietMs: 2 });

  const differences = found(live);

  assert.ok(
    differences.some(difference => /attempts\.0/.test(difference)),
    differences.join('\n'),
  );
});

test.run();
