/** Rules about numbers and between gateways. */
import { network } from '../../call/networks.ts';
import { startMs } from '../../call/world.ts';
import { dialPlans } from '../../support/dial-plans.ts';
import { groupFilter, lengths, lists, pairs, prefixes } from '../../support/routing-rules.ts';
import { type Case, dials, later, talks, wider } from './case.ts';

export const numbers: readonly Case[] = [
  {
    kind: 'dialPlanRule',
    name: 'callee 020:4420',
    snapshot: network({ mapping: { dialPlans: dialPlans({ callee: '020:4420,00:' }) } }),
    covers: dials({ callee: '02079460000' }),
    comesNear: dials({ callee: '00442079460000' }),
  },
  {
    kind: 'dialPlanRule',
    name: 'callee 44:0',
    snapshot: network({ gateways: [{ name: 'one', dialPlans: dialPlans({ callee: '44:0' }) }] }),
    covers: dials(),
    comesNear: dials({ callee: '332079460000' }),
  },
  {
    kind: 'numberRule',
    name: 'deny callee 4420',
    snapshot: network({ mapping: { calleePrefixes: { deny: ['4420', '4421'] } } }),
    covers: dials(),
    comesNear: dials({ callee: '442179460000' }),
  },
  {
    kind: 'numberRule',
    name: 'allow caller 1202',
    snapshot: network({
      gateways: [{ name: 'one', numbers: { callerPrefixes: prefixes('allow', ['1202']) } }],
    }),
    covers: dials(),
    comesNear: dials({ caller: '12125550100' }),
  },
  {
    kind: 'numberRule',
    name: 'deny every other caller',
    snapshot: network({
      gateways: [{ name: 'one', numbers: { callerPrefixes: prefixes('allow', ['1202']) } }],
    }),
    covers: dials({ caller: '12125550100' }),
    comesNear: dials(),
  },
  {
    kind: 'numberRule',
    name: 'deny 1202 to 4420',
    snapshot: network({
      mapping: { numbers: { callerCalleePrefixes: pairs('deny', ['1202:4420', '1212:44']) } },
    }),
    covers: dials(),
    comesNear: dials({ caller: '12125550100' }),
  },
  {
    kind: 'numberRule',
    name: 'deny callee of another length',
    snapshot: network({ mapping: { numbers: { calleeLengths: lengths([12]) } } }),
    covers: dials({ callee: '4420794600' }),
    comesNear: dials(),
  },
  {
    kind: 'numberRule',
    name: 'deny callee of blocked',
    snapshot: wider({
      numberLists: [{ name: 'blocked', numbers: ['442079460000'] }],
      routingGateways: [
        {
          name: 'one',
          clearingAccount: 'victor',
          prefixes: ['44'],
          numbers: { calleeLists: lists('deny', [0]) },
        },
      ],
    }),
    covers: dials(),
    comesNear: dials({ callee: '442079460001' }),
  },
  {
    kind: 'numberRule',
    name: 'deny callee that is not off-net',
    snapshot: wider({
      numberLists: [{ name: 'ours', prefixes: ['4420'] }],
      onNetNumbers: ['ours'],
      routingGateways: [
        { name: 'one', clearingAccount: 'victor', prefixes: ['44'], numbers: { calleeNetwork: 'off-net' } },
      ],
    }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
];

export const rules: readonly Case[] = [
  {
    kind: 'routeRule',
    name: 'alice-in: routing gateways that it may not use',
    snapshot: network({ mapping: { routingGateways: { deny: ['one'] } } }),
    covers: dials(),
    comesNear: dials({ callee: '332079460000' }),
  },
  {
    kind: 'routeRule',
    name: 'one: mapping gateways that it does not take, by group',
    snapshot: wider({
      gatewayGroups: [{ name: 'trunk' }],
      routingGateways: [
        {
          name: 'one',
          clearingAccount: 'victor',
          prefixes: ['44'],
          mappingGatewayGroups: groupFilter('allow', [0]),
        },
      ],
    }),
    covers: dials(),
    comesNear: dials({ callee: '332079460000' }),
  },
  {
    kind: 'routeRule',
    name: 'one: profit below 60 %',
    snapshot: network({
      wholesale: [
        { prefix: '44', rate: '0.03' },
        { prefix: '4416', rate: '0.01' },
      ],
      gateways: [{ name: 'one', checkRate: true, minimumProfitPercent: 60 }],
    }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
  {
    kind: 'routeRule',
    name: 'alice: locked',
    snapshot: network({ customer: { locked: true }, mapping: { calleePrefixes: { allow: ['4420'] } } }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
  {
    kind: 'routeRule',
    name: 'alice: expired',
    snapshot: network({ customer: { validUntilMs: startMs + 60_000 } }),
    covers: later,
    comesNear: talks,
  },
];
