/** What a gateway asks of the numbers of a call. */
import type { Findings } from '../findings.ts';
import type { ParsedLengths, ParsedNumberRules, ParsedPairs } from '../parsed-routing.ts';
import type { Fields } from './fields.ts';
import { filterKind, parseNames, parsePrefixes } from './values.ts';

/** Lengths that a filter can tell apart. */
const longest = 63;

export function parseNumberRules(fields: Fields, findings: Findings): ParsedNumberRules {
  return {
    callerPrefixes: parsePrefixes(fields, 'callerPrefixes'),
    calleePrefixes: parsePrefixes(fields, 'calleePrefixes'),
    forwardingPrefixes: parsePrefixes(fields, 'forwardingPrefixes'),
    callerCalleePrefixes: parsePairs(fields, 'callerCalleePrefixes'),
    callerLengths: parseLengths(fields, 'callerLengths', findings),
    calleeLengths: parseLengths(fields, 'calleeLengths', findings),
    callerLists: parseNames(fields, 'callerLists'),
    calleeLists: parseNames(fields, 'calleeLists'),
    calleeNetwork: (fields.text('calleeNetwork') ?? 'any') as ParsedNumberRules['calleeNetwork'],
  };
}

function parsePairs(fields: Fields, key: string): ParsedPairs | null {
  const filter = fields.within(key);
  const kind = filterKind(filter);
  if (kind === null) return null;
  const pairs = filter.entries(kind).flatMap(entry => {
    const { node } = entry;
    if (node.children === null) {
      const [caller = '', callee = ''] = (node.value as string).split(':');
      return [{ caller, callee }];
    }
    const [caller, callee] = [entry.text('caller'), entry.text('callee')];
    return caller === null || callee === null ? [] : [{ caller, callee }];
  });
  return { kind, pairs, place: fields.place(key, kind) };
}

function parseLengths(fields: Fields, key: string, findings: Findings): ParsedLengths | null {
  if (!fields.has(key)) return null;
  let low = 0;
  let high = 0;
  for (const { value, place, source } of fields.items(key)) {
    const [from, to] = typeof value === 'number' ? [value, value] : rangeOf(value as string);
    if (from > to || to > longest) {
      const problem =
        from > to
          ? `runs backwards: write ${to}-${from}`
          : `goes beyond ${longest}, the longest number there is`;
      findings.add('C4220', place, `the range ${source ?? ''} ${problem}`);
      continue;
    }
    for (let length = from; length <= to; length++) {
      if (length < 32) low |= 1 << length;
      else high |= 1 << (length - 32);
    }
  }
  return { low: low >>> 0, high: high >>> 0, place: fields.place(key) };
}

function rangeOf(text: string): readonly [number, number] {
  const [from, to] = text.split('-').map(Number);
  return [from!, to!];
}
