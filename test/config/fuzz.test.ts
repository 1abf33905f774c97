import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfiguration } from '../../src/config/load.ts';
import { listFiles } from '../../src/config/read/list-files.ts';
import type { Diagnostic, Place } from '../../src/diagnostics/diagnostic.ts';
import { projectDirectory } from '../support/source-files.ts';

const test = suite('config/fuzz');

/** The example, with the beginnings of its decks: where a deck is broken does not depend on how long it is. */
const example: ReadonlyMap<string, Buffer> = new Map(
  [
    ...listFiles(projectDirectory).files.map(({ path }) => path),
    ...['brightcall', 'harborvoice', 'meridian', 'northlink'].map(name => `rates/${name}.csv`),
  ].map(path => {
    const bytes = readFileSync(join(projectDirectory, path));
    return [path, path.endsWith('.csv') ? bytes.subarray(0, bytes.indexOf('\n', 1500) + 1) : bytes];
  }),
);

interface Change {
  readonly at: number;
  readonly removed: number;
  readonly put: Buffer;
}

/** Bytes that mean something to YAML or CSV, and any others. */
const pieces = fc.oneof(
  fc
    .constantFrom(
      ...[
        '\n',
        '\r\n',
        '\r',
        '\t',
        ' ',
        ': ',
        '- ',
        '"',
        "'",
        '[',
        ']',
        '{',
        '}',
        ',',
        ';',
        '#',
        ' #',
        '&a ',
        '*a',
        '!!str ',
      ],
      ...[
        '---\n',
        '...\n',
        '%YAML 1.1\n',
        '<<: ',
        '|\n',
        '>-\n',
        '? ',
        '~',
        '\ufeff',
        '\u00a0',
        '\u200b',
        '\u2028',
        '\0',
        '1e9',
        '0x',
      ],
    )
    .map(text => Buffer.from(text)),
  fc.uint8Array({ minLength: 0, maxLength: 4 }).map(bytes => Buffer.from(bytes)),
);

const changes: fc.Arbitrary<readonly Change[]> = fc.array(
  fc.record({ at: fc.nat(), removed: fc.oneof(fc.nat(3), fc.nat(300)), put: pieces }),
  { minLength: 1, maxLength: 4 },
);

function changed(bytes: Buffer, all: readonly Change[]): Buffer {
  return all.reduce((text, { at, removed, put }) => {
    const start = at % (text.length + 1);
    return Buffer.concat([text.subarray(0, start), put, text.subarray(start + removed)]);
  }, bytes);
}

test('whatever is broken in a file, it ends in findings that stand in their files, or in a snapshot', () => {
  const directory = mkdtempSync(join(tmpdir(), 'class4-fuzz-'));
  try {
    for (const [path, bytes] of example) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), bytes);
    }
    const property = fc.property(fc.constantFrom(...example.keys()), changes, (path, all) => {
      const original = example.get(path)!;
      const broken = changed(original, all);
      writeFileSync(join(directory, path), broken);
      try {
        const { diagnostics, snapshot } = loadConfiguration(directory);
        const errors = diagnostics.filter(({ severity }) => severity === 'error');
        assert.is(snapshot === null, errors.length > 0);
        assert.ok(diagnostics.length < 300);
        for (const diagnostic of diagnostics) checkPlaces(diagnostic, directory);
      } finally {
        writeFileSync(join(directory, path), original);
      }
    });
    fc.assert(property, { numRuns: 400, includeErrorInReport: true });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

function checkPlaces({ place, related = [], message, hint }: Diagnostic, directory: string): void {
  assert.ok(message.length < 1000, message);
  assert.ok((hint ?? '').length < 1000, hint);
  for (const shown of [place, ...related]) {
    if (shown.line === 1 && shown.column === 1) continue;
    const text = readFileSync(join(directory, shown.file), 'utf8').replace(/^\ufeff/, '');
    assert.ok(
      isWithin(text, shown, shown.file.endsWith('.csv')),
      `${shown.file}:${shown.line}:${shown.column} ${message}`,
    );
  }
}

/** The end of the file counts: there something is missing. */
function isWithin(text: string, { line, column }: Place, isDeck: boolean): boolean {
  const lines = text.includes('\n') || !isDeck ? text.split('\n') : text.split('\r');
  return line >= 1 && column >= 1 && line <= lines.length && column <= lines[line - 1]!.length + 1;
}

test.run();
