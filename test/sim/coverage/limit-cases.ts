/** Failures and limits. */
import { network } from '../../call/networks.ts';
import { member, ruleSource } from '../../support/routing-rules.ts';
import { type Case, dials, fails, type Play, plain, wider } from './case.ts';

export const failures: readonly Case[] = [
  {
    kind: 'failurePath',
    name: 'one: a failure after which the hunt goes on',
    snapshot: plain,
    covers: fails(503),
    comesNear: fails(486),
  },
  {
    kind: 'failurePath',
    name: 'one: stop on 404',
    snapshot: network({
      gateways: [{ name: 'one', stopCodes: [{ from: 404, to: 404 }] }, { name: 'two' }],
    }),
    covers: fails(404),
    comesNear: fails(410),
  },
  { kind: 'failurePath', name: 'stop on 6xx', snapshot: plain, covers: fails(603), comesNear: fails(503) },
  { kind: 'failurePath', name: 'stop after 486', snapshot: plain, covers: fails(486), comesNear: fails(480) },
  {
    kind: 'failurePath',
    name: 'stop after an INVITE timeout',
    snapshot: network({ gateways: [{ name: 'one', hunting: { stopAfterInviteTimeout: true } }] }),
    covers: calls => {
      calls.invite();
      calls.pass(10_000);
    },
    comesNear: calls => {
      const call = calls.invite();
      calls.give({ type: 'legTrying', callId: call, leg: 0 });
      calls.pass(20_000);
    },
  },
  {
    kind: 'failurePath',
    name: 'stop after a ringing timeout',
    snapshot: plain,
    covers: calls => {
      calls.provisional(calls.invite(), 0, 180);
      calls.pass(120_000);
    },
    comesNear: calls => {
      calls.provisional(calls.invite(), 0, 183);
      calls.pass(20_000);
    },
  },
  {
    kind: 'failurePath',
    name: 'stop after SDP',
    snapshot: plain,
    covers: calls => {
      const call = calls.invite();
      calls.provisional(call, 0, 183, true);
      calls.fails(call, 0, 503);
    },
    comesNear: calls => {
      const call = calls.invite();
      calls.provisional(call, 0, 180);
      calls.fails(call, 0, 503);
    },
  },
  {
    kind: 'failurePath',
    name: 'a gateway left alone for Retry-After',
    snapshot: plain,
    covers: fails(503, { retryAfterSeconds: 30 }),
    comesNear: fails(500, { retryAfterSeconds: 30 }),
  },
  {
    kind: 'failurePath',
    name: 'alice-in: 503 becomes 480',
    snapshot: network({
      mapping: { replaceFailedReason: { codes: [{ from: 503, to: 480 }], other: 500 } },
    }),
    covers: fails(503),
    comesNear: fails(404),
  },
];

const twice: Play = calls => {
  calls.invite();
  calls.invite();
};
const once: Play = dials();
const oneInTen = { calls: 1, perSeconds: 10 };

export const limits: readonly Case[] = [
  {
    kind: 'limit',
    name: 'alice-in: lines in use',
    snapshot: network({ mapping: { lines: 1 } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice-in: call rate',
    snapshot: network({ mapping: { callRate: oneInTen } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice: lines in use',
    snapshot: network({ customer: { lines: 1 } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice: call rate',
    snapshot: network({ customer: { callRate: oneInTen } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: lines in use',
    snapshot: network({ gateways: [{ name: 'one', lines: 1 }, { name: 'two' }] }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: call rate',
    snapshot: network({ gateways: [{ name: 'one', callRate: oneInTen }, { name: 'two' }] }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: offline',
    snapshot: network({ gateways: [{ name: 'one', optionsCheck: true }, { name: 'two' }] }),
    covers: calls => {
      calls.core.view.routingGateways[0]!.offline = true;
      calls.invite();
    },
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: caller pool used up',
    snapshot: network({
      gateways: [
        {
          name: 'one',
          callerPool: {
            lists: [],
            numbers: ['12025550101'],
            linesPerNumber: 1,
            order: 'rotating',
            source: ruleSource(1),
          },
        },
      ],
    }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'trunk: lines in use',
    snapshot: wider({
      gatewayGroups: [{ name: 'trunk', lines: 1 }],
      routingGateways: [{ name: 'one', clearingAccount: 'victor', prefixes: ['44'], groups: [member(0)] }],
    }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'one: 2 lines left to others',
    snapshot: wider({
      gatewayGroups: [{ name: 'trunk', lines: 2 }],
      routingGateways: [{ name: 'one', clearingAccount: 'victor', prefixes: ['44'], groups: [member(0, 2)] }],
    }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice: credit used up',
    snapshot: network({ customer: { overdraftLimit: '0.06' } }),
    covers: twice,
    comesNear: once,
  },
  {
    kind: 'limit',
    name: 'alice: credit used up',
    snapshot: network({ customer: { overdraftLimit: '0.15' } }),
    covers: calls => {
      calls.answers(calls.invite());
      calls.pass(300_000);
    },
    comesNear: calls => calls.talk(100),
  },
  {
    kind: 'limit',
    name: 'victor: credit used up',
    snapshot: network({ vendor: { overdraftLimit: '0.04' } }),
    covers: calls => {
      calls.answers(calls.invite());
      calls.pass(300_000);
    },
    comesNear: calls => calls.talk(60),
  },
  {
    kind: 'limit',
    name: 'one: longest talk',
    snapshot: network({
      gateways: [{ name: 'one', maxCallDurationSeconds: 30 }],
      customer: { maxCallDurationSeconds: 60 },
    }),
    covers: calls => {
      calls.answers(calls.invite());
      calls.pass(60_000);
    },
    comesNear: calls => calls.talk(29),
  },
  {
    kind: 'limit',
    name: 'alice-in: wait for ringing',
    snapshot: network({ mapping: { callProceedingTimeoutMs: 5_000 } }),
    covers: calls => {
      calls.invite();
      calls.pass(5_000);
    },
    comesNear: calls => {
      calls.provisional(calls.invite(), 0, 180);
      calls.pass(5_000);
    },
  },
];
