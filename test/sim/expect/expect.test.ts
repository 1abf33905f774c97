import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { money } from '../../../src/rating/money.ts';
import { Judgement } from '../../../src/sim/expect/expect.ts';
import type { Matcher } from '../../../src/sim/scenario/matcher.ts';
import type { Played } from '../../../src/sim/scenario/played.ts';
import {
  expectation,
  failedCall,
  is,
  playedCall,
  playedOf,
  scenarioCall,
  scenarioOf,
  within,
} from '../played-calls.ts';

const test = suite('sim/expect/expect');

function failuresOf(played: Played) {
  const judgement = new Judgement(played.scenario);
  for (const call of played.calls) judgement.take(call);
  return judgement.failures(played);
}

test('a scenario that comes as expected has no failures', () => {
  const call = scenarioCall({
    expect: [
      expectation('tried', { kind: 'list', values: ['acme'] }),
      expectation('amount', is(1_250_000n), { of: 'customer' }),
      expectation('talk', within(59_000, 61_000)),
    ],
  });
  const scenario = scenarioOf({ calls: [call], expect: [expectation('answered', is(1))] });

  assert.equal(failuresOf(playedOf({ scenario, calls: [playedCall({ call })] })), []);
});

test('a scenario that was stopped for its many calls fails by that alone', () => {
  const scenario = scenarioOf({ expect: [expectation('answered', is(500))] });
  const [failure, ...others] = failuresOf(playedOf({ scenario, mostCallsAtOnce: 1000 }));
  assert.is(failure?.subject, 'calls at once');
  assert.equal(failure?.place, scenario.place);
  assert.equal(others, []);
});

test('a call that nothing ends fails without a word of the scenario, once for its burst', () => {
  const call = scenarioCall({ count: 2, hangUpAfterMs: null, expect: [expectation('status', is(500))] });
  const scenario = scenarioOf({ calls: [call] });
  const calls = [0, 1].map(burstIndex => playedCall({ call, burstIndex, isGivenUp: true }));

  const [unended, status] = failuresOf(playedOf({ scenario, calls }));
  assert.is(unended?.subject, 'end of the call');
  assert.is(unended?.got, 'neither, so the call would be up for ever');
  assert.equal(unended?.place, call.place);
  assert.is(unended?.calls, 2);
  assert.is(status?.calls, 2);
});

test('all failures are told at once, each with its line, in the order in which they were written', () => {
  const place = (line: number) => ({ file: 'ci/scenarios/uk.yaml', line, column: 11 });
  const call = scenarioCall({
    expect: [
      expectation('tried', { kind: 'list', values: ['castor'] }, { place: place(9), written: 'castor' }),
      expectation('status', is(200), { place: place(10) }),
      expectation('amount', is(1n), { of: 'vendor', place: place(11), written: '0.00000001' }),
    ],
  });
  const second = scenarioCall({
    expect: [expectation('reason', is('CalleeBusy'), { place: place(20), written: 'CalleeBusy' })],
  });
  const scenario = scenarioOf({
    calls: [call, second],
    expect: [expectation('balance', is(5n), { of: 'northwind', place: place(30), written: '0.00000005' })],
  });
  const played = playedOf({
    scenario,
    calls: [playedCall({ call: second, callIndex: 1 }), playedCall({ call })],
    balances: new Map([['northwind', money(-1_250_000n)]]),
  });

  const told = failuresOf(played).map(({ place: { line }, subject, expected, got, call: of }) => [
    line,
    subject,
    expected,
    got,
    of?.callIndex ?? null,
  ]);
  assert.equal(told, [
    [9, 'gateways tried', 'castor', 'acme', 0],
    [11, 'vendor amount', '0.00000001', '0.01', 0],
    [20, 'end reason', 'CalleeBusy', 'CallerHangup', 1],
    [30, 'balance of northwind', '0.00000005', '-0.0125', null],
  ]);
});

test('calls of a burst that miss an expectation alike are one failure that counts them', () => {
  const call = scenarioCall({ count: 5, expect: [expectation('status', is(200))] });
  const calls = [200, 503, 486, 503, 503].map((finalStatus, burstIndex) =>
    failedCall({ call, burstIndex, finalStatus }),
  );

  const told = failuresOf(playedOf({ scenario: scenarioOf({ calls: [call] }), calls })).map(failure => [
    failure.got,
    failure.calls,
    failure.call?.burstIndex,
  ]);
  assert.equal(told, [
    ['503', 3, 1],
    ['486', 1, 2],
  ]);
});

test('a burst that misses in ever new ways does not become a report without end', () => {
  const call = scenarioCall({ count: 1000, expect: [expectation('talk', is(1))] });
  const calls = Array.from({ length: 1000 }, (_, burstIndex) =>
    playedCall({ call, burstIndex, endedAtMs: playedCall().answeredAtMs! + 1000 + burstIndex }),
  );

  const failures = failuresOf(playedOf({ scenario: scenarioOf({ calls: [call] }), calls }));
  assert.is(failures.length, 11);
  assert.is(failures.at(-1)!.got, 'something else');
  assert.is(failures.at(-1)!.calls, 990);
});

test('one expectation shared by two calls fails for each of them', () => {
  const shared = expectation('status', is(404));
  const [first, second] = [scenarioCall({ expect: [shared] }), scenarioCall({ expect: [shared] })];
  const calls = [playedCall({ call: first }), playedCall({ call: second, callIndex: 1 })];

  const failures = failuresOf(playedOf({ scenario: scenarioOf({ calls: [first, second] }), calls }));
  assert.equal(
    failures.map(({ call }) => call?.callIndex),
    [0, 1],
  );
});

test('who is charged nothing is charged 0, and not more than 0', () => {
  const wanted = (matcher: Matcher) =>
    scenarioCall({ expect: [expectation('amount', matcher, { of: 'customer' })] });
  const failing = [is(null), is(0n), within(0n, null), within(1n, null), is(1n)].map(matcher => {
    const call = wanted(matcher);
    return failuresOf(playedOf({ scenario: scenarioOf({ calls: [call] }), calls: [failedCall({ call })] }))
      .length;
  });

  assert.equal(failing, [0, 0, 0, 1, 1]);
  const call = wanted(is(null));
  const [charged] = failuresOf(
    playedOf({ scenario: scenarioOf({ calls: [call] }), calls: [playedCall({ call })] }),
  );
  assert.is(charged?.got, '0.0125');
});

test('counts can be expected as percent of all calls, and the count is told, too', () => {
  const calls = [playedCall(), failedCall(), playedCall(), playedCall()];
  const percent = (least: number) =>
    scenarioOf({
      expect: [expectation('answered', within(least, null), { percent: true, written: `>= ${least}%` })],
    });

  assert.equal(failuresOf(playedOf({ scenario: percent(75), calls })), []);
  const [failure] = failuresOf(playedOf({ scenario: percent(95), calls }));
  assert.is(failure?.got, '75% (3 of 4)');
});

test.run();
