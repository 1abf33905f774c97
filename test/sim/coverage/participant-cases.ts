/** Who takes part in calls, and what chooses among them. */
import { network } from '../../call/networks.ts';
import { lrnTable } from '../../support/dial-plans.ts';
import { member, ruleSource } from '../../support/routing-rules.ts';
import { type Case, dials, elsewhere, fails, plain, talks, wider } from './case.ts';

export const participants: readonly Case[] = [
  {
    kind: 'mappingGateway',
    name: 'alice-in',
    snapshot: plain,
    covers: dials(),
    comesNear: dials(elsewhere),
  },
  { kind: 'account', name: 'victor', snapshot: plain, covers: talks, comesNear: fails(503) },
  { kind: 'routingGateway', name: 'two', snapshot: plain, covers: fails(503), comesNear: talks },
  { kind: 'answeringGateway', name: 'one', snapshot: plain, covers: talks, comesNear: fails(503) },
  {
    kind: 'protectRoute',
    name: 'two',
    snapshot: network({ gateways: [{ name: 'one' }, { name: 'two', protectRoute: true }] }),
    covers: fails(503),
    comesNear: talks,
  },
  {
    kind: 'prefix',
    name: 'one: 4420',
    snapshot: network({ gateways: [{ name: 'one', prefixes: ['44', '4420'] }] }),
    covers: dials(),
    comesNear: dials({ callee: '441619460000' }),
  },
  {
    kind: 'gatewayGroup',
    name: 'trunk',
    snapshot: wider({
      gatewayGroups: [{ name: 'trunk', lines: 5 }],
      routingGateways: [{ name: 'one', clearingAccount: 'victor', prefixes: ['44'], groups: [member(0)] }],
    }),
    covers: dials(),
    comesNear: dials({ callee: '331619460000' }),
  },
  {
    kind: 'routeShare',
    name: 'alice-in: 50 of 100 with tag 9',
    snapshot: wider({
      parameters: { routeTags: ['9'] },
      mappingGateways: [
        {
          name: 'alice-in',
          account: 'alice',
          addresses: ['192.0.2.1'],
          routeShares: {
            shares: [
              { tag: '9', weight: 50, source: ruleSource(1) },
              { tag: '', weight: 50, source: ruleSource(2) },
            ],
            total: 100,
            source: ruleSource(1),
          },
        },
      ],
    }),
    covers: calls => {
      for (let call = 0; call < 3; call++) calls.invite();
    },
    comesNear: dials({ callee: '331619460000' }),
  },
  {
    kind: 'callerPool',
    name: 'one',
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
    covers: dials(),
    comesNear: dials({ callee: '331619460000' }),
  },
  {
    kind: 'lrn',
    name: 'alice-in: intrastate, by us',
    snapshot: wider({
      mappingGateways: [
        {
          name: 'alice-in',
          account: 'alice',
          addresses: ['192.0.2.1'],
          lrn: {
            table: 0,
            eatPrefixDigits: 0,
            onFailure: 'continue',
            intrastatePrefix: '44',
            interstatePrefix: '44',
            undeterminedPrefix: '44',
            routeByLrn: false,
            source: ruleSource(1),
          },
        },
      ],
      lrnTables: [{ ...lrnTable('202555 - DC', '212555 - NY'), name: 'us' }],
    }),
    covers: dials({ callee: '12025550199' }),
    comesNear: dials({ callee: '12125550199' }),
  },
];
