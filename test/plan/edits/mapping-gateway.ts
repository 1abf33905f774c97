import { type Edit, network, put, set } from './network.ts';

const bell = 'gateways/mapping/bell.yaml';
const of = (settings: string, more: Readonly<Record<string, string>> = {}): Edit => set(bell, settings, more);

const tags = {
  'switch.yaml': `${network['switch.yaml']}parameters: { SERVER_GATEWAY_ROUTE_PREFIX: "a, b" }\n`,
};

export const mappingGatewayEdits: readonly Edit[] = [
  of('account: gray'),
  of('authentication: ip-port\naddresses: ["192.0.2.1:5060"]'),
  of('addresses: [192.0.2.9]'),
  of('locked: true'),
  of('lines: 5'),
  of('callRate: { calls: 10, perSeconds: 1 }'),
  of('groups: [{ group: trunks, reservedLines: 2 }]'),
  of('callerPrefixes: { allow: ["49"] }'),
  of('calleePrefixes: { deny: ["447"] }'),
  of('forwardingPrefixes: { allow: ["49"] }'),
  of('callerCalleePrefixes: { allow: [{ caller: "49", callee: "44" }] }'),
  of('callerLengths: ["7-15"]'),
  of('calleeLengths: ["8-15"]'),
  of('callerLists: { deny: [own] }'),
  of('calleeLists: { allow: [own] }'),
  of('calleeNetwork: on-net', { 'switch.yaml': `${network['switch.yaml']}onNetNumbers: [own]\n` }),
  of('callLevel: local', {
    'rates/retail.yaml': network['rates/retail.yaml']!.replace(
      'rate: 0.04',
      'rate: 0.04, level: international',
    ),
  }),
  of('routingGateways: { allow: [best] }'),
  of('routingGateways: { deny: [best] }'),
  of('routingGatewayGroups: { allow: [trunks] }'),
  of('routingGatewayGroups: { deny: [trunks] }'),
  of('firstRoutePolicy: rate'),
  of('firstRoutePolicy: asr'),
  of('secondRoutePolicy: rate'),
  of('minimumProfitPercent: 30', {
    'gateways/routing/acme.yaml': `${network['gateways/routing/acme.yaml']}checkRate: true\n`,
  }),
  of('maximumRate: { rate: 0.03, perSeconds: 60 }', {
    'gateways/routing/acme.yaml': `${network['gateways/routing/acme.yaml']}checkRate: true\n`,
  }),
  of('routeShares: [{ tag: a, share: 70 }, { tag: b, share: 30 }]', {
    ...tags,
    'gateways/routing/acme.yaml': network['gateways/routing/acme.yaml']!.replace('"44", "447"', 'a44'),
    'gateways/routing/best.yaml': network['gateways/routing/best.yaml']!.replace('"44", "1"', 'b44'),
  }),
  of('dialPlans: { caller: "0:49" }'),
  of('dialPlans: { callee: "0044:44" }'),
  of('dialPlans: { forwarding: "0:49" }'),
  of('lrn: { table: ported, onFailure: reject }'),
  of('lrn: { table: ported, eatPrefixDigits: 1, onFailure: continue }'),
  of('lrn: { table: ported, intrastatePrefix: "91", interstatePrefix: "92", undeterminedPrefix: "93" }'),
  of('lrn: { table: ported, routeByLrn: true }'),
  of('periods: [{ calendar: nights, available: false }]'),
  of('periods: [{ calendar: nights, lines: 3 }]'),
  of('periods: [{ calendar: nights, callerPrefixes: { deny: ["49"] } }]'),
  of('periods: [{ calendar: nights, calleePrefixes: { deny: ["447"] } }]'),
  of('periods: [{ calendar: nights, dialPlans: { caller: "0:49", callee: "0044:44", forwarding: "0:49" } }]'),
  of('protectRouteDelaySeconds: 12'),
  of('maxCallDurationSeconds: 600'),
  of('callProceedingTimeoutSeconds: 20'),
  of('replaceFailedReason: [{ from: 503, to: 486 }]'),
  put('a customer gateway that is new', {
    'gateways/mapping/bell-two.yaml': 'account: bell\nauthentication: ip\naddresses: [192.0.2.3]\n',
  }),
  put('a customer gateway that is gone', { 'gateways/mapping/gray.yaml': null }),
];
