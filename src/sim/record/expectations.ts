/** What came of a call, written down as if it had been expected: for a person to judge. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import { observeCall } from '../expect/call-values.ts';
import type { CallSubject, Expectation, Matcher } from '../scenario/matcher.ts';
import type { PlayedCall } from '../scenario/played.ts';

const subjects: readonly (readonly [subject: CallSubject, of: string | null])[] = [
  ['tried', null],
  ['result', null],
  ['status', null],
  ['reason', null],
  ['talk', null],
  ['amount', 'customer'],
  ['billedSeconds', 'customer'],
  ['ratePrefix', 'customer'],
  ['rateTable', 'customer'],
  ['amount', 'vendor'],
  ['billedSeconds', 'vendor'],
  ['ratePrefix', 'vendor'],
  ['rateTable', 'vendor'],
  ['profit', null],
  ['sentCaller', null],
  ['sentCallee', null],
  ['sentForwarding', null],
  ['recorded', null],
];

/** Nothing is said of what there is none of, nor of what is as everybody would think. */
export function expectationsOf(call: PlayedCall, place: Place): readonly Expectation<CallSubject>[] {
  return subjects.flatMap(([subject, of]) => {
    const { value } = observeCall(call, subject, of);
    if (!isWorthSaying(subject, call, value)) return [];
    const matcher: Matcher = isNames(value) ? { kind: 'list', values: value } : { kind: 'is', value };
    return [{ subject, of, matcher, written: '', place }];
  });
}

type Value = ReturnType<typeof observeCall>['value'];

function isNames(value: Value): value is readonly string[] {
  return Array.isArray(value);
}

function isWorthSaying(subject: CallSubject, call: PlayedCall, value: Value): boolean {
  switch (subject) {
    case 'talk':
    case 'profit':
      return call.answeredAtMs !== null;
    case 'recorded':
      return value === false;
    case 'status':
      return true;
    default:
      return value !== null;
  }
}
