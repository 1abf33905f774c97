import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Coverage } from '../../../src/sim/coverage/coverage.ts';
import { coverageJson } from '../../../src/sim/coverage/print-json.ts';
import { coverageLcov } from '../../../src/sim/coverage/print-lcov.ts';
import { coverageText } from '../../../src/sim/coverage/print-text.ts';
import { type CoverageReport, isEnough, mostNamed, percentText } from '../../../src/sim/coverage/report.ts';
import { network } from '../../call/networks.ts';
import { buildSnapshot } from '../../support/snapshot-builder.ts';
import { WatchedCalls } from './watched-calls.ts';

const test = suite('sim/coverage/print');

/** One call that `one` answers. */
function small(): Coverage {
  const calls = new WatchedCalls(network({ gateways: [{ name: 'one' }] }));
  calls.talk(1);
  return calls.coverage;
}

test('the text has a table of the kinds, the rate tables, the percentage, and every gap with its line', () => {
  const calls = new WatchedCalls(
    network({
      gateways: [{ name: 'one', prefixes: ['44', '33'] }],
      retail: [
        { prefix: '44', rate: '0.06' },
        { prefix: '33', rate: '0.06' },
      ],
    }),
  );
  calls.talk(1);
  assert.is(
    coverageText(calls.coverage.report()),
    `covered  of  percent  all
      1   1    100.0  mapping gateways
      2   2    100.0  accounts
      1   1    100.0  routing gateways, tried
      1   1    100.0  routing gateways, answered
      1   2     50.0  prefixes
      0   6      0.0  failure paths
      0   2      0.0  limits
      2   2    100.0  rate tables
      2   3     66.6  rate rows
      1   2     50.0    retail
      1   1    100.0    wholesale

Coverage: 68.7 %, the mean of the kinds without the rate rows.

Uncovered prefixes (1): covered when its gateway was sent an INVITE for it
  gateways/routing/one.yaml:2: one: 33

Uncovered failure paths (6): covered when an attempt failed so
  gateways/routing/one.yaml:1: one: a failure after which the hunt goes on
  switch.yaml:1: stop on 6xx
  switch.yaml:1: stop after 486
  switch.yaml:1: stop after SDP
  switch.yaml:1: stop after a ringing timeout
  switch.yaml:1: a gateway left alone for Retry-After

Uncovered limits (2): covered when it was reached
  accounts/alice.yaml:1: alice: credit used up
  accounts/victor.yaml:1: victor: credit used up

Uncovered rate rows (1): covered when it charged a call, turned one away, or kept a vendor out
  rates/retail.yaml:2: retail: 33
`,
  );
});

test('the JSON says the same to programs', () => {
  const { format, percent, kinds, rateTables, uncovered } = JSON.parse(coverageJson(small().report()));
  assert.is(format, 1);
  assert.is(percent, 75);
  assert.equal(kinds[0], {
    kind: 'mappingGateway',
    title: 'mapping gateways',
    coveredWhen: 'a call came from one of its addresses',
    counts: true,
    covered: 1,
    total: 1,
    percent: 100,
  });
  assert.equal(rateTables[0], { table: 'retail', file: 'rates/retail.yaml', rows: 1, covered: 1 });
  assert.equal(uncovered.at(-1), {
    kind: 'limit',
    name: 'victor: credit used up',
    file: 'accounts/victor.yaml',
    line: 1,
  });
});

test('the tracefile has a record of each file, its lines, and the elements of shared lines as branches', () => {
  const text = coverageLcov(small(), file => `net/${file}`);
  assert.is(
    text,
    `TN:
SF:net/accounts/alice.yaml
BRDA:1,0,0,1
BRDA:1,0,1,0
BRF:2
BRH:1
DA:1,1
LF:1
LH:1
end_of_record
TN:
SF:net/accounts/victor.yaml
BRDA:1,0,0,1
BRDA:1,0,1,0
BRF:2
BRH:1
DA:1,1
LF:1
LH:1
end_of_record
TN:
SF:net/gateways/mapping/alice-in.yaml
DA:1,1
LF:1
LH:1
end_of_record
TN:
SF:net/gateways/routing/one.yaml
BRDA:1,0,0,1
BRDA:1,0,1,1
BRDA:1,0,2,0
BRDA:1,0,3,1
BRF:4
BRH:3
DA:1,3
LF:1
LH:1
end_of_record
TN:
SF:net/rates/retail.yaml
BRDA:1,0,0,1
BRDA:1,0,1,1
BRF:2
BRH:2
DA:1,2
LF:1
LH:1
end_of_record
TN:
SF:net/rates/wholesale.yaml
BRDA:1,0,0,1
BRDA:1,0,1,1
BRF:2
BRH:2
DA:1,2
LF:1
LH:1
end_of_record
TN:
SF:net/switch.yaml
BRDA:1,0,0,-
BRDA:1,0,1,-
BRDA:1,0,2,-
BRDA:1,0,3,-
BRDA:1,0,4,-
BRF:5
BRH:0
DA:1,0
LF:1
LH:0
end_of_record
`,
  );
});

test('the sums of every record are those of its lines and branches', () => {
  const calls = new WatchedCalls(
    network({ gateways: [{ name: 'one', prefixes: ['44', '4420', { prefix: '33', line: 2 }] }] }),
  );
  calls.talk(1);
  const records = coverageLcov(calls.coverage).split('end_of_record\n').slice(0, -1);
  for (const record of records) {
    const values = (key: string) =>
      record.split('\n').flatMap(line => (line.startsWith(`${key}:`) ? [line.slice(key.length + 1)] : []));
    const hit = (key: string) => values(key).filter(value => !/,(?:0|-)$/.test(value)).length;
    assert.is(values('LF')[0], String(values('DA').length));
    assert.is(values('LH')[0], String(hit('DA')));
    assert.is(values('BRF')[0] ?? '0', String(values('BRDA').length));
    assert.is(values('BRH')[0] ?? '0', String(hit('BRDA')));
    const lines = values('DA').map(value => Number(value.split(',')[0]));
    assert.equal(
      lines,
      [...new Set(lines)].sort((a, b) => a - b),
    );
  }
});

test('percentages are rounded down, so that only what is whole is 100', () => {
  assert.is(percentText(99.99), '99.9');
  assert.is(percentText(100), '100.0');
  assert.is(percentText((100 * 1) / 3), '33.3');
  assert.is(percentText(70), '70.0');
});

test('a minimum is met by exactly so much', () => {
  const of = (percent: number) => ({ percent }) as CoverageReport;
  assert.ok(isEnough(of(80), 80));
  assert.not.ok(isEnough(of(79.999), 80));
  assert.ok(isEnough(of((100 * (0.1 + 0.2 + 0.3)) / 0.6), 100));
});

test('a table of very many rows is counted whole and named up to a limit', () => {
  const rows = Array.from({ length: mostNamed + 500 }, (_one, i) => ({ prefix: `44${1000 + i}`, rate: '1' }));
  const calls = new WatchedCalls(network({ retail: [...rows, { prefix: '44', rate: '0.06' }] }));
  calls.talk(1);
  const report = calls.coverage.report();
  const ofRows = report.kinds.find(({ kind }) => kind === 'rateRow')!;
  assert.is(ofRows.total, mostNamed + 502);
  assert.is(report.uncovered.filter(({ kind }) => kind === 'rateRow').length, mostNamed);
  assert.match(coverageText(report), `  and ${mostNamed + 500 - 5} more\n`);
});

test('a configuration of nothing is covered', () => {
  const report = new WatchedCalls(buildSnapshot({})).coverage.report();
  assert.is(report.percent, 100);
  assert.equal(report.kinds, []);
});

test.run();
