import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { coverageKinds } from '../../../src/sim/coverage/kinds.ts';
import { mostNamed } from '../../../src/sim/coverage/report.ts';
import { readSource } from '../../support/source-files.ts';

const test = suite('sim/coverage/page');

test('docs/coverage.md has every kind and what covers it, in the order of reports', () => {
  const rows = Object.values(coverageKinds).map(
    ({ title, coveredWhen }) => `| ${title} | ${coveredWhen} |\n`,
  );
  const page = readSource('docs/coverage.md').text;
  assert.ok(page.includes(`| Elements | Covered when |\n| --- | --- |\n${rows.join('')}\n`));
  assert.ok(page.includes(`at most ${mostNamed.toLocaleString('en')} elements of each kind`));
});

test.run();
