import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printDiagnostics } from '../../src/diagnostics/print.ts';
import { duplicate, many, oldSpelling } from './findings.ts';

const test = suite('diagnostics/print-gitlab');

test('writes a code quality report', () => {
  const report = JSON.parse(printDiagnostics([duplicate, oldSpelling], 'gitlab', { pathPrefix: 'etc/' }));

  assert.equal(
    report.map(({ fingerprint: _, ...rest }: { fingerprint: string }) => rest),
    [
      {
        description: 'the prefix "44" stands twice → Remove one of the two.',
        check_name: 'C4303',
        severity: 'critical',
        location: { path: 'etc/gateways/routing/acme.yaml', lines: { begin: 6 } },
      },
      {
        description: 'an old spelling → Write the new one.',
        check_name: 'C4205',
        severity: 'minor',
        location: { path: 'etc/switch.yaml', lines: { begin: 5 } },
      },
    ],
  );
});

test('an empty report is a report, too', () => {
  assert.equal(JSON.parse(printDiagnostics([], 'gitlab')), []);
});

test('GitLab shows only the first of equal fingerprints, so all are different', () => {
  const report: readonly { fingerprint: string }[] = JSON.parse(
    printDiagnostics([...many(3, 3), ...many(3, 3)], 'gitlab'),
  );

  assert.is(new Set(report.map(({ fingerprint }) => fingerprint)).size, 12);
});

test.run();
