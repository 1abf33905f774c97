import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { currentPage, generatedPages } from './support/generated-pages.ts';
import { projectDirectory, readSource } from './support/source-files.ts';

const test = suite('generated-pages');

for (const page of generatedPages) {
  test(`${page.path} is what its source makes of it`, () => {
    const actual = join(projectDirectory, `${page.path}.ACTUAL`);
    const expected = currentPage(page);
    if (readSource(page.path).text === expected) return rmSync(actual, { force: true });
    writeFileSync(actual, expected);
    assert.unreachable(`run "npm run docs", or see ${page.path}.ACTUAL`);
  });
}

test.run();
