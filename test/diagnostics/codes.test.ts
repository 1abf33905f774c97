import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogue, retiredCodes } from '../../src/diagnostics/codes.ts';
import { sourceFiles } from '../support/source-files.ts';
import { retiredSection } from './catalogue-page.ts';

const test = suite('diagnostics/codes');

test('every code is used, and only codes of the catalogue are', () => {
  const used = new Set(
    sourceFiles('src')
      .filter(({ path }) => !path.startsWith('src/diagnostics/catalogue/'))
      .flatMap(({ text }) => [...text.matchAll(/'(C\d{4})'/g)].map(match => match[1]!)),
  );

  assert.equal([...used].sort(), Object.keys(catalogue).sort());
});

test('a retired code is never used again, and says what became of it', () => {
  for (const [code, { title, retiredIn, reason, replacedBy }] of Object.entries(retiredCodes)) {
    assert.not.ok(Object.hasOwn(catalogue, code), code);
    assert.match(code, /^C4\d{3}$/);
    assert.match(title, /^[A-Z].*[^.]$/, code);
    assert.match(retiredIn, /^\d+\.\d+\.\d+$/, code);
    assert.match(reason, /\.$/, code);
    assert.ok(replacedBy === null || Object.hasOwn(catalogue, replacedBy), code);
  }
});

test('a retired code keeps its place on the page', () => {
  const retired = {
    C4399: {
      title: 'Two moons',
      retiredIn: '2.1.0',
      reason: 'The switch looks at one moon only.',
      replacedBy: 'C4301' as const,
    },
  };

  assert.match(
    retiredSection(retired),
    '### C4399 Two moons (retired)\n\nUntil version 2.1.0. The switch looks at one moon only. C4301 took its place.\n',
  );
  assert.match(retiredSection({}), 'None so far.');
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
