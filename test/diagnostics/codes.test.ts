import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogue, retiredCodes } from '../../src/diagnostics/codes.ts';
import { projectDirectory, readSource, sourceFiles } from '../support/source-files.ts';
import { cataloguePage } from './catalogue-page.ts';

const test = suite('diagnostics/codes');

test('docs/diagnostics.md explains exactly the codes of the catalogue', () => {
  const { text } = readSource('docs/diagnostics.md');
  const start = text.indexOf('## Files\n');
  const expected = `${text.slice(0, start)}${cataloguePage()}`;
  if (text !== expected) writeFileSync(join(projectDirectory, 'docs', 'diagnostics.md.ACTUAL'), expected);

  assert.is(text, expected, 'see docs/diagnostics.md.ACTUAL');
});

test('every code is used, and only codes of the catalogue are', () => {
  const used = new Set(
    sourceFiles('src')
      .filter(({ path }) => !path.startsWith('src/diagnostics/catalogue/'))
      .flatMap(({ text }) => [...text.matchAll(/'(C\d{4})'/g)].map(match => match[1]!)),
  );

  assert.equal([...used].sort(), Object.keys(catalogue).sort());
});

test('a retired code is never used again', () => {
  assert.equal(
    retiredCodes.filter(code => Object.hasOwn(catalogue, code)),
    [],
  );
});

test('every entry is written for people', () => {
  for (const [code, { title, explanation, advice }] of Object.entries(catalogue)) {
    assert.match(code, /^C4\d{3}$/);
    assert.match(title, /^[A-Z].*[^.]$/, code);
    assert.match(explanation, /\.$/, code);
    assert.match(advice, /\.$/, code);
  }
});

test.run();
