/** The names that a scenario may use, held against the configuration that it is about. */

import { endReasons } from '../../cdr/record.ts';
import type { Findings } from '../../config/findings.ts';
import { wordsFor } from '../../config/kinds.ts';
import { didYouMean } from '../../config/schema/suggest.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { recordFields } from './record-fields.ts';

export type NameKind =
  | 'routing-gateway'
  | 'mapping-gateway'
  | 'account'
  | 'rate-table'
  | 'end reason'
  | 'field of the call detail record';

const kindsOfObjects = ['routing-gateway', 'mapping-gateway', 'account', 'rate-table'] as const;

export class Names {
  readonly snapshot: Snapshot;
  readonly #indexes: Readonly<Record<NameKind, ReadonlyMap<string, number>>>;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.#indexes = {
      'routing-gateway': indexed(snapshot.routingGateways.map(({ name }) => name)),
      'mapping-gateway': indexed(snapshot.mappingGateways.map(({ name }) => name)),
      account: indexed(snapshot.accounts.map(({ name }) => name)),
      'rate-table': indexed(snapshot.rateTables.map(({ name }) => name)),
      'end reason': indexed(endReasons),
      'field of the call detail record': indexed(recordFields),
    };
  }

  /** Its index in the snapshot, or null with a finding. */
  find(kind: NameKind, name: string, place: Place, findings: Findings): number | null {
    const index = this.#indexes[kind].get(name);
    if (index !== undefined) return index;
    const words = kind === 'end reason' || kind === 'field of the call detail record' ? kind : wordsFor(kind);
    const shown = name.length > 60 ? `${name.slice(0, 57)}…` : name;
    const message = `there is no ${words} "${shown}"${didYouMean(name, this.#indexes[kind].keys())}`;
    const others = kindsOfObjects.filter(other => other !== kind && this.#indexes[other].has(name));
    findings.add('C4701', place, message, hintFor(kind, name, others));
    return null;
  }

  has(kind: NameKind, name: string): boolean {
    return this.#indexes[kind].has(name);
  }
}

function hintFor(kind: NameKind, name: string, others: readonly ('account' | NameKind)[]): { hint?: string } {
  const [other] = others;
  if (kind === 'end reason') return { hint: 'docs/end-reasons.md lists the end reasons.' };
  if (kind === 'field of the call detail record')
    return { hint: 'docs/simulate.md lists the fields of a record.' };
  if (other === undefined) return {};
  const words =
    other === 'end reason' || other === 'field of the call detail record' ? other : wordsFor(other);
  return { hint: `"${name}" is the name of ${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}.` };
}

function indexed(names: readonly string[]): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index]));
}
