/** What the catalogue says about one code. */
import { didYouMean } from '../config/schema/suggest.ts';
import type { CatalogueEntry } from '../diagnostics/catalogue/entry.ts';
import { catalogue, type RetiredCode, retiredCodes } from '../diagnostics/codes.ts';
import { UsageError } from './arguments.ts';

/** @throws UsageError for a code that never was. */
export function explainCode(
  text: string,
  retired: Readonly<Record<string, RetiredCode>> = retiredCodes,
): string {
  const code = text.toUpperCase();
  const entries: Readonly<Record<string, CatalogueEntry>> = catalogue;
  const entry = Object.hasOwn(entries, code) ? entries[code] : undefined;
  if (entry !== undefined) {
    return `${code} ${entry.title} (${entry.severity})\n\n${entry.explanation}\n\n→ ${entry.advice}\n`;
  }
  const old = Object.hasOwn(retired, code) ? retired[code] : undefined;
  if (old !== undefined) {
    const now =
      old.replacedBy === null ? 'Nothing took its place.' : `Its place was taken by ${old.replacedBy}.`;
    return `${code} ${old.title}\n\nRetired in version ${old.retiredIn}: ${old.reason}\n\n${now}\n`;
  }
  const known = [...Object.keys(entries), ...Object.keys(retired)];
  throw new UsageError(`there is no code "${text}"${didYouMean(code, known)}`);
}
