/** Nothing that a file can say changes without a word. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { restartKeys } from '../../../src/config/restart-keys.ts';
import { comparedSettings, settingChanges } from '../../../src/plan/compare/settings.ts';
import { comparePlans } from '../../../src/plan/compare-plans.ts';
import type { SettingChange } from '../../../src/plan/plan.ts';
import { planJsonPieces } from '../../../src/plan/report/print-json.ts';
import { printPlanMarkdown } from '../../../src/plan/report/print-markdown.ts';
import { printPlanText } from '../../../src/plan/report/print-text.ts';
import { type Files, snapshotOf } from '../../config/directories.ts';
import { projectDirectory } from '../../support/source-files.ts';
import { network } from '../edits/network.ts';
import { reportOf } from '../plans.ts';

const test = suite('plan/compare/settings');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly 'x-restart'?: unknown;
}

function schemaOf(kind: string): Schema {
  return JSON.parse(readFileSync(join(projectDirectory, `schemas/${kind}.schema.json`), 'utf8')) as Schema;
}

/** Of what is no mapping with keys of its own. */
function leavesOf(schema: Schema, prefix = ''): readonly (readonly [path: string, schema: Schema])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) =>
    inner.properties === undefined
      ? [[`${prefix}${key}`, inner] as const]
      : leavesOf(inner, `${prefix}${key}.`),
  );
}

function changesOf(changed: Files): readonly SettingChange[] {
  return settingChanges(snapshotOf(network), snapshotOf({ ...network, ...changed }));
}

function textsOf(changes: readonly SettingChange[]): readonly string[] {
  return changes.map(
    ({ object, setting, before, after, placeAfter }) =>
      `${object} ${setting} ${before} ${after} ${placeAfter?.file}:${placeAfter?.line}`,
  );
}

test('callers of lists that are too many to be looked at are reported, in every format', () => {
  const numbers = Array.from({ length: 20_500 }, (_, i) => `44${7_000_000 + 7 * i}`).join('\n');
  const listed = {
    ...network,
    'number-lists/many.yaml': 'file: many.txt\n',
    'number-lists/many.txt': `${numbers}\n`,
    'gateways/mapping/bell.yaml': `${network['gateways/mapping/bell.yaml']}callerLists: { deny: [many] }\n`,
  };
  const locked = {
    ...listed,
    'gateways/routing/acme.yaml': `${network['gateways/routing/acme.yaml']}locked: true\n`,
  };
  const report = reportOf(comparePlans(snapshotOf(listed), snapshotOf(locked), { nowMs: 0 }));
  const said = /\d+ more callers of lists and rules of bell were not told apart/;

  assert.match(printPlanText(report, { colour: false, most: 10 }), said);
  assert.match(printPlanMarkdown(report, { limitCharacters: 65_536, configuration: '.' }), said);
  assert.match(JSON.parse([...planJsonPieces(report)].join('')).plan.limits[0].detail, said);
});

test('every setting of every schema is compared', () => {
  const missing = Object.entries(comparedSettings).flatMap(([kind, compared]) =>
    leavesOf(schemaOf(kind))
      .map(([path]) => path.replace(/^parameters\./, ''))
      .filter(path => !compared.some(known => path === known || path.startsWith(`${known}.`)))
      .map(path => `${kind} ${path}`),
  );

  assert.equal(missing, []);
});

test('every kind of file is one whose settings or contents are compared', () => {
  const contents = ['rate-table', 'number-list', 'lrn-table'];
  // Scenarios, and where the configuration comes from, are no part of it.
  const other = ['scenario', 'source'];
  const known = [...Object.keys(comparedSettings), ...contents, ...other];
  const kinds = readdirSync(join(projectDirectory, 'schemas')).map(name => name.replace('.schema.json', ''));

  assert.equal(kinds.sort(), known.sort());
});

test('a restart is asked for by exactly the keys for which a running switch asks for one', () => {
  const marked = leavesOf(schemaOf('switch')).filter(([, schema]) => schema['x-restart'] !== undefined);
  const text = network['switch.yaml']!.split('sip:')[0]!.replace('EUR', 'USD');
  const changed = {
    'switch.yaml': `${text}sip:
  listen: [{ transport: tcp, address: 127.0.0.1, port: 5070 }]
  server: { host: 127.0.0.1, port: 9022, secret: { env: DRACHTIO_SECRET } }
store: { path: other.db }
hunting: { stopOn6xx: false }
`,
  };
  const keys = restartKeys(snapshotOf(network).switch, snapshotOf({ ...network, ...changed }).switch);
  const told = changesOf(changed).filter(({ needsRestart }) => needsRestart);

  assert.equal(told.map(({ setting }) => setting).sort(), [...keys].sort());
  assert.equal(
    marked.map(([path]) => path).filter(path => !keys.some(key => `${path}.`.startsWith(`${key}.`))),
    [],
  );
  assert.is(told.length, 3);
});

test('where a secret is found is told, and nothing else of it', () => {
  const server = (secret: string): Files => ({
    'switch.yaml': `${network['switch.yaml']}  server: { host: 127.0.0.1, port: 9022, secret: { env: ${secret} } }\n`,
  });
  process.env['CLASS4_TEST_SECRET'] = 'hunter2';
  const changes = settingChanges(
    snapshotOf({ ...network, ...server('OLD_SECRET') }),
    snapshotOf({ ...network, ...server('CLASS4_TEST_SECRET') }),
  );
  delete process.env['CLASS4_TEST_SECRET'];

  const [change, ...more] = changes;
  assert.equal([change!.setting, more], ['sip.server', []]);
  assert.match(change!.after!, '"secret":{"env":"CLASS4_TEST_SECRET"}');
  assert.not.match(JSON.stringify(changes), 'hunter2');
});

test('what gateways inherit is told once, where it is written', () => {
  const changed = {
    'switch.yaml': `${network['switch.yaml']}parameters: { SS_SIP_TIMEOUT_INVITE: 3 }\n`,
    'gateways/routing/best.yaml': `${network['gateways/routing/best.yaml']}timeouts: { inviteSeconds: 4 }\n`,
  };

  assert.equal(textsOf(changesOf(changed)), [
    'gateways/routing/best timeouts.inviteSeconds 10 4 gateways/routing/best.yaml:5',
    'switch.yaml SS_SIP_TIMEOUT_INVITE 10 3 switch.yaml:6',
  ]);
});

test('tables, lists and prefixes say how much of them is another, with some of it', () => {
  const changed = {
    'rates/best.csv': 'prefix,rate\n44,0.013\n447,0.036\n4420,0.011\n',
    'number-lists/own.yaml': 'numbers: ["447700900123", "447700900124"]\n',
    'lrn/ported.csv': 'number,lrn,state\n2125550100,3125550001,\n2125550101,3125550000,\n',
    'gateways/routing/acme.yaml':
      'clearingAccount: acme\naddress: 192.0.2.11\nprefixes: ["44", { prefix: "447", mode: expiration }, "49"]\npriority: 10\n',
  };

  assert.equal(textsOf(changesOf(changed)), [
    'gateways/routing/acme prefixes {"prefixes":2} {"prefixes":3,"added":1,"removed":0,"changed":1,"examples":["447","49"]} gateways/routing/acme.yaml:3',
    'lrn/ported rows {"rows":2} {"rows":2,"added":1,"removed":1,"changed":1,"examples":["212555","2125550100","2125550101"]} lrn/ported.yaml:1',
    'number-lists/own entries {"entries":2} {"entries":2,"added":1,"removed":1,"changed":0,"examples":["447700900124","4478"]} number-lists/own.yaml:1',
    'rates/best rows {"rows":3} {"rows":3,"added":1,"removed":1,"changed":1,"examples":["1","4420","447"]} rates/best.yaml:1',
  ]);
});

test.run();
