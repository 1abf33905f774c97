import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { excerptOf } from '../../src/diagnostics/excerpt.ts';

const test = suite('diagnostics/excerpt');

/** The text with the marker below it, as a terminal would show them. */
function shown(line: string, column: number): readonly string[] {
  const { text, marker } = excerptOf(line, column);
  return [text, marker];
}

test('marks the word at the column', () => {
  assert.equal(shown('priorty: 10', 1), ['priorty: 10', '^~~~~~~']);
  assert.equal(shown('addresses: [192.0.2.7:5060, b]', 13), [
    'addresses: [192.0.2.7:5060, b]',
    '            ^~~~~~~~~~~~~~',
  ]);
  assert.equal(shown('44,United Kingdom,0.01', 4), ['44,United Kingdom,0.01', '   ^~~~~~']);
  assert.equal(shown('hunting: {}', 10), ['hunting: {}', '         ^']);
});

test('marks a quoted text with its quotes, and a quoted field from behind its quote', () => {
  assert.equal(shown('prefixes: ["4 4", b]', 12), ['prefixes: ["4 4", b]', '           ^~~~~']);
  assert.equal(shown("name: 'a, b'", 7), ["name: 'a, b'", '      ^~~~~~']);
  assert.equal(shown('49,"0,0159",x', 5), ['49,"0,0159",x', '    ^~~~~~']);
});

test('marks the place behind the end where something is missing', () => {
  assert.equal(shown('priority:', 10), ['priority:', '         ^']);
  assert.equal(shown('priority:', 99), ['priority:', '         ^']);
  assert.equal(shown('', 1), ['', '^']);
});

test('marks the first word for a place that knows only its line', () => {
  assert.equal(shown('  - { prefix: "44" }', 1), ['  - { prefix: "44" }', '  ^']);
  assert.equal(shown('   ', 1), ['', '^']);
});

test('shows tabs as blanks up to the next stop', () => {
  assert.equal(shown('\tlines: x', 2), ['    lines: x', '    ^~~~~']);
  assert.equal(shown('ab\tlines: x', 4), ['ab  lines: x', '    ^~~~~']);
  assert.equal(shown('\tlines: x', 1), ['    lines: x', '^']);
});

test('counts wide characters twice and marks on others not at all', () => {
  assert.equal(shown('# 東京 x', 6), ['# 東京 x', '       ^']);
  assert.equal(shown('# 📞 x', 6), ['# 📞 x', '     ^']);
  assert.equal(shown('# Zu\u0308rich x', 11), ['# Zu\u0308rich x', '         ^']);
  assert.equal(shown('a: 東京', 4), ['a: 東京', '   ^~~~']);
});

test('writes control characters out instead of obeying them', () => {
  assert.equal(shown('a\u001b[2Jb: x', 6), ['a\\u001b[2Jb: x', '          ^']);
  assert.equal(shown('a\u202eb: x', 3), ['a\\u202eb: x', '       ^']);
});

test('shows the part of a very long line that matters', () => {
  const line = `${'x'.repeat(5000)} here: y${' z'.repeat(5000)}`;
  const { text, marker } = excerptOf(line, 5002);

  assert.is([...text].length, 102);
  assert.match(text, /^…x+ here: y( z)+ ?…$/);
  assert.is(text.indexOf('here'), marker.indexOf('^'));
  assert.match(marker, /^ +\^~~~$/);
});

test('shows the end of a very long line whole', () => {
  const { text, marker } = excerptOf(`${'x'.repeat(500)} here`, 502);

  assert.match(text, /^…x+ here$/);
  assert.is(text.indexOf('here'), marker.indexOf('^'));
});

test('whatever stands in a line, the marker begins under a character of what is shown, or just behind it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(320), (line, at) => {
      const { text, marker } = excerptOf(line, at + 1);
      const caret = marker.indexOf('^');
      // No character is wider than it has code units, but for those of East Asia.
      assert.ok(caret >= 0 && caret <= 2 * text.length + 8);
      assert.not.match(text, /[\u0000-\u001f\u007f-\u009f]/);
      assert.match(marker, /^ *\^~*$/);
    }),
  );
});

test.run();
