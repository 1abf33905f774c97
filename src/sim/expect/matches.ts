/** Whether what was seen is what was expected. Exact: nothing here rounds. */
import type { Matcher } from '../scenario/matcher.ts';
import type { Observed } from './observed.ts';

export function matches(matcher: Matcher, observed: Observed): boolean {
  const { value } = observed;
  switch (matcher.kind) {
    case 'is':
      return isValue(matcher.value, value);
    case 'list':
      return isList(matcher.values, namesOf(value));
    case 'oneOf':
      return matcher.values.some(one => isValue(one, value));
    case 'within':
      return isWithin(matcher, value);
  }
}

type Value = Observed['value'];

/** A name alone is a list of one, so that `tried: northlink` and `tried: [northlink]` mean the same. */
function namesOf(value: Value): readonly string[] {
  if (value === null) return [];
  return isNames(value) ? value : [String(value)];
}

function isNames(value: Value): value is readonly string[] {
  return Array.isArray(value);
}

function isValue(expected: string | number | bigint | boolean | null, value: Value): boolean {
  if (expected === null) return value === null || (isNames(value) && value.length === 0);
  if (value === null) return false;
  if (isNames(value)) return isList([String(expected)], value);
  if (typeof expected === typeof value) return expected === value;
  if (isNumeric(expected) && isNumeric(value)) return equalNumbers(expected, value);
  // Numbers that are names, such as callers, may be written with and without quotes, and prices with any zeros.
  return String(expected) === String(value) || (typeof expected === 'number' && isPrice(value, expected));
}

/** Prices of records are decimal text, of which a whole number may still be a name. */
function isPrice(value: string | number | bigint | boolean, expected: number): boolean {
  return typeof value === 'string' && /^\d+\.\d+$/.test(value) && Number(value) === expected;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function equalNumbers(a: number | bigint, b: number | bigint): boolean {
  return !(a < b) && !(a > b);
}

function isList(expected: readonly string[], names: readonly string[]): boolean {
  return expected.length === names.length && expected.every((name, index) => name === names[index]);
}

/** What there is none of is not within anything. JavaScript compares numbers with bigints exactly. */
function isWithin({ least, most }: Extract<Matcher, { kind: 'within' }>, value: Value): boolean {
  if (!isNumeric(value)) return false;
  return (least === null || value >= least) && (most === null || value <= most);
}
