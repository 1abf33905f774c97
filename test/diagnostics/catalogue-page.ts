/** The page of all codes as docs/diagnostics.md must have it; the catalogue is its source. */
import { catalogue } from '../../src/diagnostics/codes.ts';

const groups: Readonly<Record<string, string>> = {
  C40: 'Files',
  C41: 'YAML',
  C42: 'The shape of one file',
  C43: 'Between files',
  C44: 'Rate tables',
};

export function cataloguePage(): string {
  const sections = Object.entries(groups).map(([start, title]) => {
    const entries = Object.entries(catalogue)
      .filter(([code]) => code.startsWith(start))
      .map(([code, { severity, title: heading, explanation, advice }]) => {
        const kind = severity === 'warning' ? ' (warning)' : '';
        return `### ${code} ${heading}${kind}\n\n${explanation}\n\n**What to do:** ${advice}\n`;
      });
    return `## ${title}\n\n${entries.join('\n')}`;
  });
  return sections.join('\n');
}
