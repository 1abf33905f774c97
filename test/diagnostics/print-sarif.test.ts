import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogue } from '../../src/diagnostics/codes.ts';
import { diagnose } from '../../src/diagnostics/collect.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { type PrintOptions, printDiagnostics } from '../../src/diagnostics/print.ts';
import { aboutAll, duplicate, many, oldSpelling } from './findings.ts';

const test = suite('diagnostics/print-sarif');

interface Location {
  readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
  readonly region: { readonly startLine: number; readonly startColumn: number };
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation: Location }[];
  readonly relatedLocations?: readonly { readonly physicalLocation: Location }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

interface Run {
  readonly tool: {
    readonly driver: { readonly semanticVersion?: string; readonly rules: readonly { id: string }[] };
  };
  readonly results: readonly Result[];
}

const isSarif = validator();

/** The published schema is written for draft 4; nothing in it means something else to a newer validator. */
function validator() {
  const path = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  ajv.addFormat('uri', text => URL.canParse(text));
  ajv.addFormat(
    'uri-reference',
    text => URL.canParse(text, 'file:///top/') && /^[!#-;=?-[\]_a-z~]*$/i.test(text),
  );
  ajv.addFormat('date-time', true);
  return ajv.compile(schema);
}

/** The run of a report, which must be valid. */
function runOf(diagnostics: readonly Diagnostic[], options: PrintOptions = {}): Run {
  const log = JSON.parse(printDiagnostics(diagnostics, 'sarif', options)) as {
    readonly runs: readonly [Run];
  };
  assert.ok(isSarif(log), JSON.stringify(isSarif.errors, null, 2));
  return log.runs[0];
}

test('the validator knows a broken report', () => {
  assert.not.ok(isSarif({ version: '2.1.0', runs: [{ results: [] }] }));
  assert.not.ok(
    isSarif({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x', downloadUri: 'no uri' } } }] }),
  );
});

test('every report is valid SARIF 2.1.0', () => {
  runOf([]);
  runOf([duplicate, oldSpelling, aboutAll, ...many(20, 20)], { version: '0.1.0', pathPrefix: 'etc/' });
  runOf([duplicate], { pathPrefix: '/etc/class 4/' });
});

test('every code of the catalogue is a rule, and a result points at its own', () => {
  const { tool, results } = runOf([duplicate, oldSpelling], { version: '1.2.3' });

  assert.equal(
    tool.driver.rules.map(({ id }) => id),
    Object.keys(catalogue),
  );
  assert.is(tool.driver.semanticVersion, '1.2.3');
  assert.equal(
    results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id),
    ['C4303', 'C4205'],
  );
  assert.equal(
    results.map(({ level }) => level),
    ['error', 'warning'],
  );
});

test('a result has its place, the other place, the advice and a fingerprint that does not know the line', () => {
  const [result] = runOf([duplicate], { pathPrefix: 'etc/' }).results;
  const moved = { ...duplicate, place: { ...duplicate.place, line: 99 } };

  assert.is(result!.message.text, 'the prefix "44" stands twice\n→ Remove one of the two.');
  assert.equal(result!.locations[0]!.physicalLocation, {
    artifactLocation: { uri: 'etc/gateways/routing/acme.yaml', uriBaseId: '%SRCROOT%' },
    region: { startLine: 6, startColumn: 5 },
  });
  assert.is(result!.relatedLocations![0]!.physicalLocation.region.startLine, 4);
  assert.equal(runOf([moved]).results[0]!.partialFingerprints, result!.partialFingerprints);
});

test('paths are relative and percent-encoded, and those outside of the repository are whole', () => {
  const odd = diagnose('C4006', { file: 'accounts/ä b#%.yaml', line: 1, column: 1 }, 'x');
  const uriOf = (options: PrintOptions) =>
    runOf([odd], options).results[0]!.locations[0]!.physicalLocation.artifactLocation;

  assert.equal(uriOf({}), { uri: 'accounts/%C3%A4%20b%23%25.yaml', uriBaseId: '%SRCROOT%' });
  assert.equal(uriOf({ pathPrefix: '/srv/c 4/' }), {
    uri: 'file:///srv/c%204/accounts/%C3%A4%20b%23%25.yaml',
  });
});

test.run();
