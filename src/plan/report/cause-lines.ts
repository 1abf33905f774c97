/** The lines of the files that made differences, as people read them. */
import type { Cause, Difference, Place } from '../plan.ts';
import type { TellDifference } from './order.ts';

const causesShown = 4;

export function causeLines(causes: readonly Cause[]): readonly string[] {
  const texts = causes.slice(0, causesShown).map(causeText);
  const more = causes.length - causesShown;
  return more > 0 ? [...texts, `and ${more} more`] : texts;
}

/** A place of the old side says so: the reader has the files of the new one. */
function causeText({ what, before, after }: Cause): string {
  if (after !== null) {
    // A price stood somewhere: a reason to refuse need not have been there before.
    const isElsewhere = isPrice(what) && before !== null && before.file !== after.file;
    return `${at(after)}${isElsewhere ? ` (was ${at(before)})` : ''} ${what}`;
  }
  return before === null ? what : `${at(before)} (as it was) ${what}`;
}

function isPrice(what: string): boolean {
  return what.startsWith('what ');
}

/** `file:line` */
export function placeOf({ before, after }: Cause): string {
  const place = after ?? before;
  return place === null ? '' : at(place);
}

export function at({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** The price of a call that one side turns away comes and goes with the call, and made nothing. */
export function toldCauses({ causes, before, after }: Difference): readonly Cause[] {
  if (causes.length < 2) return causes;
  if (!before.some(({ refusal }) => refusal !== null) && !after.some(({ refusal }) => refusal !== null))
    return causes;
  const told = causes.filter(
    cause => !isPrice(cause.what) || (cause.before !== null && cause.after !== null),
  );
  return told.length === 0 ? causes : told;
}

/** Those of which all of them name the place which name any. */
export function sharedCauses(differences: readonly TellDifference[]): readonly Cause[] {
  let shared: readonly Cause[] | null = null;
  for (const { difference } of differences) {
    const causes = toldCauses(difference);
    if (causes.length === 0) continue;
    if (shared === null) {
      shared = causes;
      continue;
    }
    const kept: readonly Cause[] = shared.filter(cause => causes.some(other => isAt(other, cause)));
    if (kept.length === 0) return [];
    shared = kept;
  }
  return shared ?? [];
}

/** Without making texts: there are very many differences. */
function isAt(a: Cause, b: Cause): boolean {
  const [one, other] = [a.after ?? a.before, b.after ?? b.before];
  return one?.line === other?.line && one?.file === other?.file;
}
