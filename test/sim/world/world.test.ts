import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SwitchInput } from '../../../src/call/inputs.ts';
import type { SwitchOutput } from '../../../src/call/outputs.ts';
import { Switch, type SwitchOptions } from '../../../src/call/switch.ts';
import { parseMoney } from '../../../src/rating/money.ts';
import type { PlayedCall } from '../../../src/sim/scenario/played.ts';
import type { ScenarioEvent } from '../../../src/sim/scenario/scenario.ts';
import { playScenario } from '../../../src/sim/world/play.ts';
import type { PlayOptions } from '../../../src/sim/world/play-options.ts';
import { network } from '../../call/networks.ts';
import {
  answer,
  behaving,
  fail,
  names,
  onlyCall,
  place,
  provisional,
  rule,
  type ScenarioDescription,
  scenario,
  startMs,
  story,
  tried,
} from './scenarios.ts';

const test = suite('sim/world/world');

const snapshot = network({ gateways: [{ name: 'one', lines: 5 }, { name: 'two' }] });

/** Does not hear one kind of input. */
class DeafSwitch extends Switch {
  readonly #unheard: SwitchInput['type'];

  constructor(options: SwitchOptions, unheard: SwitchInput['type']) {
    super(options);
    this.#unheard = unheard;
  }

  override handle(input: SwitchInput): readonly SwitchOutput[] {
    return input.type === this.#unheard ? [] : super.handle(input);
  }
}

function play(description: ScenarioDescription, options: PlayOptions = {}) {
  const played = playScenario(snapshot, scenario(description), options);
  assert.equal(played.violations, []);
  return played;
}

function at(seconds: number, event: Record<string, unknown>): ScenarioEvent {
  return { atMs: seconds * 1000, place, ...event } as ScenarioEvent;
}

function reasons(calls: readonly PlayedCall[]): readonly (string | undefined)[] {
  return calls.map(({ record }) => record?.endReason);
}

test('a caller who gives up before the answer cancels the call', () => {
  const played = play({ others: behaving({ steps: [answer(6000)] }), calls: [{ cancelAfterMs: 5000 }] });
  assert.equal(reasons(played.calls), ['CallerCancel']);
});

test('a caller who was answered before does not give up any more', () => {
  const played = play({ others: behaving({ steps: [answer(4000)] }), calls: [{ cancelAfterMs: 5000 }] });
  assert.equal(reasons(played.calls), ['CallerHangup']);
});

test('a caller from nowhere is refused, and a switch that stays silent leaves it without an answer', () => {
  const source = { address: '203.0.113.1', port: 5060, transport: 'udp' } as const;
  const refused = onlyCall(play({ calls: [{ source, via: null }] }));
  assert.is(refused.finalStatus, 403);
  assert.is(refused.record?.endReason, 'IllegalCall');
  const silent = network({ parameters: { replyUnauthorized: false, recordIllegalCalls: false } });
  const unheard = onlyCall(playScenario(silent, scenario({ calls: [{ source, via: null }] })));
  assert.is(unheard.finalStatus, null);
  assert.is(unheard.record, null);
  assert.is(unheard.endedAtMs, startMs);
});

test('a call without a number is played like any other', () => {
  assert.is(onlyCall(play({ calls: [{ callee: null }] })).record?.endReason, 'InvalidNumber');
});

test('the calls of a burst come at their distance, with the digits of their place', () => {
  const { calls } = play({ calls: [{ count: 4, intervalMs: 1000 / 3, callee: '4420794600xx' }] });
  assert.equal(
    calls.map(({ startedAtMs, callee, burstIndex, callId }) => [
      startedAtMs - startMs,
      callee,
      burstIndex,
      callId,
    ]),
    [
      [0, '442079460000', 0, 'call-1.1'],
      [333, '442079460001', 1, 'call-1.2'],
      [666, '442079460002', 2, 'call-1.3'],
      [1000, '442079460003', 3, 'call-1.4'],
    ],
  );
});

test('calls at once all come before any of them is answered', () => {
  const played = play({ calls: [{ count: 8, intervalMs: 0 }] });
  assert.equal(
    played.calls.map(call => tried(call)[0]),
    [...Array(5).fill('one'), ...Array(3).fill('two')],
  );
  assert.is(played.peakCalls, 8);
  assert.equal(
    [...played.gatewayPeakLines],
    [
      ['one', 5],
      ['two', 3],
    ],
  );
});

test('the calls are told in the order of the scenario, not in that of their ends', () => {
  const { calls } = play({ calls: [{ atMs: 5000 }, { atMs: 0, hangUpAfterMs: 60_000 }, { atMs: 1000 }] });
  assert.equal(
    calls.map(({ callIndex }) => callIndex),
    [0, 1, 2],
  );
});

test('a call that neither side ends and no limit of the configuration is given up, and no bug of the switch', () => {
  const played = playScenario(snapshot, scenario({ calls: [{ hangUpAfterMs: null }, {}] }));
  assert.equal(names(played), []);
  assert.equal(reasons(played.calls), ['Shutdown', 'CallerHangup']);
  assert.equal(
    played.calls.map(({ isGivenUp }) => isGivenUp),
    [true, false],
  );
});

test('a call that is up although its caller has hung up, or it was released, is a violation', () => {
  const deaf = (type: SwitchInput['type']): PlayOptions => ({
    newCore: options => new DeafSwitch(options, type),
  });
  const hungUp = playScenario(snapshot, scenario({ calls: [{}] }), deaf('hangup'));
  assert.ok(names(hungUp).includes('neverEnds'));
  assert.is(hungUp.calls[0]?.isGivenUp, false);
  const event = {
    kind: 'releaseCalls',
    atMs: 60_000,
    place: { file: 'a.yaml', line: 1, column: 1 },
  } as const;
  const released = playScenario(
    snapshot,
    scenario({ calls: [{ hangUpAfterMs: null }], events: [event] }),
    deaf('forcedRelease'),
  );
  assert.ok(names(released).includes('neverEnds'));
});

test('a scenario with more calls at once than fit into the memory is stopped', () => {
  let ended = 0;
  const many = scenario({ calls: [{ count: 100_002, hangUpAfterMs: null }, { atMs: 1000 }] });
  const played = playScenario(snapshot, many, {
    onCall: () => ended++,
    newCore: options => new DeafSwitch(options, 'invite'),
  });
  assert.is(played.mostCallsAtOnce, 100_000);
  assert.is(ended, 100_000);
  assert.equal([...new Set(names(played))], ['inviteUnanswered']);
});

test('a session description in a 100 Trying, which the switch does not look at, ends no hunt', () => {
  const chatty = behaving({ steps: [provisional(0, 100, true), fail(1000, 503)] });
  const { calls } = play({ calls: [{}], gateways: { one: chatty } });
  assert.equal(
    calls[0]!.attempts.map(({ gateway }) => gateway),
    ['one', 'two'],
  );
});

test('calls may talk for days: until their caller or their gateway hangs up, or a limit ends them', () => {
  const days = 3 * 24 * 3_600_000;
  const byCaller = play({ calls: [{ hangUpAfterMs: days }] });
  assert.equal(reasons(byCaller.calls), ['CallerHangup']);
  const byGateway = play({
    calls: [{ hangUpAfterMs: null }],
    others: behaving({ hangUpAfterMs: days }),
  });
  assert.equal(reasons(byGateway.calls), ['CalleeHangup']);
  const limited = network({ customer: { maxCallDurationSeconds: days / 1000 } });
  const byLimit = playScenario(limited, scenario({ calls: [{ hangUpAfterMs: null }] }));
  assert.equal(reasons(byLimit.calls), ['MaxCallDuration']);
  for (const played of [byCaller, byGateway, byLimit]) {
    assert.equal(names(played), []);
    assert.is(played.endedAtMs, startMs + days);
  }
});

test('a call that nobody ends is ended by the limits of the configuration', () => {
  const limited = network({ customer: { maxCallDurationSeconds: 7200 } });
  const played = playScenario(limited, scenario({ calls: [{ hangUpAfterMs: null }] }));
  assert.equal(names(played), []);
  assert.equal(reasons(played.calls), ['MaxCallDuration']);
  assert.is(played.endedAtMs, startMs + 7_200_000);
});

test('a call ends with the money, and the account is nowhere below its limit', () => {
  const prepaid = network({ customer: { overdraftLimit: '0' } });
  const played = playScenario(
    prepaid,
    scenario({ balances: { alice: '0.10' }, calls: [{ hangUpAfterMs: null }] }),
  );
  assert.equal(names(played), []);
  assert.equal(reasons(played.calls), ['CreditExhausted']);
  assert.is(onlyCall(played).record?.talkSeconds, 100);
  assert.is(played.balances.get('alice'), 0n);
  assert.is(played.lowestBalances.get('alice'), 0n);
});

test('a payment in the middle of a call lets it go on', () => {
  const prepaid = network({ customer: { overdraftLimit: '0' } });
  const payment = at(30, { kind: 'payment', account: 'alice', amount: parseMoney('0.02')! });
  const played = playScenario(
    prepaid,
    scenario({ balances: { alice: '0.10' }, calls: [{ hangUpAfterMs: null }], events: [payment] }),
  );
  assert.is(onlyCall(played).record?.talkSeconds, 120);
});

test('a gateway behaves otherwise from the time on that the scenario says', () => {
  const refuses = { kind: 'behaviour', gateway: 'one', behaviour: behaving({ steps: [fail(0, 503)] }) };
  const played = play({ calls: [{}, { atMs: 60_000 }], events: [at(60, refuses)] });
  assert.equal(played.calls.map(tried), [['one'], ['one', 'two']]);
});

test('an operator may end all calls', () => {
  const played = play({ calls: [{ hangUpAfterMs: null }, {}], events: [at(5, { kind: 'releaseCalls' })] });
  assert.equal(reasons(played.calls), ['ForcedRelease', 'ForcedRelease']);
});

test('a switch that drains lets calls end and takes no more', () => {
  const played = play({ calls: [{}, { atMs: 6000 }], events: [at(5, { kind: 'drain' })] });
  assert.equal(reasons(played.calls), ['CallerHangup', 'Shutdown']);
});

test('a shutdown ends the calls that are up', () => {
  const played = play({ calls: [{}, { atMs: 6000 }], events: [at(5, { kind: 'shutdown' })] });
  assert.equal(reasons(played.calls), ['Shutdown', 'Shutdown']);
  assert.is(played.endedAtMs, startMs + 6000);
});

test('with the SIP server all dialogs are gone, and the switch goes on', () => {
  const played = play({ calls: [{}, { atMs: 6000 }], events: [at(5, { kind: 'sipServerLost' })] });
  assert.equal(reasons(played.calls), ['Interrupted', 'CallerHangup']);
});

test('a switch that is killed charges the talk up to its last beat, and starts again with the money it had', () => {
  const calls = [{ hangUpAfterMs: null }, { atMs: 6000, hangUpAfterMs: 1000 }];
  const played = play({ calls, events: [at(5.5, { kind: 'restart' })], balances: { alice: '10' } });
  const [killed, later] = played.calls;
  assert.equal(reasons(played.calls), ['Interrupted', 'CallerHangup']);
  assert.is(killed?.record?.talkSeconds, 5);
  assert.is(killed?.endedAtMs, startMs + 5500);
  assert.is(later?.record?.talkSeconds, 1);
  assert.is(played.balances.get('alice'), parseMoney('9.994'));
});

test('a call that was only tried when the switch was killed costs nothing', () => {
  const ringing = behaving({ steps: [provisional(0, 180)] });
  const played = play({ others: ringing, events: [at(5, { kind: 'restart' })] });
  assert.is(onlyCall(played).record?.endReason, 'Interrupted');
  assert.is(onlyCall(played).record?.customerCharge, null);
});

test('a switch that was killed and started has all its lines again', () => {
  const full = { routingLines: new Map([['one', 5]]) };
  const calls = [{}, { atMs: 60_000 }];
  const played = play({ given: full, calls, events: [at(30, { kind: 'restart' })] });
  assert.equal(played.calls.map(tried), [['two'], ['one']]);
});

test('new calls use a configuration from the time on at which it comes, and calls in progress keep theirs', () => {
  const next = network({ hash: 'next', gateways: [{ name: 'two' }, { name: 'one', locked: true }] });
  const refuses = behaving({ steps: [fail(2000, 503)] });
  const played = playScenario(
    snapshot,
    scenario({ gateways: { one: refuses }, calls: [{}, { atMs: 1500 }] }),
    { reloads: [{ atMs: 1000, snapshot: next }] },
  );
  assert.equal(names(played), []);
  assert.equal(played.calls.map(tried), [['one', 'two'], ['two']]);
  assert.equal(
    played.calls.map(({ record }) => record?.snapshotHash),
    ['hash-of-a-test', 'next'],
  );
});

test('a candidate is played on a share of the calls, and on all of them once it is promoted', () => {
  const next = network({ hash: 'next', gateways: [{ name: 'two' }] });
  const calls = [
    { callee: '4477009000xxx', atMs: 1500, count: 400, intervalMs: 10, hangUpAfterMs: 1000 },
    { atMs: 20_000 },
  ];
  const played = playScenario(snapshot, scenario({ calls }), {
    reloads: [
      { atMs: 1000, snapshot: next, sharePercent: 20 },
      { atMs: 15_000, snapshot: next },
    ],
  });
  const tries = played.calls.slice(0, -1).map(({ record }) => record?.snapshotHash);
  const shared = tries.filter(hash => hash === 'next').length;

  assert.equal(names(played), []);
  assert.ok(shared > 40 && shared < 120, `${shared} of 400`);
  for (const one of played.calls) {
    if (one.record?.snapshotHash === 'next') assert.is(tried(one)[0], 'two');
  }
  assert.is(played.calls.at(-1)?.record?.snapshotHash, 'next');
});

test('whoever asks is shown the switch before each INVITE', () => {
  const seen: (readonly [string, number])[] = [];
  play(
    { calls: [{ count: 3, intervalMs: 1000 }] },
    { onInvite: ({ view }, { callId }) => seen.push([callId, view.activeLines(0)]) },
  );
  assert.equal(seen, [
    ['call-1.1', 0],
    ['call-1.2', 1],
    ['call-1.3', 2],
  ]);
});

test('whoever takes the calls as they end has them instead of the result', () => {
  const taken: string[] = [];
  const played = play({ calls: [{ count: 3 }] }, { onCall: ({ callId }) => taken.push(callId) });
  assert.equal(played.calls, []);
  assert.equal(taken, ['call-1.1', 'call-1.2', 'call-1.3']);
});

test('the same scenario with the same seed is played alike, and with another seed otherwise', () => {
  const others = {
    rules: [rule({ steps: [fail(100, 503)] }, { probability: 0.5 }), rule({})],
    optionsStatus: 200,
  };
  const given = scenario({ others, calls: [{ count: 50, intervalMs: 100 }] });
  const first = playScenario(snapshot, given, { trace: true });
  assert.equal(playScenario(snapshot, given, { trace: true }), first);
  const other = playScenario(snapshot, given, { seed: 2, trace: true });
  assert.is(other.seed, 2);
  assert.not.equal(other.calls.map(tried), first.calls.map(tried));
});

test('a story changes nothing of what happens', () => {
  const others = {
    rules: [rule({ steps: [fail(100, 503)] }, { probability: 0.5 }), rule({})],
    optionsStatus: 200,
  };
  const given = scenario({ others, calls: [{ count: 50, intervalMs: 100, cancelAfterMs: 5000 }] });
  const told = playScenario(snapshot, given, { trace: true });
  assert.equal({ ...told, trace: null }, playScenario(snapshot, given));
});

test('the story says which timer made the switch do something', () => {
  const limited = network({ customer: { maxCallDurationSeconds: 60 } });
  const played = playScenario(limited, scenario({ calls: [{ hangUpAfterMs: null }] }), { trace: true });
  assert.ok(story(played).includes('60 switch→switch the longest talk is over'));
});

test('nothing is left of a scenario for the next one', () => {
  const busy = scenario({ others: behaving({ steps: [fail(0, 503, { retryAfterSeconds: 300 })] }) });
  const fresh = playScenario(snapshot, scenario());
  playScenario(snapshot, busy);
  assert.equal(playScenario(snapshot, scenario()), fresh);
});

test.run();
