/** Writes the generated parts of the pages in docs/: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentPage, generatedPages } from './support/generated-pages.ts';
import { projectDirectory, readSource } from './support/source-files.ts';

for (const page of generatedPages) {
  const text = currentPage(page);
  if (readSource(page.path).text === text) continue;
  writeFileSync(join(projectDirectory, page.path), text);
  process.stdout.write(`${page.path}\n`);
}
