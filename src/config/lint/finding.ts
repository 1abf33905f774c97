/** What a rule of lint finds: one thing to say, and all the places it is true of, each of which may be silenced. */
import type { Code } from '../../diagnostics/codes.ts';
import type { Place, RelatedPlace } from '../../diagnostics/diagnostic.ts';
import type { ParsedDirectory } from '../directory.ts';
import type { ParsedRoutingGateway } from '../parsed.ts';
import { grouped } from '../read/file.ts';
import type { Snapshot } from '../snapshot.ts';

export interface LintContext {
  readonly directory: ParsedDirectory;
  readonly snapshot: Snapshot;
  /** The moment that is judged, ms since 1970 UTC: which rates are in effect, which accounts are over. */
  readonly nowMs: number;
}

/** Judges what was read of a configuration directory without errors. */
export type Lint = (path: string, directory: ParsedDirectory, snapshot: Snapshot) => readonly LintFinding[];

export interface LintItem {
  readonly place: Place;
  /** As it stands in a list of such items. */
  readonly label: string;
  readonly related?: readonly RelatedPlace[];
}

export interface LintFinding {
  readonly code: Code;
  /** In the order in which they matter; at least one. */
  readonly items: readonly LintItem[];
  /** How many more there are in the file of the first item, where all can only be silenced together. */
  readonly unlisted: number;
  /** The sentence about `count` items; `labels` lists the first few. */
  readonly say: (labels: string, count: number) => string;
  readonly hint?: string;
}

/** A finding about one place. */
export function single(
  code: Code,
  place: Place,
  message: string,
  details: { readonly hint?: string; readonly related?: readonly RelatedPlace[] } = {},
): LintFinding {
  const { hint, related } = details;
  return {
    code,
    items: [{ place, label: '', ...(related === undefined ? {} : { related }) }],
    unlisted: 0,
    say: () => message,
    ...(hint === undefined ? {} : { hint }),
  };
}

const listedItems = 3;

/** `"44", "33", "1" and 12 more`. */
export function listOf(labels: readonly string[], count: number): string {
  const listed = labels.slice(0, listedItems);
  const more = count - listed.length;
  if (more > 0) return `${listed.join(', ')} and ${grouped(more)} more`;
  const last = listed.pop();
  return listed.length === 0 ? (last ?? '') : `${listed.join(', ')} and ${last}`;
}

/** `1 prefix`, `12 prefixes`. */
export function counted(count: number, one: string, many: string): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

const places = new WeakMap<ParsedRoutingGateway, ReadonlyMap<string, Place>>();

/** Where a prefix of the gateway stands. */
export function placeOfPrefix(gateway: ParsedRoutingGateway, prefix: string): Place {
  let known = places.get(gateway);
  if (known === undefined) {
    known = new Map(gateway.prefixes.map(each => [each.prefix, each.place]));
    places.set(gateway, known);
  }
  return known.get(prefix) ?? gateway.place;
}
