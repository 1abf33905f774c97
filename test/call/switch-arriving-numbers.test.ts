/** What a mapping gateway asks of the numbers as they were sent, each with a call that the rule does not touch. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NumberRules } from '../../src/config/snapshot.ts';
import { idleSwitch } from '../../src/explain/circumstances.ts';
import { explainCall } from '../../src/explain/explain-call.ts';
import { dailyCalendar } from '../support/calendars.ts';
import { type NetworkDescription, network } from './networks.ts';
import { startMs, World } from './world.ts';

const test = suite('call/switch-arriving-numbers');

const source = { file: 'gateways/mapping/alice-in.yaml', line: 9, column: 1 };
const callee = '442079460000';
const other = '442079460001';

/** The end of a call to this number, by the switch and by what is explained; null when it is tried. */
function outcome(description: NetworkDescription, called: string, caller: string = '12025550100') {
  const snapshot = network(description);
  const world = new World(snapshot);
  world.invite({ callee: called, caller });
  const ended = world.dialled('call').length > 0 ? null : world.cdr().endReason;
  const { rejected } = explainCall(idleSwitch(snapshot), {
    callee: called,
    caller,
    forwarding: null,
    from: { kind: 'address', address: '192.0.2.1', port: 5060 },
    atMs: startMs,
    seed: 0,
    down: [],
    full: [],
  });
  assert.is(rejected?.reason ?? null, ended);
  return { ended, detail: rejected?.detail ?? null, source: rejected?.source ?? null };
}

const rules: Readonly<Record<string, readonly [Partial<NumberRules>, refused: string, passes: string]>> = {
  'lengths of callees': [
    { calleeLengths: { kind: 'allow', low: 1 << 12, high: 0, source } },
    `${callee}1`,
    callee,
  ],
  'pairs of prefixes': [
    { callerCalleePrefixes: { kind: 'deny', pairs: [{ caller: '1202', callee: '4420' }], source } },
    callee,
    '447700900123',
  ],
  'prefixes of callees': [
    { calleePrefixes: { kind: 'deny', prefixes: ['4420'], source } },
    callee,
    '447700900123',
  ],
};

for (const [what, [numbers, refused, passes]] of Object.entries(rules)) {
  test(`${what} are asked of the numbers as they were sent`, () => {
    const result = outcome({ mapping: { numbers } }, refused);

    assert.is(result.ended, 'NumberNotAllowed');
    assert.is(result.source, 'gateways/mapping/alice-in.yaml:9');
    assert.is(outcome({ mapping: { numbers } }, passes).ended, null);
    assert.is(outcome({}, refused).ended, null, 'without the rule');
  });
}

const always = dailyCalendar('always', 0, 1440);
const plainPeriod = {
  calendar: 0,
  source,
  available: true,
  lines: null,
  priority: null,
  callerPrefixes: null,
  calleePrefixes: null,
  dialPlans: -1,
};

test('in a period without calls a mapping gateway takes none, and in another it does', () => {
  const at = (available: boolean): NetworkDescription => ({
    calendars: [always],
    mapping: { periods: [{ ...plainPeriod, available }] },
  });
  const { ended, detail } = outcome(at(false), callee);

  assert.is(ended, 'GatewayLocked');
  assert.is(detail, 'alice-in takes no calls while always counts');
  assert.is(outcome(at(true), callee).ended, null);
});

test('the prefixes of a period take the place of those of the gateway', () => {
  const description: NetworkDescription = {
    calendars: [always],
    mapping: {
      numbers: { calleePrefixes: { kind: 'deny', prefixes: [callee], source } },
      periods: [{ ...plainPeriod, calleePrefixes: { kind: 'deny', prefixes: [other], source } }],
    },
  };

  assert.is(outcome(description, callee).ended, null);
  assert.is(outcome(description, other).ended, 'NumberNotAllowed');
});

test.run();
