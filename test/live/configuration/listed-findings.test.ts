import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import {
  errorsAmong,
  findingsAmong,
  findingsListedMax,
  listedFindings,
} from '../../../src/live/configuration/listed-findings.ts';
import { Readings } from '../../../src/live/configuration/readings.ts';
import { FakeLog } from '../fakes.ts';

const test = suite('live/configuration/listed-findings');

function findings(count: number, severity: Diagnostic['severity'], code: string): Diagnostic[] {
  return Array.from({ length: count }, (_, each) => ({
    ...{ code, severity, message: `${code} ${each}` },
    place: { file: `accounts/a-${each}.yaml`, line: 1, column: 1 },
  }));
}

test('as many findings as may be listed are listed as they are', () => {
  const all = [...findings(500, 'warning', 'C4901'), ...findings(500, 'error', 'C4101')];
  assert.is(all.length, findingsListedMax);
  assert.is(listedFindings(all), all);
});

test('of too many the errors come first, and the last one tells of the rest', () => {
  const all = [...findings(3, 'warning', 'C4901'), ...findings(4, 'error', 'C4101')];
  const some = listedFindings(all, 6);
  assert.equal(
    some.map(({ message }) => message),
    [
      'C4101 0',
      'C4101 1',
      'C4101 2',
      'C4101 3',
      'C4901 0',
      '… and 2 more findings in the files of the configuration',
    ],
  );
  assert.is(some.at(-1)!.severity, 'warning');
});

test('what keeps a configuration from serving stays an error, however much of it there is', () => {
  const some = listedFindings(findings(100_000, 'error', 'C4101'));
  assert.is(some.length, findingsListedMax);
  assert.ok(some.every(({ severity }) => severity === 'error'));
  assert.match(some.at(-1)!.message, 'and 99001 more');
});

test('who counts findings counts those, too, that are not listed', () => {
  const all = [...findings(3000, 'warning', 'C4901'), ...findings(5000, 'error', 'C4101')];
  const some = listedFindings(all);
  assert.equal(some.at(-1)!.standsFor, { errors: 4001, warnings: 3000 });
  assert.equal([errorsAmong(all), errorsAmong(some)], [5000, 5000]);
  assert.equal([findingsAmong(all), findingsAmong(some)], [8000, 8000]);
});

test('the log tells how many errors and findings there are, and not how many are listed', () => {
  const log = new FakeLog();
  const readings = new Readings(log, () => 0, null);
  readings.noteRefused(listedFindings(findings(5000, 'error', 'C4101')), null, 'serving');
  assert.match(log.lines[0]!, /is refused.* errors=5000 /);
  assert.match(log.lines.at(-1)!, /shown by `class4 validate` more=4950$/);
});

test.run();
