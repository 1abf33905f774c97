import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnose } from '../../src/diagnostics/collect.ts';
import { printDiagnostics } from '../../src/diagnostics/print.ts';
import { aboutAll, duplicate, many, oldSpelling } from './findings.ts';

const test = suite('diagnostics/print-github');

test('annotates the line with the code, what the code means, the finding, its other place and the advice', () => {
  assert.is(
    printDiagnostics([duplicate, oldSpelling], 'github', { pathPrefix: 'etc/' }),
    [
      '::error file=etc/gateways/routing/acme.yaml,line=6,col=5,title=C4303 A prefix stands twice in one gateway::the prefix "44" stands twice%0Aetc/gateways/routing/acme.yaml:4:5 it stands here already%0A→ Remove one of the two.',
      '::warning file=etc/switch.yaml,line=5,col=3,title=C4205 An old spelling of a parameter::an old spelling%0A→ Write the new one.',
      '',
    ].join('\n'),
  );
});

test('prints nothing when there is nothing to say', () => {
  assert.is(printDiagnostics([], 'github'), '');
});

test('puts what concerns the whole directory at no file', () => {
  assert.match(printDiagnostics([aboutAll], 'github'), /^::error title=C4001 [^:]+::gone%0A→ /);
});

test('lets no text of a file begin a command of its own', () => {
  const hostile = diagnose(
    'C4201',
    { file: 'a,b:c.yaml', line: 1, column: 1 },
    'no key "\r\n::set-env name=X::y"',
    {
      hint: '100%',
    },
  );

  assert.is(
    printDiagnostics([hostile], 'github'),
    '::error file=a%2Cb%3Ac.yaml,line=1,col=1,title=C4201 Unknown key::no key "\\u000d\\u000a::set-env name=X::y"%0A→ 100%25\n',
  );
});

test('spends the ten annotations of each severity on the most severe findings and counts the rest', () => {
  const lines = printDiagnostics(many(13, 25), 'github').trimEnd().split('\n');

  assert.is(lines.filter(line => line.startsWith('::error ')).length, 10);
  assert.is(lines.filter(line => line.startsWith('::warning ')).length, 10);
  assert.match(lines[0]!, 'error 1');
  assert.is(
    lines[20],
    '::notice title=class4::15 more errors and 3 more warnings: rates/acme.csv (15), switch.yaml (3). The summary of the job lists them all, as does class4 validate.',
  );
  assert.is(lines.length, 21);
});

test('counts nothing when ten of each are enough', () => {
  assert.not.match(printDiagnostics(many(10, 10), 'github'), '::notice');
  assert.match(printDiagnostics(many(10, 11), 'github'), '::1 more error: rates/acme.csv (1)');
});

test('names the five files in which most of the rest stands', () => {
  const inFiles = Array.from({ length: 17 }, (_, i) =>
    diagnose('C4201', { file: `accounts/a${String(i).padStart(2, '0')}.yaml`, line: 1, column: 1 }, 'x'),
  );

  assert.match(
    printDiagnostics(inFiles, 'github'),
    'accounts/a10.yaml (1), accounts/a11.yaml (1), accounts/a12.yaml (1), accounts/a13.yaml (1), accounts/a14.yaml (1), 2 more files.',
  );
});

test.run();
