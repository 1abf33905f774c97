/** Explanations of real files: each names the very line that decided. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SwitchState } from '../../src/call/gateway-state.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { idleSwitch } from '../../src/explain/circumstances.ts';
import { explainCall } from '../../src/explain/explain-call.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import type { Question } from '../../src/explain/question.ts';
import { snapshotOf } from '../config/directories.ts';

const test = suite('explain/places');

const files = {
  'switch.yaml': `name: places
currency: USD
sip: { listen: [{ transport: udp, address: 127.0.0.1, port: 5060 }] }
parameters:
  SS_MAX_CPS: 1
  SERVER_GATEWAY_ROUTE_PREFIX: [gold]
`,
  'accounts/shop.yaml': 'kind: customer\nrateTable: retail\n',
  'accounts/acme.yaml': 'kind: vendor\nunrated: true\n',
  'rates/retail.yaml': `rows:
  - { prefix: "1212", rate: 0.02 }
  - { prefix: "91212", rate: 0.01 }
`,
  'lrn/ported.yaml': 'file: ported.csv\n',
  'lrn/ported.csv': 'number,lrn,state\n212555,,NY\n213555,,CA\n',
  'gateways/groups/trunks.yaml': '# Shared lines.\nlines: 1\n',
  'gateways/mapping/shop.yaml': `account: shop
authentication: ip
addresses: [192.0.2.1]
routeShares:
  - tag: gold
    share: 100
lrn:
  table: ported
  eatPrefixDigits: 1
  onFailure: reject
  intrastatePrefix: "9"
`,
  'gateways/routing/one.yaml': `clearingAccount: acme
address: 198.51.100.1
prefixes: [gold1]
lines: 1
groups: [trunks]
`,
  'gateways/routing/two.yaml': `clearingAccount: acme
address: 198.51.100.2
prefixes: [gold1]
groups: [trunks]
`,
};

const question: Question = {
  callee: '12125550123',
  caller: '2125550100',
  forwarding: null,
  from: { kind: 'gateway', name: 'shop' },
  atMs: 0,
  seed: 0,
  down: [],
  full: [],
};

/** `calls` are up through the gateway `one`, all of them begun at the time of the question. */
function explained(snapshot: Snapshot, callee: string, calls = 0): Explanation {
  const state = new SwitchState(snapshot, new Map());
  const { view } = state;
  for (let i = 0; i < calls; i++) {
    view.routingGateways[0]!.take(snapshot.routingGateways[0]!, 0);
    view.groups[0]!.take();
  }
  return explainCall({ ...idleSwitch(snapshot), view }, { ...question, callee });
}

test('what is done to a number points at the line of the parameter or setting that did it', () => {
  const { numbers } = explained(snapshotOf(files), '12125550123');

  assert.equal(
    numbers.steps.map(({ stage, source }) => `${stage} ${source}`),
    [
      'lrn lrn/ported.csv:2',
      'routeByLrn gateways/mapping/shop.yaml:8',
      'routeShare gateways/mapping/shop.yaml:5',
      'routeTag switch.yaml:6',
      'billingPrefix gateways/mapping/shop.yaml:11',
    ],
  );
});

test('a query that finds nothing points at the line that refuses the call', () => {
  const { rejected } = explained(snapshotOf(files), '14155550123');

  assert.is(rejected!.reason, 'LrnQueryFailed');
  assert.is(rejected!.source, 'gateways/mapping/shop.yaml:10');
});

test('a group without a free line points at its lines, and one line is no “all lines”', () => {
  const { excluded } = explained(snapshotOf(files), '12125550123', 1);

  assert.equal(
    excluded.map(({ reason, detail, source }) => `${reason} (${detail}) ${source}`),
    [
      'linesFull (its only line is in use) gateways/routing/one.yaml:4',
      'groupLinesFull (the only line of the group trunks is in use) gateways/groups/trunks.yaml:2',
    ],
  );
});

test('a switch that has had all calls of a second points at the parameter', () => {
  const snapshot = snapshotOf(files);
  const { view } = new SwitchState(snapshot, new Map());
  view.callStarts.note(snapshot.parameters.callRate!, 0);
  const { rejected } = explainCall({ view, live: false, draining: false }, question);

  assert.is(rejected!.detail, 'the switch (SS_MAX_CPS) has had 1 call per second already');
  assert.is(rejected!.source, 'switch.yaml:5');
});

test.run();
