import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AttemptFailure,
  type AttemptProgress,
  responseOf,
  type StopRuleName,
  stopRuleFor,
  unavailableUntil,
} from '../../src/call/hunting.ts';
import type { HuntingRules, RoutingGateway } from '../../src/config/snapshot.ts';
import { network } from './networks.ts';

const test = suite('call/hunting');

const quiet: AttemptProgress = { rang: false, sdpSeen: false };
const rang: AttemptProgress = { rang: true, sdpSeen: false };
const sdpSeen: AttemptProgress = { rang: false, sdpSeen: true };
const untilConnect: Partial<HuntingRules> = { untilConnect: true };

const code = (status: number): AttemptFailure => ({
  kind: 'response',
  status,
  receivedStatus: null,
  reason: '',
});
const late = (stage: 'invite' | 'trying' | 'progress' | 'progressSdp' | 'ringing'): AttemptFailure => ({
  kind: 'timeout',
  stage,
});
const unreachable: AttemptFailure = { kind: 'unreachable', reason: '' };

function gatewayWith(
  hunting: Partial<HuntingRules> = {},
  stopCodes: RoutingGateway['stopCodes'] = [],
): RoutingGateway {
  return network({ gateways: [{ name: 'one', hunting, stopCodes }] }).routingGateways[0]!;
}

const stops404 = [{ from: 404, to: 404 }];
const stops4xx = [{ from: 400, to: 499 }];

/** After `failure` at a gateway with these rules: the rule that stops the hunt, or null for the next gateway. */
const table: readonly [
  what: string,
  failure: AttemptFailure,
  progress: AttemptProgress,
  gateway: RoutingGateway,
  expected: StopRuleName | null,
][] = [
  ['an INVITE timeout', late('invite'), quiet, gatewayWith(), null],
  [
    'an INVITE timeout where it stops',
    late('invite'),
    quiet,
    gatewayWith({ stopAfterInviteTimeout: true }),
    'stopAfterInviteTimeout',
  ],
  [
    'an INVITE timeout where it stops, until connect',
    late('invite'),
    quiet,
    gatewayWith({ stopAfterInviteTimeout: true, ...untilConnect }),
    'stopAfterInviteTimeout',
  ],
  ['a trying timeout', late('trying'), quiet, gatewayWith({ stopAfterInviteTimeout: true }), null],
  ['a 302', code(302), quiet, gatewayWith(), null],
  ['a 404', code(404), quiet, gatewayWith(), null],
  ['a 503', code(503), quiet, gatewayWith(), null],
  ['an unreachable gateway', unreachable, quiet, gatewayWith({}, [{ from: 503, to: 503 }]), null],
  ['a stop code', code(404), quiet, gatewayWith({}, stops404), 'stopCode'],
  ['a code beside the stop code', code(405), quiet, gatewayWith({}, stops404), null],
  ['a class of stop codes', code(480), quiet, gatewayWith({}, stops4xx), 'stopCode'],
  ['a timeout where 4xx stops', late('invite'), quiet, gatewayWith({}, stops4xx), null],
  ['a stop code, until connect', code(404), quiet, gatewayWith(untilConnect, stops404), 'stopCode'],
  ['a 486', code(486), quiet, gatewayWith(), 'stopAfterUserBusy'],
  ['a 486 where busy moves on', code(486), quiet, gatewayWith({ stopAfterUserBusy: false }), null],
  ['a 486, until connect', code(486), quiet, gatewayWith(untilConnect), null],
  ['a 603', code(603), quiet, gatewayWith(), 'stopOn6xx'],
  ['a 603 where 6xx moves on', code(603), quiet, gatewayWith({ stopOn6xx: false }), null],
  ['a 603, until connect', code(603), quiet, gatewayWith(untilConnect), 'stopOn6xx'],
  ['a failure after SDP', code(503), sdpSeen, gatewayWith(), 'stopAfterSdp'],
  ['a failure after SDP where it moves on', code(503), sdpSeen, gatewayWith({ stopAfterSdp: false }), null],
  ['a failure after SDP, until connect', code(503), sdpSeen, gatewayWith(untilConnect), null],
  ['a timeout after SDP', late('progressSdp'), sdpSeen, gatewayWith(), 'stopAfterSdp'],
  ['a timeout after SDP, until connect', late('progressSdp'), sdpSeen, gatewayWith(untilConnect), null],
  ['a failure after 180', code(480), rang, gatewayWith(), null],
  [
    'a failure after 180 where it stops',
    code(480),
    rang,
    gatewayWith({ stopAfterRinging: true }),
    'stopAfterRinging',
  ],
  [
    'a failure after 180, until connect',
    code(480),
    rang,
    gatewayWith({ stopAfterRinging: true, ...untilConnect }),
    null,
  ],
  ['a ringing timeout', late('ringing'), rang, gatewayWith(), 'ringingTimeout'],
  ['a ringing timeout, until connect', late('ringing'), rang, gatewayWith(untilConnect), null],
  ['a progress timeout', late('progress'), quiet, gatewayWith(), null],
];

for (const [what, failure, progress, gateway, expected] of table) {
  test(`after ${what} the hunt ${expected === null ? 'goes on' : `ends by ${expected}`}`, () => {
    assert.is(stopRuleFor(failure, progress, gateway), expected);
  });
}

test('Retry-After of a 503 counts up to 300 seconds, and of nothing else', () => {
  assert.is(unavailableUntil(503, 30, 1000), 31_000);
  assert.is(unavailableUntil(503, 86_400, 1000), 301_000);
  assert.is(unavailableUntil(503, null, 1000), null);
  assert.is(unavailableUntil(503, 0, 1000), null);
  assert.is(unavailableUntil(503, -5, 1000), null);
  assert.is(unavailableUntil(503, Number.NaN, 1000), null);
  assert.is(unavailableUntil(486, 30, 1000), null);
});

test('a code is replaced by its own replacement, else by that of all others, else not at all', () => {
  const codes = [
    { from: 404, to: 503 },
    { from: 486, to: 486 },
  ];
  const became = (status: number, other: number | null) => responseOf({ codes, other }, status, 'x').status;

  assert.is(became(404, 480), 503);
  assert.is(became(500, 480), 480);
  assert.is(became(500, null), 500);
  assert.is(became(486, 480), 486, 'a code replaced by itself stays out of the others');
  assert.is(responseOf(null, 404, 'x').status, 404);
});

test('the code received is kept only where another one stands in its place', () => {
  const replacements = { codes: [{ from: 404, to: 503 }], other: null };
  const kept = (status: number) => responseOf(replacements, status, 'x').receivedStatus;

  assert.is(kept(404), 404);
  assert.is(kept(503), null);
});

test.run();
