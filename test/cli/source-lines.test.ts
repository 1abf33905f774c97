import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sourceLines } from '../../src/cli/source-lines.ts';
import { diagnose } from '../../src/diagnostics/collect.ts';
import { withFiles } from '../config/directories.ts';

const test = suite('cli/source-lines');

function findings(file: string, ...lines: number[]) {
  return lines.map(line => diagnose('C4201', { file, line, column: 1 }, 'x'));
}

/** The lines of a file that findings ask for. */
function linesOf(contents: string | Buffer, file: string, ...wanted: number[]): readonly (string | null)[] {
  return withFiles({ [file]: contents }, directory => {
    const sourceLine = sourceLines(directory, findings(file, ...wanted));
    return wanted.map(line => sourceLine(file, line));
  });
}

test('gives the lines that findings and their other places ask for', () => {
  const files = { 'a.yaml': 'one\ntwo\nthree\n', 'rates/b.csv': 'p,r\n44,1\n' };
  withFiles(files, directory => {
    const related = [{ file: 'rates/b.csv', line: 2, column: 1, message: 'y' }];
    const sourceLine = sourceLines(directory, [
      diagnose('C4201', { file: 'a.yaml', line: 2, column: 1 }, 'x', { related }),
    ]);

    assert.is(sourceLine('a.yaml', 2), 'two');
    assert.is(sourceLine('rates/b.csv', 2), '44,1');
    assert.is(sourceLine('a.yaml', 1), null);
    assert.is(sourceLine('c.yaml', 1), null);
  });
});

test('knows line ends of every kind, and no byte order mark', () => {
  assert.equal(linesOf('a\r\nb\r\n', 'x.yaml', 1, 2, 3), ['a', 'b', '']);
  assert.equal(linesOf('\ufeffa\nb', 'x.csv', 1, 2), ['a', 'b']);
  assert.equal(linesOf('a\rb\rc', 'x.csv', 1, 2, 3), ['a', 'b', 'c']);
  assert.equal(linesOf('a\rb\nc', 'x.csv', 1, 2), ['a\rb', 'c']);
});

test('shows what it can of text that is not UTF-8', () => {
  assert.equal(linesOf(Buffer.from('# Z\xfcrich\n', 'latin1'), 'x.yaml', 1), ['# Z\ufffdrich']);
});

test('has no line of what is no file', () => {
  withFiles({ 'a.yaml': 'x' }, directory => {
    mkdirSync(join(directory, 'folder'));
    const sourceLine = sourceLines(directory, [...findings('folder', 1), ...findings('gone.yaml', 1)]);

    assert.is(sourceLine('folder', 1), null);
    assert.is(sourceLine('gone.yaml', 1), null);
    assert.is(sourceLine('.', 1), null);
  });
});

test('finds the same lines as one who splits the whole file, wherever the pieces of reading end', () => {
  const lines = Array.from({ length: 120_000 }, (_, i) => `${i},${'é'.repeat(i % 13)}`);
  withFiles({ 'x.csv': lines.join('\n') }, directory => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 120_001 }), { minLength: 1, maxLength: 9 }), wanted => {
        const sourceLine = sourceLines(directory, findings('x.csv', ...wanted));
        for (const line of wanted) assert.is(sourceLine('x.csv', line), lines[line - 1] ?? null);
      }),
      { numRuns: 20 },
    );
  });
});

test('puts a line together that lies across two pieces of reading', () => {
  const row = (line: number) => `${line}`.padStart(10, '0');
  const contents = Array.from({ length: 100_000 }, (_, i) => `${row(i + 1)}\n`).join('');
  const across = Array.from({ length: 4 }, (_, i) => Math.floor((262_144 * (i + 1)) / 11) + 1);

  assert.equal(linesOf(contents, 'x.csv', ...across), across.map(row));
});

test('keeps the beginning of a line that is no line', () => {
  const [line] = linesOf(`${'x'.repeat(1_000_000)}\ny`, 'x.csv', 1);

  assert.is(line!.length, 65_536);
});

test('hides secrets in YAML and leaves decks alone', () => {
  assert.equal(linesOf('a: 1\nsecret: swordfish\n', 'x.yaml', 1, 2), ['a: 1', 'secret: …']);
  assert.equal(linesOf('secret: x,1\n', 'x.csv', 1), ['secret: x,1']);
});

test.run();
