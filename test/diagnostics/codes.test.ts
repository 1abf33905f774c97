import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogue, retiredCodes } from '../../src/diagnostics/codes.ts';
import { sourceFiles } from '../support/source-files.ts';

const test = suite('diagnostics/codes');

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
