/** Values of rate rows, the same in YAML and in decks. */

import { callLevels } from '../../rating/rate-table.ts';
import type { RowStage } from '../../rating/stages.ts';
import type { Findings } from '../findings.ts';
import type { CallLevel } from '../snapshot.ts';
import type { Fields } from './fields.ts';
import { parseRateField } from './values.ts';

const zero = 0x30;

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
  readonly stages: readonly RowStage[];
  /** null takes SERVER_BILLING_FREE_TIME. */
  readonly freeSeconds: number | null;
  /** null is open to every call level. */
  readonly level: CallLevel | null;
}

export function parseDefaults(table: Fields, findings: Findings): RowDefaults {
  const defaults = table.within('defaults');
  return {
    unitSeconds: defaults.number('unit')!,
    increments: parseIncrements(defaults.text('increments')!)!,
    connectFee: parseRateField(defaults, 'connectFee', findings) ?? 0,
    stages: parseStageList(defaults, findings) ?? [],
    freeSeconds: defaults.number('freeSeconds'),
    level: defaults.text('level') as CallLevel | null,
  };
}

/** null when the key is absent, or (with a finding) a fee is none. */
export function parseStageList(fields: Fields, findings: Findings): readonly RowStage[] | null {
  if (!fields.has('stages')) return null;
  const stages: RowStage[] = [];
  for (const entry of fields.entries('stages')) {
    const seconds = entry.number('seconds');
    const fee = parseRateField(entry, 'fee', findings);
    if (seconds === null || fee === null) return null;
    stages.push({ seconds, fee });
  }
  return stages;
}

/** `first/next` in seconds, each 1–999999; null for anything else. */
export function parseIncrements(text: string): Increments | null {
  const slash = text.indexOf('/');
  if (slash < 0) return null;
  const firstSeconds = secondsWithin(text, 0, slash, 999_999);
  const nextSeconds = secondsWithin(text, slash + 1, text.length, 999_999);
  return firstSeconds === null || nextSeconds === null ? null : { firstSeconds, nextSeconds };
}

/** A whole number of seconds from 1, without sign or leading zero; null for anything else. */
export function parseSeconds(text: string, largest: number): number | null {
  return secondsWithin(text, 0, text.length, largest);
}

/** Reads the part of `text` from `start` up to `end`: decks have a million of these, so no string is cut out. */
function secondsWithin(text: string, start: number, end: number, largest: number): number | null {
  if (start >= end || text.charCodeAt(start) === zero) return null;
  let seconds = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return null;
    seconds = seconds * 10 + digit;
    if (seconds > largest) return null;
  }
  return seconds;
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

/** null for anything but the four classes of destinations. */
export function parseLevel(text: string): CallLevel | null {
  return callLevels.find(level => level === text) ?? null;
}
