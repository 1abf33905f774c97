/** Names as indexes. What is missing here had a diagnostic, and must not be compiled: then these throw. */
import type { Named } from '../directory.ts';
import type { TextAt } from '../parse/fields.ts';
import type { ParsedNames, ParsedObject } from '../parsed.ts';
import type { NameFilter } from '../snapshot.ts';

export function compileNames(filter: ParsedNames | null, known: Named<ParsedObject>): NameFilter {
  if (filter === null) return { kind: 'any' };
  const indexes = filter.names.map(name => indexIn(known, name)).sort((a, b) => a - b);
  return { kind: filter.kind, indexes, source: filter.place };
}

export function indexIn(known: Named<ParsedObject>, reference: TextAt | null): number {
  const index = known.indexOf(present(reference, 'a reference').text);
  if (index < 0) throw new Error(`the name ${reference?.text} is compiled without being checked`);
  return index;
}

export function present<T>(value: T | null, name: string): T {
  if (value === null) throw new Error(`${name} is compiled although it has errors`);
  return value;
}
