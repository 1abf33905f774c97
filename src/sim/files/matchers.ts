/** What a value is compared with: `2s`, `1s..2s`, `>= 95%`, `2s ± 100ms`. */
import type { Findings } from '../../config/findings.ts';
import type { Located } from '../../config/read/located.ts';
import { moneyPerCurrencyUnit, parseMoney } from '../../rating/money.ts';
import type { Matcher } from '../scenario/matcher.ts';
import { parseDuration } from './durations.ts';
import { amountOf } from './given.ts';

/**
 * `duration`: whole ms · `average`: ms with a fraction · `count`: whole numbers · `share`: whole numbers, or percent of
 * all calls · `percent` · `money`: exact.
 */
export type Quantity = 'duration' | 'average' | 'count' | 'share' | 'percent' | 'money';

export interface ReadMatcher {
  readonly matcher: Matcher;
  /** The numbers are percent of all calls, where counts are expected. */
  readonly percent: boolean;
}

/** Reads what its schema has let pass. */
export function parseMatcher(node: Located, quantity: Quantity, findings: Findings): ReadMatcher {
  const text = (node.source ?? '').trim();
  if (text === 'none') return { matcher: { kind: 'is', value: null }, percent: false };
  if (quantity === 'money' && typeof node.value === 'number') {
    return { matcher: { kind: 'is', value: amountOf(node, findings) }, percent: false };
  }
  const percent = quantity === 'share' && text.includes('%');
  const read = (part: string) => readAs(part.replace(/ ?%$/, ''), percent ? 'percent' : quantity);
  const matcher = matcherOf(text, read, (value, by) => next(value, percent ? 'percent' : quantity, by));
  check(node, matcher, text, percent || quantity === 'percent', findings);
  return { matcher, percent };
}

type Value = number | bigint;

function matcherOf(
  text: string,
  read: (part: string) => Value,
  beside: (value: Value, by: 1 | -1) => Value,
): Matcher {
  const [, sign, limit] = /^(>=|<=|>|<) ?(.+)$/.exec(text) ?? [];
  if (sign !== undefined) {
    const value = read(limit!);
    switch (sign) {
      case '>=':
        return { kind: 'within', least: value, most: null };
      case '<=':
        return { kind: 'within', least: null, most: value };
      case '>':
        return { kind: 'within', least: beside(value, 1), most: null };
      default:
        return { kind: 'within', least: null, most: beside(value, -1) };
    }
  }
  const [, from, to] = /^(.+?) ?\.\. ?(.+)$/.exec(text) ?? [];
  if (from !== undefined) return { kind: 'within', least: read(from), most: read(to!) };
  const [, middle, tolerance] = /^(.+?) ?± ?(.+)$/.exec(text) ?? [];
  if (middle === undefined) return { kind: 'is', value: read(text) };
  return around(read(middle), read(tolerance!));
}

function around(middle: Value, tolerance: Value): Matcher {
  if (typeof middle === 'bigint' && typeof tolerance === 'bigint') {
    return { kind: 'within', least: middle - tolerance, most: middle + tolerance };
  }
  const [a, b] = [Number(middle), Number(tolerance)];
  // Decimals such as 0.1 are no binary fractions, and 0.3 ± 0.1 means 0.2 all the same.
  const tidy = (value: number) => Math.round(value * 1e9) / 1e9;
  return { kind: 'within', least: tidy(a - b), most: tidy(a + b) };
}

function readAs(text: string, quantity: Quantity): Value {
  const value = readValue(text, quantity);
  if (value === null) throw new TypeError(`the schema let "${text}" pass as a ${quantity}`);
  return value;
}

function readValue(text: string, quantity: Quantity): Value | null {
  if (quantity === 'money') return parseMoney(text);
  const plain = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
  if (quantity !== 'duration' && quantity !== 'average') return plain;
  const ms = plain === null ? parseDuration(text) : Math.round(plain * 1e9) / 1e6;
  return ms === null || quantity === 'average' ? ms : Math.round(ms);
}

/** The nearest value that is more, or less. */
function next(value: Value, quantity: Quantity, by: 1 | -1): Value {
  if (typeof value === 'bigint') return value + BigInt(by);
  if (quantity !== 'average' && quantity !== 'percent') return value + by;
  if (value === 0) return by * Number.MIN_VALUE;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + BigInt(value > 0 ? by : -by));
  return bits.getFloat64(0);
}

function check(node: Located, matcher: Matcher, text: string, percent: boolean, findings: Findings): void {
  if (matcher.kind === 'within' && matcher.least !== null && matcher.most !== null) {
    const { least, most } = matcher;
    if (least > most) findings.add('C4705', node.place, `no value is in ${text}`);
  }
  const written = [...text.matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => Number(number));
  if (percent && written.some(number => number > 100)) {
    findings.add('C4707', node.place, `${text} is beyond 100 percent`);
  }
}

/** What `parseMatcher` reads back as the matcher; the shortest way to write it. */
export function matcherText(matcher: Matcher, text: (value: Value) => string): string {
  switch (matcher.kind) {
    case 'is':
      return matcher.value === null ? 'none' : text(matcher.value as Value);
    case 'within': {
      const { least, most } = matcher;
      if (least === null) return `<= ${most === null ? '' : text(most)}`;
      // The least that is more than nothing has hundreds of decimals.
      if (least === Number.MIN_VALUE && most === null) return `> ${text(0)}`;
      return most === null ? `>= ${text(least)}` : `${text(least)}..${text(most)}`;
    }
    default:
      throw new TypeError(`a quantity is not compared with a ${matcher.kind}`);
  }
}

/** Exact, without zeros that say nothing. */
export function amountText(amount: bigint): string {
  const [sign, absolute] = amount < 0n ? ['-', -amount] : ['', amount];
  const fraction = (absolute % moneyPerCurrencyUnit)
    .toString()
    .padStart(8, '0')
    .replace(/0{1,6}$/, '');
  return `${sign}${absolute / moneyPerCurrencyUnit}.${fraction}`;
}
