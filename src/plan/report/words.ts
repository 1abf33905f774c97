/** Parts of a difference as people read them. */
import type {
  CallerClass,
  Difference,
  LengthRange,
  Outcome,
  Plan,
  PlannedAttempt,
  PlannedRate,
  Rewriting,
  Scope,
  TimeClass,
} from '../plan.ts';
import { isOrdinary } from './severity.ts';

export function prefixText(prefix: string): string {
  return prefix === '' ? 'all numbers' : prefix;
}

export function prefixesCount(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'prefix' : 'prefixes'}`;
}

/** `11 to 12 digits long`, `from 6 digits on`; empty when the length does not matter. */
export function lengthsText({ space }: Plan, lengths: readonly LengthRange[] | null): string {
  if (lengths === null) return '';
  return lengths
    .map(({ from, to }) => {
      if (to >= space.longest) return `from ${from} digits on`;
      return from === to ? `${from} digits long` : `${from} to ${to} digits long`;
    })
    .join(' or ');
}

/** For which calls and in which state of the switch, where that is not for all: `only while northlink is down`. */
export function circumstancesText(plan: Plan, difference: Difference): string {
  const { scopes } = difference;
  return [isOrdinary(difference) ? '' : `only while ${downText(plan, scopes)}`, callersText(scopes)]
    .filter(text => text !== '')
    .join('; ');
}

/** When it holds, where that is not always: `in uk-evening`. */
export function timesText(plan: Plan, { scopes }: Difference): string {
  const times = new Set(scopes.flatMap(scope => scope.times));
  if (times.size === plan.times.length) return '';
  const texts = [...times].sort((a, b) => a - b).map(index => timeText(plan, plan.times[index]!));
  return [...new Set(texts)].join(' and ');
}

/** By calendar alone, as long as that tells it from the other times. */
function timeText({ times }: Plan, time: TimeClass): string {
  const all = new Set(times.flatMap(({ calendars }) => calendars));
  const inside = time.calendars.length > 0 ? `in ${time.calendars.join(', ')}` : '';
  const where = inside === '' && all.size > 0 ? `outside of ${[...all].join(', ')}` : inside;
  const alike = times.filter(({ calendars }) => calendars.join() === time.calendars.join());
  if (alike.length === 1 && where !== '') return where;
  const when = time.label.replace(/:\d{2}\.\d{3}Z$/, 'Z');
  return where === '' ? when : `${when} ${where}`;
}

function downText(plan: Plan, scopes: readonly Scope[]): string {
  const gateways = new Set(
    scopes.flatMap(({ suppositions }) => suppositions.flatMap(index => plan.suppositions[index]!.down)),
  );
  return `${[...gateways].join(' or ')} is down`;
}

function callersText(scopes: readonly Scope[]): string {
  const classes = scopes.flatMap(({ callers }) => callers ?? []);
  if (classes.length === 0) return '';
  return `for callers such as ${[...new Set(classes.map(callerText))].join(', ')}`;
}

function callerText({ example, forwarding }: CallerClass): string {
  const caller = example === '' ? 'nobody' : example;
  return forwarding === null ? caller : `${caller} forwarded by ${forwarding === '' ? 'nobody' : forwarding}`;
}

/** How much of a price is told: only as much as it takes to see a difference. */
export type Detail = 'short' | 'whole';

export function rateText(rate: PlannedRate, detail: Detail): string {
  const short = `${rate.rate}/${rate.unitSeconds}s`;
  if (detail === 'short') return short;
  return [
    `${short} by ${rate.increments}`,
    rate.connectFee === '0' ? '' : `${rate.connectFee} to connect`,
    rate.freeSeconds === 0 ? '' : `${rate.freeSeconds} s free`,
    rate.stages === '' || rate.stages === 'none' ? '' : `stages ${rate.stages}`,
  ]
    .filter(text => text !== '')
    .join(' + ');
}

/** `0.5412/60s → 0.55/60s`, or the one price where both are equal. */
export function ratesText(before: PlannedRate | null, after: PlannedRate | null): string {
  const texts = (detail: Detail): readonly [string, string] => [
    rateOrNothing(before, detail),
    rateOrNothing(after, detail),
  ];
  const [was, is] = texts('short');
  if (was !== is) return `${was} → ${is}`;
  const [wasWhole, isWhole] = texts('whole');
  return wasWhole === isWhole ? is : `${wasWhole} → ${isWhole}`;
}

function rateOrNothing(rate: PlannedRate | null, detail: Detail): string {
  return rate === null ? 'nothing' : rateText(rate, detail);
}

/** Who is tried in which order, without prices: what many prefixes have in common. */
export function routeText({ refusal, attempts, chance }: Outcome): string {
  const what = refusal === null ? attemptsText(attempts) : `refused: ${refusal}`;
  return chance === null ? what : `${what} (when ${chance})`;
}

/** `acme or bell, carol`: one of the first two is tried before the other, whichever stands better by then. */
function attemptsText(attempts: readonly PlannedAttempt[]): string {
  return attempts
    .map(({ gateway, protect, rank }, i) => {
      const between = i === 0 ? '' : attempts[i - 1]!.rank === rank ? ' or ' : ', ';
      return `${between}${gateway}${protect ? ' (protect)' : ''}`;
    })
    .join('');
}

/** `0044 instead of 44, from 0049 instead of 49`: what a vendor gets of a number; empty when that is the same. */
export function sentChange(
  before: PlannedAttempt['sent'],
  after: PlannedAttempt['sent'],
  example: string,
): string {
  const change = (was: string, is: string): string => (was === is ? '' : `${is} instead of ${was}`);
  const callee = change(calleeText(before.callee, example), calleeText(after.callee, example));
  const caller = change(before.caller || 'nobody', after.caller || 'nobody');
  const forwarding = change(before.forwarding ?? 'nobody', after.forwarding ?? 'nobody');
  return [
    callee,
    caller === '' ? '' : `from ${caller}`,
    forwarding === '' ? '' : `forwarded by ${forwarding}`,
  ]
    .filter(text => text !== '')
    .join(', ');
}

function calleeText({ drop, put, whole, choices }: Rewriting, example: string): string {
  if (choices.length > 0) return choices.join(' or ');
  return `${put}${whole ? '' : example.slice(drop)}`;
}

export function signed(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : `+${text}`;
}
