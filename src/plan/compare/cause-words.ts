/** Why, in words that are true of every number of a difference, and not only of the one that was looked at. */

/** Numbers that a decision may speak of, as it has them at its various steps. */
export interface NumbersAsked {
  readonly callees: readonly string[];
  readonly callers: readonly string[];
  readonly forwarding: string | null;
}

/** `its prefixes do not let the callee pass` for `… the callee 447700900123 pass`. */
export function generalWords(detail: string, { callees, callers, forwarding }: NumbersAsked): string {
  let text = detail
    .replace(/\b(callees|callers) of \d+ characters?\b/, '$1 of this length')
    .replaceAll(/\b(the (?:callee|caller)) [+a-z]*\d[\d+*#]*(?= |$)/g, '$1')
    .replace('do not let without a number call', 'do not let a caller without a number call')
    .replaceAll(/ for [+a-z]*\d+(?= |$)(?! %)/g, ' for the number');
  for (const callee of byLength(callees)) text = without(text, callee, 'callee');
  for (const caller of byLength([...callers, ...(forwarding === null ? [] : [forwarding])])) {
    text = without(text, caller, 'caller');
  }
  return text.replace(
    'do not let the caller pass, which forwarded the call',
    'do not let the number pass that forwarded the call',
  );
}

/** A number may begin with another one. */
function byLength(numbers: readonly string[]): readonly string[] {
  return [...new Set(numbers)].filter(number => number !== '').sort((a, b) => b.length - a.length);
}

function without(text: string, number: string, kind: 'callee' | 'caller'): string {
  // Very many reasons are put into such words, and few of them have a number: expressions are dear to make.
  if (!text.includes(number)) return text;
  const exactly = escaped(number);
  return text
    .replaceAll(new RegExp(`(the (?:${kind}|number)) ${exactly}(?![\\w+])`, 'g'), '$1')
    .replaceAll(
      new RegExp(`(?<!prefix )(?<![\\w+.:])${exactly}(?![\\w+.:%]| %)`, 'g'),
      kind === 'callee' ? 'the number' : 'the caller',
    );
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Who is meant, unless the words begin with it. */
export function saidOf(name: string, detail: string): string {
  if (detail.startsWith('it ')) return `${name} ${detail.slice('it '.length)}`;
  return new RegExp(`^${escaped(name)}\\b`).test(detail) ? detail : `${name}: ${detail}`;
}
