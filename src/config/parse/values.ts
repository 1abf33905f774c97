/** Values that several kinds of files have in common. */
import { parseRate } from '../../rating/decimal.ts';
import type { Findings } from '../findings.ts';
import type { ParsedNames, ParsedPrefixes } from '../parsed.ts';
import { shortened } from '../schema/findings.ts';
import { priceHint, timeHint } from '../schema/value-hints.ts';
import type { CallRate } from '../snapshot.ts';
import type { Fields } from './fields.ts';
import { parseTime } from './time.ts';

export function parseNames(fields: Fields, key: string): ParsedNames | null {
  const kind = filterKind(fields.within(key));
  if (kind === null) return null;
  return { kind, names: fields.within(key).texts(kind), place: fields.place(key, kind) };
}

export function parsePrefixes(fields: Fields, key: string): ParsedPrefixes | null {
  const kind = filterKind(fields.within(key));
  if (kind === null) return null;
  const prefixes = fields
    .within(key)
    .texts(kind)
    .map(({ text }) => text);
  return { kind, prefixes, place: fields.place(key, kind) };
}

/** Which of the two lists a filter has; null when it is absent. */
export function filterKind(filter: Fields): 'allow' | 'deny' | null {
  if (filter.has('allow')) return 'allow';
  return filter.has('deny') ? 'deny' : null;
}

/** ms since 1970 UTC, or null when the key is absent or (with a finding) no time. */
export function parseTimeField(
  fields: Fields,
  key: string,
  code: 'C4204' | 'C4403',
  findings: Findings,
): number | null {
  const written = fields.textAt(key);
  if (written === null) return null;
  const ms = parseTime(written.text);
  if (ms === null)
    findings.add(code, written.place, notATime(key, written.text), hinted(timeHint(written.text)));
  return ms;
}

export function parseCallRate(fields: Fields): CallRate | null {
  const rate = fields.within('callRate');
  const [calls, perSeconds] = [rate.number('calls'), rate.number('perSeconds')];
  return calls === null || perSeconds === null ? null : { calls, perSeconds };
}

/** A setting in seconds, in ms; null when it is absent. */
export function parseMilliseconds(fields: Fields, key: string): number | null {
  const seconds = fields.number(key);
  return seconds === null ? null : Math.round(seconds * 1000);
}

/** No hint leaves the advice of the code. */
export function hinted(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

export function notATime(key: string, text: string): string {
  return `${key} must be a date or a time with its zone, such as 2030-01-31 or 2030-01-31T12:00:00Z, not "${shortened(text)}"`;
}

/** A price in 10⁻¹⁰ of the currency, or null when the key is absent or (with a finding) no price. */
export function parseRateField(fields: Fields, key: string, findings: Findings): number | null {
  const written = fields.written(key);
  if (written === null) return null;
  const rate = parseRate(written.text);
  if (rate === null)
    findings.add('C4402', written.place, notAPrice(key, written.text), hinted(priceHint(written.text)));
  return rate;
}

export function notAPrice(key: string, text: string): string {
  return `${key} must be a plain decimal that is not negative, with at most 10 decimals, not "${shortened(text)}"`;
}
