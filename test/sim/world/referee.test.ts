/** Switches that are wrong on purpose, one for each thing that the referee knows to be wrong. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SwitchInput } from '../../../src/call/inputs.ts';
import type { SwitchOutput, WriteCdrOutput } from '../../../src/call/outputs.ts';
import { Switch, type SwitchOptions } from '../../../src/call/switch.ts';
import type { CallDetailRecord } from '../../../src/cdr/record.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { money } from '../../../src/rating/money.ts';
import { playScenario } from '../../../src/sim/world/play.ts';
import type { SimulatedCore } from '../../../src/sim/world/play-options.ts';
import { network } from '../../call/networks.ts';
import { member } from '../../support/routing-rules.ts';
import { buildSnapshot } from '../../support/snapshot-builder.ts';
import {
  answer,
  behaving,
  fail,
  names,
  place,
  provisional,
  type ScenarioDescription,
  scenario,
  startMs,
} from './scenarios.ts';

const test = suite('sim/world/referee');

type Distort = (outputs: readonly SwitchOutput[], input: SwitchInput) => readonly SwitchOutput[];

/** The real switch, whose outputs are changed on their way. */
function distorted(distort: Distort): (options: SwitchOptions) => SimulatedCore {
  return options => {
    const core = new Switch(options);
    return {
      get view() {
        return core.view;
      },
      get draining() {
        return core.draining;
      },
      calls: () => core.calls(),
      handle: input => distort(core.handle(input), input),
      nextDeadlineMs: () => core.nextDeadlineMs(),
      takeFaults: () => core.takeFaults(),
    };
  };
}

/** One refuses after ringing, two answers. */
const network2 = network({ gateways: [{ name: 'one' }, { name: 'two' }] });
const gateways = {
  one: behaving({ steps: [provisional(100, 180), fail(900, 503)] }),
  two: behaving({ steps: [provisional(100, 180), answer(900)] }),
};

function violationsOf(
  distort: Distort,
  description: ScenarioDescription = {},
  snapshot: Snapshot = network2,
) {
  const found = playScenario(snapshot, scenario({ gateways, ...description }), {
    newCore: distorted(distort),
  });
  return names(found);
}

function without(type: SwitchOutput['type']): Distort {
  return outputs => outputs.filter(output => output.type !== type);
}

function twice(type: SwitchOutput['type']): Distort {
  return outputs => outputs.flatMap(output => (output.type === type ? [output, output] : [output]));
}

function changed<Type extends SwitchOutput['type']>(
  type: Type,
  change: (output: Extract<SwitchOutput, { readonly type: Type }>) => SwitchOutput | readonly SwitchOutput[],
): Distort {
  return outputs =>
    outputs.flatMap(output =>
      output.type === type ? change(output as Extract<SwitchOutput, { readonly type: Type }>) : [output],
    );
}

function record(change: Partial<CallDetailRecord>): Distort {
  return changed('writeCdr', output => ({ ...output, cdr: { ...output.cdr, ...change } }));
}

function ledger(change: (output: WriteCdrOutput) => WriteCdrOutput['ledger']): Distort {
  return changed('writeCdr', output => ({ ...output, ledger: change(output) }));
}

const callId = 'call-1';
const cancelled = { calls: [{ cancelAfterMs: 500 }] };

const wrongs: readonly (readonly [string, Distort, ScenarioDescription?])[] = [
  ['legNumber', changed('dialLeg', output => ({ ...output, leg: output.leg + 1 }))],
  ['dialledUnjournaled', without('journal')],
  ['dialledForNobody', changed('reject', output => [output, dialOf(1)]), cancelled],
  ['twoLegs', changed('dialLeg', output => [output, dialOf(output.leg + 1)])],
  ['unknownGateway', changed('dialLeg', output => ({ ...output, gateway: 'nobody' }))],
  [
    'dialledElsewhere',
    changed('dialLeg', output => ({
      ...output,
      address: { ...output.address, port: output.address.port + 1 },
    })),
  ],
  ['releasedUndialled', changed('releaseLeg', output => ({ ...output, leg: 7 })), cancelled],
  ['releasedTwice', twice('releaseLeg'), cancelled],
  ['releasedConnected', changed('answer', output => [output, { ...output, type: 'releaseLeg' }])],
  ['provisionalAfterFinal', changed('answer', output => [output, ringing(1)])],
  ['provisionalFromNobody', changed('dialLeg', output => [output, ringing(output.leg)])],
  ['statusWrong', changed('relayProvisional', output => ({ ...output, status: 200 }))],
  ['twoFinals', twice('answer')],
  ['twoFinals', twice('reject'), cancelled],
  ['statusWrong', changed('reject', output => ({ ...output, status: 200 })), cancelled],
  ['answerFromNobody', changed('dialLeg', output => [output, { type: 'answer', callId, leg: output.leg }])],
  ['answeredUnjournaled', changed('journal', output => (output.call.answeredAtMs === null ? output : []))],
  ['journalWrong', changed('journal', output => ({ ...output, call: { ...output.call, startedAtMs: 0 } }))],
  [
    'journalWrong',
    changed('journal', output => ({ ...output, call: { ...output.call, answeredAtMs: startMs } })),
  ],
  ['answerUnclaimed', without('answer')],
  ['hungUpUnanswered', changed('dialLeg', output => [output, hangUp('callee')])],
  ['hungUpTwice', twice('hangUp')],
  ['inviteUnanswered', (outputs, input) => (input.type === 'invite' ? [] : outputs)],
  ['legLeaked', without('hangUp')],
  ['legLeaked', without('releaseLeg'), cancelled],
  ['callerLeaked', without('reject'), { gateways: {}, others: behaving({ steps: [fail(0, 503)] }) }],
  ['billedTwice', twice('writeCdr')],
  ['outputAfterEnd', changed('writeCdr', output => [output, ringing(0)])],
  ['unknownCall', changed('journal', output => [output, { type: 'forgetCall', callId: 'call-2' }])],
  ['forgottenAnswered', changed('writeCdr', () => ({ type: 'forgetCall', callId }))],
  [
    'forgottenUnjournaled',
    changed('writeCdr', () => ({ type: 'forgetCall', callId })),
    { calls: [{ callee: '1' }] },
  ],
  ['recordWrong', record({ startedAtMs: startMs - 1 })],
  ['recordWrong', record({ endedAtMs: startMs })],
  ['recordWrong', record({ answeredAtMs: startMs })],
  ['recordWrong', record({ caller: '1' })],
  ['recordWrong', record({ attempts: [] })],
  ['recordWrong', record({ status: 486 })],
  ['recordWrong', record({ postDialDelayMs: 1 })],
  ['chargeSign', changed('writeCdr', output => ({ ...output, cdr: discounted(output.cdr) }))],
  ['chargedUnanswered', record({ answeredAtMs: null })],
  ['profitWrong', record({ profit: money(1n) })],
  ['ledgerWrong', ledger(() => [])],
  [
    'ledgerWrong',
    ledger(({ ledger: lines }) => lines.map(({ account, amount }) => ({ account, amount: money(-amount) }))),
  ],
  ['balanceWrong', ledger(() => [])],
  ['linesLeaked', (outputs, input) => leak(outputs, input)],
  ['holdLeaked', (outputs, input) => leak(outputs, input)],
  [
    'callLost',
    (outputs, input) => (input.type === 'shutdown' ? [] : outputs),
    { calls: [{ hangUpAfterMs: 10_000 }], events: [{ kind: 'shutdown', atMs: 5000, place }] },
  ],
  ['coreThrew', (_outputs, input) => thrown(input)],
];

for (const [index, [invariant, distort, description]] of wrongs.entries()) {
  test(`a switch that is wrong is caught by ${invariant} (${index + 1})`, () => {
    const found = violationsOf(distort, description);
    assert.ok(found.includes(invariant), `${invariant} is not among ${found.join(', ') || 'nothing'}`);
  });
}

test('the switch that is not distorted is wrong in nothing', () => {
  for (const [, , description] of wrongs)
    assert.equal(
      violationsOf(outputs => outputs, description),
      [],
    );
});

test('lines above a limit are seen, by those of the scenario or of others', () => {
  const limited = network({ gateways: [{ name: 'one', lines: 2 }] });
  const unlimited = network({ gateways: [{ name: 'one' }] });
  const calls = [{ count: 3 }];
  assert.equal(misled(limited, unlimited, { calls }), ['lineLimitPassed']);
  assert.equal(misled(limited, unlimited, { given: { routingLines: new Map([['one', 2]]) } }), [
    'lineLimitPassed',
  ]);
  assert.equal(misled(limited, unlimited, { calls: [{ count: 2 }] }), []);
  const customer = network({ gateways: [{ name: 'one' }], mapping: { lines: 2 }, customer: { lines: 2 } });
  assert.equal(misled(customer, unlimited, { calls }), ['lineLimitPassed', 'lineLimitPassed']);
});

test('lines of a group above its limit are seen, and those that others have reserved', () => {
  const of = (lines: number | null, reserved: number): Snapshot =>
    buildSnapshot({
      mappingGateways: [{ name: 'alice-in', addresses: ['192.0.2.1'], groups: [member(0, reserved)] }],
      routingGateways: [{ name: 'one', prefixes: ['44'] }],
      gatewayGroups: [{ name: 'shared', lines }],
    });
  const calls = [{ count: 3 }];
  assert.equal(misled(of(2, 0), of(null, 0), { calls }), ['groupLimitPassed']);
  assert.equal(misled(of(3, 2), of(null, 0), { calls }), ['groupLimitPassed']);
  assert.equal(misled(of(3, 0), of(null, 0), { calls }), []);
});

test('calls that come faster than a rate allows are seen', () => {
  const slow = { callRate: { calls: 2, perSeconds: 1 } };
  const unlimited = network();
  const calls = [{ count: 3, intervalMs: 400 }];
  for (const limited of [
    network({ mapping: slow }),
    network({ customer: slow }),
    network({ vendor: slow }),
    network({ gateways: [{ name: 'one', ...slow }, { name: 'two' }, { name: 'three' }] }),
    network({ parameters: slow }),
  ]) {
    assert.equal(misled(limited, unlimited, { calls }), ['callRatePassed']);
    assert.equal(misled(limited, unlimited, { calls: [{ count: 4, intervalMs: 500 }] }), []);
  }
});

test('a talk beyond the shortest limit is seen', () => {
  for (const limited of [
    network({ parameters: { maxCallDurationSeconds: 5 } }),
    network({ customer: { maxCallDurationSeconds: 5 } }),
    network({ vendor: { maxCallDurationSeconds: 5 } }),
    network({ mapping: { maxCallDurationSeconds: 5 } }),
    network({ gateways: [{ name: 'one', maxCallDurationSeconds: 5 }] }),
  ]) {
    assert.equal(misled(limited, network(), {}), ['talkTooLong']);
  }
  const capped = network({ parameters: { noTimerCapSeconds: 5 } });
  assert.equal(misled(capped, network(), { calls: [{ timerCapable: false }] }), ['talkTooLong']);
  assert.equal(misled(capped, network(), {}), []);
});

test('an account that goes below its overdraft limit is seen', () => {
  const prepaid = network({ customer: { overdraftLimit: '0' } });
  const balances = { alice: '0.005' };
  assert.equal(misled(prepaid, network(), { balances }), ['overdraftPassed']);
  assert.equal(misled(prepaid, network(), { balances: { alice: '0.01' } }), []);
});

test('a switch that names the same deadline for ever is stopped', () => {
  const newCore = (options: SwitchOptions): SimulatedCore => {
    const core = distorted(outputs => outputs)(options);
    return Object.defineProperties(core, { nextDeadlineMs: { value: () => startMs } });
  };
  assert.equal(names(playScenario(network2, scenario(), { newCore })), ['deadlineStuck']);
});

test('a fault that the switch contained is told', () => {
  const newCore = (options: SwitchOptions): SimulatedCore => {
    const core = distorted(outputs => outputs)(options);
    const faults = [{ callId, error: new Error('a bug'), ended: true }];
    return Object.defineProperties(core, { takeFaults: { value: () => faults.splice(0) } });
  };
  assert.equal(names(playScenario(network2, scenario(), { newCore })), ['coreFault']);
});

/** A switch that believes in another configuration than the world. */
function misled(real: Snapshot, believed: Snapshot, description: ScenarioDescription): readonly string[] {
  const newCore = (options: SwitchOptions): SimulatedCore => new Switch({ ...options, snapshot: believed });
  return names(playScenario(real, scenario(description), { newCore }));
}

function dialOf(leg: number): SwitchOutput {
  const { address } = network2.routingGateways[1]!;
  const numbers = { caller: '1', callee: '2', forwarding: null };
  return { type: 'dialLeg', callId, leg, gateway: 'two', address, ...numbers, resendIntervalsMs: [500] };
}

function ringing(leg: number): SwitchOutput {
  return { type: 'relayProvisional', callId, leg, status: 180, reason: 'Ringing' };
}

function hangUp(side: 'caller' | 'callee'): SwitchOutput {
  return { type: 'hangUp', callId, side, reason: 'CallerHangup' };
}

function discounted(cdr: CallDetailRecord): CallDetailRecord {
  return { ...cdr, customerCharge: { ...cdr.customerCharge!, amount: money(-1n) } };
}

/** Lets go of a call that it still holds lines and credit for. */
function leak(outputs: readonly SwitchOutput[], input: SwitchInput): readonly SwitchOutput[] {
  return input.type === 'invite' ? [...outputs, { type: 'forgetCall', callId }] : outputs;
}

function thrown({ type }: SwitchInput): readonly SwitchOutput[] {
  if (type === 'invite') throw new Error('a bug');
  return [];
}

test.run();
