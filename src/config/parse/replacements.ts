/** The `replaceFailedReason` of a mapping gateway. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Findings } from '../findings.ts';
import type { FailedReasonReplacements } from '../snapshot.ts';
import type { Fields } from './fields.ts';

export function parseReplacements(fields: Fields, findings: Findings): FailedReasonReplacements | null {
  if (!fields.has('replaceFailedReason')) return null;
  const places = new Map<number | string, Place>();
  const codes: { from: number; to: number }[] = [];
  let other: number | null = null;
  for (const entry of fields.entries('replaceFailedReason')) {
    const from = entry.node.children?.get('from')?.node.value as number | 'other' | undefined;
    const to = entry.number('to');
    if (from === undefined || to === null) continue;
    const first = places.get(from);
    if (first !== undefined) {
      const related = [{ ...first, message: 'the first replacement of it' }];
      findings.add('C4320', entry.place('from'), `${from} is replaced twice`, { related });
      continue;
    }
    places.set(from, entry.place('from'));
    if (from === 'other') other = to;
    else codes.push({ from, to });
  }
  // In one order, so that the order in the file does not change the hash.
  return { codes: codes.sort((a, b) => a.from - b.from), other };
}
