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

/** Whether a comment silences a finding. */
export function isIgnore(comment: string): boolean {
  return ignoreSyntax.test(comment);
}

/**
 * Divides the comments above the first key. The first paragraph speaks of the file, and so does each `class4-ignore`
 * up there: they stay at the top when the keys are put in order. What else follows behind a blank line belongs to
 * the key.
 */
export function divideHead(first: WrittenEntry): { readonly head: Head; readonly first: WrittenEntry } {
  const at = first.before.findIndex(({ text }) => modelineSyntax.test(text));
  const modeline = first.before[at]?.text ?? null;
  const others = first.before.filter((_, i) => i !== at);
  const paragraph = others.findIndex(({ blankBefore }, i) => i > 0 && blankBefore);
  const cut = Math.max(
    paragraph < 0 ? others.length : paragraph,
    others.findLastIndex(({ text }) => isIgnore(text)) + 1,
  );
  return {
    head: {
      modeline,
      comments: others.slice(0, cut),
      gap: others[cut]?.blankBefore ?? first.blankBefore,
    },
    first: { ...first, before: others.slice(cut), blankBefore: cut < others.length && first.blankBefore },
  };
}
