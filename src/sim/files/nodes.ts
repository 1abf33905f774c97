/** Reads single values of a scenario file that its schema has judged already: each is absent or of the right kind. */
import type { Findings } from '../../config/findings.ts';
import type { Located, LocatedChild } from '../../config/read/located.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { longestDurationMs, parseDuration } from './durations.ts';
import type { Names } from './names.ts';

/** What the readers of a file need besides its text. */
export interface Context {
  readonly names: Names;
  readonly findings: Findings;
}

export interface TextAt {
  readonly text: string;
  readonly place: Place;
}

export function childOf(node: Located, key: string): Located | null {
  return node.children?.get(key)?.node ?? null;
}

export function has(node: Located, key: string): boolean {
  return node.children?.has(key) === true;
}

/** Where the key stands, or the mapping that lacks it. */
export function placeOfKey(node: Located, key: string): Place {
  return node.children?.get(key)?.keyPlace ?? node.place;
}

/** The pairs of a mapping of names that the user has chosen; none for null. */
export function pairsOf(node: Located | null): readonly (readonly [string, LocatedChild])[] {
  return [...(node?.children ?? [])].map(([key, child]) => [String(key), child] as const);
}

export function itemsOf(node: Located | null): readonly Located[] {
  return [...(node?.children?.values() ?? [])].map(child => child.node);
}

export function textAt(node: Located, key: string): TextAt | null {
  const child = childOf(node, key);
  return child === null ? null : { text: String(child.value), place: child.place };
}

export function numberAt(node: Located, key: string): number | null {
  const child = childOf(node, key);
  return child === null ? null : (child.value as number);
}

/** Whole ms; null when the key is absent. */
export function durationAt(node: Located, key: string, findings: Findings): number | null {
  const child = childOf(node, key);
  return child === null ? null : Math.round(msOf(child, findings));
}

/** null when it is `never`, undefined when the key is absent. */
export function durationOrNeverAt(node: Located, key: string, findings: Findings): number | null | undefined {
  const child = childOf(node, key);
  if (child === null) return undefined;
  return child.value === 'never' ? null : Math.round(msOf(child, findings));
}

/** ms with their fraction. A number without a unit is one of seconds. */
export function msOf(node: Located, findings: Findings): number {
  const ms =
    typeof node.value === 'number' ? Math.round(node.value * 1e9) / 1e6 : parseDuration(String(node.value));
  if (ms === null) throw new TypeError(`the schema let "${String(node.value)}" pass as a duration`);
  if (ms <= longestDurationMs) return ms;
  findings.add('C4204', node.place, `${String(node.source)} is longer than a year, which is the most`);
  return 0;
}
