/** For which calls, at which times and in which state of the switch a difference holds, as people read it. */
import { counted } from '../../diagnostics/count.ts';
import type { CallerClass, Difference, LengthRange, Plan, Scope, TimeClass } from '../plan.ts';
import { isOrdinary } from './severity.ts';
import { eitherOf } from './words.ts';

/** `11–12 digits`, `3–7 or 16+ digits`; empty when the length does not matter. */
export function lengthsText({ space }: Plan, lengths: readonly LengthRange[] | null): string {
  if (lengths === null) return '';
  const texts = lengths.map(({ from, to }) => {
    if (to >= space.longest) return `${from}+`;
    return from === to ? `${from}` : `${from}–${to}`;
  });
  return `${eitherOf(texts)} ${texts.join() === '1' ? 'digit' : 'digits'}`;
}

/** In which state of the switch, where that is not any: `only while northlink is down`. */
export function suppositionText(plan: Plan, difference: Difference): string {
  return isOrdinary(difference) ? '' : `only while ${downText(plan, difference.scopes)}`;
}

function downText(plan: Plan, scopes: readonly Scope[]): string {
  const gateways = new Set(
    scopes.flatMap(({ suppositions }) => suppositions.flatMap(index => plan.suppositions[index]!.down)),
  );
  return `${[...gateways].join(' or ')} is down`;
}

/** Each of the classes of callers that it is about, in words; none where it is about all. */
export function callersOf({ scopes }: Difference): readonly string[] {
  const callers = scopes.flatMap(scope => scope.callers ?? []);
  return callers.length === 0 ? [] : [...new Set(callers.map(callerText))];
}

const callersShown = 4;

/** `for callers without a number or such as 49`; empty for all. */
export function callersText(callers: readonly string[]): string {
  if (callers.length === 0) return '';
  const more = callers.length - callersShown;
  if (more <= 0) return `for callers ${eitherOf(callers)}`;
  return `for callers ${eitherOf([...callers.slice(0, callersShown), `of ${counted(more, 'other kind')}`])}`;
}

/** `such as 49`, `without a number (forwarded by 33)` */
function callerText({ example, forwarding }: CallerClass): string {
  const caller = example === '' ? 'without a number' : `such as ${shortNumber(example)}`;
  if (forwarding === null) return caller;
  return `${caller} (forwarded by ${forwarding === '' ? 'no number' : shortNumber(forwarding)})`;
}

const longestNumberShown = 20;

/** Only what no number may be is longer, and there it counts how long. */
function shortNumber(number: string): string {
  if (number.length <= longestNumberShown) return number;
  return `${number.slice(0, 6)}… of ${number.length} digits`;
}

/** Every time at which one of the scopes holds, ascending. */
export function timesOf({ scopes }: Difference): readonly number[] {
  if (scopes.length === 1) return scopes[0]!.times;
  return [...new Set(scopes.flatMap(scope => scope.times))].sort((a, b) => a - b);
}

/** When that is, where it is not always: `in uk-evening`, `until 2027-01-01T00:00Z`. Ascending indexes of times. */
export function timesText(plan: Plan, indexes: readonly number[]): string {
  if (indexes.length === plan.times.length) return '';
  const whole = wholeSpans(plan, indexes);
  if (whole !== null) return whole;
  const texts = indexes.map(index => timeText(plan, plan.times[index]!));
  return [...new Set(texts)].join(' and ');
}

/** Where rates or accounts begin or end in between, and calendars do not matter: from when until when. */
function wholeSpans({ times }: Plan, indexes: readonly number[]): string | null {
  const starts = times.flatMap(({ label }, index) =>
    index === 0 || label.startsWith('from ') ? [index] : [],
  );
  if (starts.length < 2) return null;
  const held = new Set(indexes);
  const spans = starts.map((start, i) => {
    const all = times.slice(start, starts[i + 1]).map((_, offset) => held.has(start + offset));
    return all.every(isHeld => isHeld === all[0]) ? all[0]! : null;
  });
  if (spans.includes(null)) return null;
  const texts = spans.flatMap((isHeld, i) => {
    if (!isHeld || spans[i - 1] === true) return [];
    const end = spans.indexOf(false, i);
    const from = i === 0 ? '' : `from ${shortMoment(times[starts[i]!]!.at)}`;
    const until = end < 0 ? '' : `until ${shortMoment(times[starts[end]!]!.at)}`;
    return [[from, until].filter(text => text !== '').join(' ')];
  });
  return texts.join(' and ');
}

/** By calendar alone, as long as that tells it from the other times. */
function timeText({ times }: Plan, time: TimeClass): string {
  const all = new Set(times.flatMap(({ calendars }) => calendars));
  const inside = time.calendars.length > 0 ? `in ${time.calendars.join(', ')}` : '';
  const where = inside === '' && all.size > 0 ? `outside of ${[...all].join(', ')}` : inside;
  const alike = times.filter(({ calendars }) => calendars.join() === time.calendars.join());
  if (alike.length === 1 && where !== '') return where;
  const when = time.label.replace(/\S+Z$/, shortMoment);
  return where === '' ? when : `${when} ${where}`;
}

function shortMoment(at: string): string {
  return at.replace(/:\d{2}\.\d{3}Z$/, 'Z');
}
