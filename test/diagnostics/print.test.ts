import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnose, inReadingOrder } from '../../src/diagnostics/collect.ts';
import { formats, isFormat, printDiagnostics } from '../../src/diagnostics/print.ts';

const test = suite('diagnostics/print');

const duplicate = diagnose(
  'C4303',
  { file: 'gateways/routing/acme.yaml', line: 6, column: 5 },
  'the prefix "44" stands twice',
  {
    related: [{ file: 'gateways/routing/acme.yaml', line: 4, column: 5, message: 'it stands here already' }],
  },
);
const oldSpelling = diagnose('C4205', { file: 'switch.yaml', line: 5, column: 3 }, 'an old spelling', {
  hint: 'Write the new one.',
});

test('prints text with place, severity, code, message, related places and hint', () => {
  assert.is(
    printDiagnostics([duplicate, oldSpelling], 'text'),
    [
      'gateways/routing/acme.yaml:6:5 error C4303 the prefix "44" stands twice',
      '  gateways/routing/acme.yaml:4:5 it stands here already',
      '  → Remove one of the two.',
      'switch.yaml:5:3 warning C4205 an old spelling',
      '  → Write the new one.',
      '',
    ].join('\n'),
  );
});

test('prints JSON with counts, hints and related places', () => {
  assert.equal(JSON.parse(printDiagnostics([duplicate, oldSpelling], 'json', { pathPrefix: 'etc/' })), {
    diagnostics: [
      {
        code: 'C4303',
        severity: 'error',
        file: 'etc/gateways/routing/acme.yaml',
        line: 6,
        column: 5,
        message: 'the prefix "44" stands twice',
        hint: 'Remove one of the two.',
        related: [
          { file: 'etc/gateways/routing/acme.yaml', line: 4, column: 5, message: 'it stands here already' },
        ],
      },
      {
        code: 'C4205',
        severity: 'warning',
        file: 'etc/switch.yaml',
        line: 5,
        column: 3,
        message: 'an old spelling',
        hint: 'Write the new one.',
      },
    ],
    errors: 1,
    warnings: 1,
  });
});

test('prints nothing as text when there is nothing to say, and always a whole document as JSON', () => {
  assert.is(printDiagnostics([], 'text'), '');
  assert.equal(JSON.parse(printDiagnostics([], 'json')), { diagnostics: [], errors: 0, warnings: 0 });
});

test('colours text only when asked to, and JSON never', () => {
  assert.match(printDiagnostics([duplicate], 'text', { colour: true }), '\u001b[31merror C4303\u001b[0m');
  assert.not.match(printDiagnostics([duplicate], 'text'), '\u001b');
  assert.not.match(printDiagnostics([duplicate], 'json', { colour: true }), '\u001b');
});

test('lets no text from a file move the cursor or begin a line', () => {
  const hostile = diagnose(
    'C4201',
    { file: 'a.yaml', line: 1, column: 1 },
    'no key "\u001b[2J\nb.yaml:1:1 error"',
  );

  assert.match(printDiagnostics([hostile], 'text'), 'no key "\\u001b[2J\\u000ab.yaml');
});

test('names the directory itself for what concerns all of it', () => {
  const whole = diagnose('C4001', { file: '.', line: 1, column: 1 }, 'gone');

  assert.match(printDiagnostics([whole], 'text', { pathPrefix: '/etc/class4/' }), /^\/etc\/class4:1:1 error/);
});

test('puts errors before warnings, then files in order, then lines, then columns', () => {
  const at = (file: string, line: number, column: number) => diagnose('C4303', { file, line, column }, 'x');
  const inOrder = [at('a', 1, 2), at('a', 1, 9), at('a', 10, 1), at('b', 2, 1), oldSpelling];

  assert.equal(inReadingOrder([...inOrder].reverse()), inOrder);
});

test('knows its formats by name', () => {
  assert.equal(formats, ['text', 'json', 'github', 'gitlab', 'sarif', 'junit']);
  assert.ok(isFormat('json'));
  assert.not.ok(isFormat('toString'));
  assert.ok(isFormat('sarif'));
  assert.not.ok(isFormat('xml'));
});

test.run();
