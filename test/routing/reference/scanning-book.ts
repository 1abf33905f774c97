/** A network as its description has it: every prefix, row and number is looked at each time. */
import type { RateDescription, SnapshotDescription } from '../../support/snapshot-builder.ts';
import type { Book } from './route-by-the-book.ts';

export function scanningBook(description: SnapshotDescription): Book {
  return {
    longestPrefix(gateway, number) {
      const { prefixes = [], prefixMode } = description.routingGateways![gateway]!;
      const [longest] = prefixes
        .map(entry => (typeof entry === 'string' ? { prefix: entry } : entry))
        .filter(({ prefix }) => number.startsWith(prefix))
        .sort((a, b) => b.prefix.length - a.prefix.length);
      if (longest === undefined) return null;
      return {
        length: longest.prefix.length,
        expiration: (longest.mode ?? prefixMode) === 'expiration',
      };
    },
    rateRow(table, number, atMs) {
      const [row] = description
        .rates![table]!.rows.filter(({ prefix }) => number.startsWith(prefix))
        .filter(candidate => isInEffect(candidate, atMs))
        .sort((a, b) => b.prefix.length - a.prefix.length);
      if (row === undefined) return null;
      const amount = Math.round(Number(row.rate) * 1e10);
      return { price: { amount, seconds: row.unitSeconds ?? 60 }, locked: row.locked === true };
    },
    isOnList(list, number) {
      const { numbers = [], prefixes = [] } = description.numberLists![list]!;
      return numbers.includes(number) || prefixes.some(prefix => number.startsWith(prefix));
    },
  };
}

function isInEffect({ effectiveFromMs, effectiveUntilMs }: RateDescription, atMs: number): boolean {
  const from = effectiveFromMs ?? Number.NEGATIVE_INFINITY;
  return atMs >= from && atMs < (effectiveUntilMs ?? Number.POSITIVE_INFINITY);
}
