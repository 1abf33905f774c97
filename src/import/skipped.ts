/** The rows that an import left out, for whoever asks the vendor about them. */
import { field } from './deck-text.ts';
import type { Problem } from './problems.ts';
import type { SkippedRow } from './read-rows.ts';

/** A CSV file: the line in the vendor's file, what is wrong with it, and its fields. */
export function skippedText(skipped: readonly SkippedRow[], problems: readonly Problem[]): string {
  const messages = new Map<number, string[]>();
  for (const { line, message } of problems) {
    if (line === null) continue;
    const known = messages.get(line);
    if (known === undefined) messages.set(line, [message]);
    else known.push(message);
  }
  const rows = skipped.map(({ line, fields }) =>
    [String(line), (messages.get(line) ?? []).join('; '), ...fields].map(text => field(text, ',')).join(','),
  );
  return `${['line,problem,row', ...rows].join('\n')}\n`;
}
