/** The page of all codes as docs/diagnostics.md must have it; the catalogue is its source. */
import { catalogue, type RetiredCode, retiredCodes } from '../../src/diagnostics/codes.ts';

const groups: Readonly<Record<string, string>> = {
  C40: 'Files',
  C41: 'YAML',
  C42: 'The shape of one file',
  C43: 'Between files',
  C44: 'Rate tables',
  C45: 'Lint',
  C47: 'Scenarios',
};

export function cataloguePage(): string {
  const sections = Object.entries(groups).flatMap(([start, title]) => {
    const entries = Object.entries(catalogue)
      .filter(([code]) => code.startsWith(start))
      .map(([code, { severity, title: heading, explanation, advice }]) => {
        const kind = severity === 'warning' ? ' (warning)' : '';
        return `### ${code} ${heading}${kind}\n\n${explanation}\n\n**What to do:** ${advice}\n`;
      });
    return entries.length === 0 ? [] : [`## ${title}\n\n${entries.join('\n')}`];
  });
  return [...sections, retiredSection(retiredCodes)].join('\n');
}

/** The tombstones: whoever meets an old code in a record or a script learns what became of it. */
export function retiredSection(retired: Readonly<Record<string, RetiredCode>>): string {
  const entries = Object.entries(retired).map(([code, { title, retiredIn, reason, replacedBy }]) => {
    const now = replacedBy === null ? 'Nothing took its place.' : `${replacedBy} took its place.`;
    return `### ${code} ${title} (retired)\n\nUntil version ${retiredIn}. ${reason} ${now}\n`;
  });
  const head =
    '## Retired codes\n\nCodes that are not given any more, and that no other finding will ever have.\n';
  return [head, ...(entries.length === 0 ? ['None so far.\n'] : entries)].join('\n');
}
