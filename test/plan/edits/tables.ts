import { type Edit, network, put, set } from './network.ts';

const best = 'rates/best.yaml';
const columns = (more: string, header: string, row: string): Edit =>
  set(best, `deck:\n  file: best.csv\n  columns: { prefix: prefix, rate: rate, ${more} }`, {
    'rates/best.csv': `prefix,rate,${header}\n44,0.013,${row}\n447,0.035,\n1,0.008,\n`,
  });
const row = (more: string): Edit =>
  set(
    'rates/retail.yaml',
    `rows:\n  - { prefix: "44", rate: 0.02, ${more} }\n  - { prefix: "1", rate: 0.01 }`,
  );
const defaults = (more: string): Edit => set('rates/retail.yaml', `defaults: { ${more} }`);

export const rateTableEdits: readonly Edit[] = [
  set('rates/retail.yaml', 'rows:\n  - { prefix: "44", rate: 0.02 }\n  - { prefix: "1", rate: 0.01 }'),
  set(
    'rates/retail.yaml',
    'rows:\n  - { prefix: "44", rate: 0.021 }\n  - { prefix: "447", rate: 0.02 }\n  - { prefix: "1", rate: 0.01 }',
  ),
  row('unit: 1'),
  row('increments: 60/60'),
  row('connectFee: 0.05'),
  row('stages: [{ seconds: 60, fee: 0.1 }]'),
  row('freeSeconds: 10'),
  row('level: local'),
  row('locked: true'),
  row('effectiveFrom: 2030-01-01'),
  row('effectiveUntil: 2030-01-01'),
  row('destination: United Kingdom'),
  defaults('unit: 1'),
  defaults('increments: 30/6'),
  defaults('connectFee: 0.01'),
  defaults('stages: [{ seconds: 60, fee: 0.1 }]'),
  defaults('freeSeconds: 5'),
  defaults('level: international'),
  columns('unit: unit', 'unit', '1'),
  columns('increments: steps', 'steps', '30/6'),
  put('rates/best.yaml: a deck with semicolons, and columns for firstIncrement and nextIncrement', {
    'rates/best.yaml':
      'deck:\n  file: best.csv\n  delimiter: ";"\n  columns: { prefix: prefix, rate: rate, firstIncrement: first, nextIncrement: next }\n',
    'rates/best.csv': 'prefix;rate;first;next\n44;0.013;30;6\n447;0.035;1;1\n1;0.008;1;1\n',
  }),
  columns('connectFee: fee', 'fee', '0.01'),
  columns('stages: stages', 'stages', '60:0.1'),
  columns('freeSeconds: free', 'free', '5'),
  columns('level: level', 'level', 'local'),
  columns('locked: locked', 'locked', 'yes'),
  columns('effectiveFrom: start', 'start', '2030-01-01'),
  columns('effectiveUntil: end', 'end', '2030-01-01'),
  put('rows of a deck: dearer, gone and new', {
    'rates/best.csv': 'prefix,rate\n44,0.015\n4420,0.011\n1,0.02\n',
  }),
];

export const otherTableEdits: readonly Edit[] = [
  set('calendars/nights.yaml', 'timeZone: Europe/Rome', nightly()),
  set('calendars/nights.yaml', 'periods:\n  - { days: [sat-sun], from: "20:00", to: "24:00" }', nightly()),
  set('calendars/nights.yaml', 'exceptions:\n  - { date: 2029-12-25, closed: true }', nightly()),
  set(
    'calendars/nights.yaml',
    'exceptions:\n  - { firstDate: 2029-12-24, lastDate: 2029-12-26, periods: [{ from: "10:00", to: "11:00" }] }',
    nightly(),
  ),
  set('number-lists/own.yaml', 'numbers: ["447700900124"]', listed()),
  set('number-lists/own.yaml', 'prefixes: ["4479"]', listed()),
  set('number-lists/own.yaml', 'file: own.txt', {
    ...listed(),
    'number-lists/own.txt': '447700900125\n4475*\n',
  }),
  set(
    'lrn/ported.yaml',
    'file: other.csv\ndelimiter: ";"\ncolumns: { number: dialled, lrn: routing, state: where }',
    {
      ...asked(),
      'lrn/other.csv': 'dialled;routing;where\n2125550100;4155550000;\n212555;;CA\n',
    },
  ),
  set('gateways/groups/trunks.yaml', 'lines: 20', grouped()),
  set('gateways/groups/trunks.yaml', 'timedLines: [{ calendar: nights, lines: 5 }]', grouped()),
];

function nightly(): Record<string, string> {
  return {
    'gateways/routing/acme.yaml': `${network['gateways/routing/acme.yaml']}periods: [{ calendar: nights, available: false }]\n`,
  };
}

function listed(): Record<string, string> {
  return {
    'gateways/mapping/bell.yaml': `${network['gateways/mapping/bell.yaml']}calleeLists: { deny: [own] }\n`,
  };
}

function asked(): Record<string, string> {
  return {
    'gateways/mapping/bell.yaml': `${network['gateways/mapping/bell.yaml']}lrn: { table: ported, routeByLrn: true }\n`,
  };
}

function grouped(): Record<string, string> {
  return {
    'gateways/routing/acme.yaml': `${network['gateways/routing/acme.yaml']}groups: [{ group: trunks, reservedLines: 2 }]\n`,
  };
}
