import type { Named } from '../directory.ts';
import type { Findings } from '../findings.ts';
import { folderFor, type Kind, wordsFor } from '../kinds.ts';
import type { TextAt } from '../parse/fields.ts';
import type { ParsedObject } from '../parsed.ts';
import { didYouMean } from '../schema/suggest.ts';

/** The object of this name; null, with a finding, when there is none. */
export function named<T extends ParsedObject>(
  reference: TextAt,
  kind: Kind,
  known: Named<T>,
  findings: Findings,
): T | null {
  const found = known.get(reference.text);
  if (found !== null) return found;
  const meant = didYouMean(reference.text, known.names);
  findings.add('C4301', reference.place, `there is no ${wordsFor(kind)} "${reference.text}"${meant}`, {
    hint: `Correct the name, or create ${folderFor(kind)}/${reference.text}.yaml.`,
  });
  return null;
}
