/** Values of rate rows, the same in YAML and in decks. */
import type { Fields } from './fields.ts';
import type { Findings } from './findings.ts';
import { parseRateField } from './parse-values.ts';

export interface Increments {
  readonly firstSeconds: number;
  readonly nextSeconds: number;
}

/** What a row has that does not say otherwise. */
export interface RowDefaults {
  readonly unitSeconds: number;
  readonly increments: Increments;
  /** 10⁻¹⁰ currency units. */
  readonly connectFee: number;
}

export function parseDefaults(table: Fields, findings: Findings): RowDefaults {
  const defaults = table.within('defaults');
  return {
    unitSeconds: defaults.number('unit') ?? 60,
    increments: parseIncrements(defaults.text('increments') ?? '60/60') ?? {
      firstSeconds: 60,
      nextSeconds: 60,
    },
    connectFee: parseRateField(defaults, 'connectFee', findings) ?? 0,
  };
}

/** `first/next` in seconds, each 1–999999; null for anything else. */
export function parseIncrements(text: string): Increments | null {
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const firstSeconds = parseSeconds(text.slice(0, slash), 999_999);
  const nextSeconds = parseSeconds(text.slice(slash + 1), 999_999);
  return firstSeconds === null || nextSeconds === null ? null : { firstSeconds, nextSeconds };
}

/** A whole number of seconds from 1, without sign or leading zero; null for anything else. */
export function parseSeconds(text: string, largest: number): number | null {
  if (!/^[1-9]\d{0,5}$/.test(text)) return null;
  const seconds = Number(text);
  return seconds <= largest ? seconds : null;
}

const locks: Readonly<Record<string, boolean>> = {
  '': false,
  '0': false,
  false: false,
  no: false,
  off: false,
  '1': true,
  true: true,
  yes: true,
  on: true,
};

/** null for anything but the usual words for yes and no. */
export function parseLock(text: string): boolean | null {
  const word = text.toLowerCase();
  return Object.hasOwn(locks, word) ? locks[word]! : null;
}
