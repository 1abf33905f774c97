/** The pages in docs/ of which a part is made from the source: what stands above that part is written by hand. */
import { referencePage } from '../config/reference-page.ts';
import { cataloguePage } from '../diagnostics/catalogue-page.ts';
import { scenarioReferencePage } from '../sim/scenario-reference.ts';
import { readSource } from './source-files.ts';

export interface GeneratedPage {
  readonly path: string;
  /** The line with which the generated part begins. */
  readonly begins: string;
  readonly generate: () => string;
}

export const generatedPages: readonly GeneratedPage[] = [
  { path: 'docs/configuration.md', begins: '### switch.yaml\n', generate: referencePage },
  { path: 'docs/diagnostics.md', begins: '## Files\n', generate: cataloguePage },
  { path: 'docs/scenarios.md', begins: '## The keys of a file\n', generate: scenarioReferencePage },
];

/** The page as it must be. Throws when the line where its generated part begins is gone. */
export function currentPage({ path, begins, generate }: GeneratedPage): string {
  const { text } = readSource(path);
  const start = text.indexOf(`\n${begins}`);
  if (start < 0) throw new Error(`${path} has no line "${begins.trimEnd()}"`);
  return `${text.slice(0, start + 1)}${generate()}`;
}
