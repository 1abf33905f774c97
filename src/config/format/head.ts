/** The comments at the top of a file: the line for editors, and what is said about the whole file. */
import type { WrittenComment, WrittenEntry } from '../read/written.ts';

export interface Head {
  /** `# yaml-language-server: …`, or null. */
  readonly modeline: string | null;
  readonly comments: readonly WrittenComment[];
  /** A blank line stands below it. */
  readonly gap: boolean;
}

const modelineSyntax = /^#\s*yaml-language-server:/;
const ignoreSyntax = /^#\s*class4-ignore\b/;

/**
 * Divides the comments above the first key: the first paragraph speaks of the file, and stays at its top when the
 * keys are put in order; what follows behind a blank line, and a `class4-ignore` right above the key, belong to
 * the key.
 */
export function divideHead(first: WrittenEntry): { readonly head: Head; readonly first: WrittenEntry } {
  const at = first.before.findIndex(({ text }) => modelineSyntax.test(text));
  const modeline = first.before[at]?.text ?? null;
  const others = first.before.filter((_, i) => i !== at);
  let cut = others.findIndex(({ blankBefore }, i) => i > 0 && blankBefore);
  if (cut < 0) cut = others.length;
  if (cut === others.length && !first.blankBefore) {
    while (cut > 0 && ignoreSyntax.test(others[cut - 1]!.text)) cut--;
  }
  return {
    head: { modeline, comments: others.slice(0, cut), gap: others[cut]?.blankBefore ?? first.blankBefore },
    first: { ...first, before: others.slice(cut), blankBefore: cut < others.length && first.blankBefore },
  };
}
