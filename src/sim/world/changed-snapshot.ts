/**
 * A configuration that differs a little from another one, as if somebody had edited its files. The places that it names
 * are those of the other.
 */
import { createHash } from 'node:crypto';
import type { RateTable, Snapshot } from '../../config/snapshot.ts';
import type { ConfigurationChange } from '../scenario/configuration-change.ts';

/** Of one configuration, so many changed ones are kept: each has indexes of its own, which take memory. */
const mostKept = 16;

const known = new WeakMap<Snapshot, Map<string, Snapshot>>();

/** The same object for the same change, as long as it is kept. No change at all is `snapshot` itself. */
export function changedSnapshot(snapshot: Snapshot, change: ConfigurationChange): Snapshot {
  const key = JSON.stringify([
    change.without,
    [...change.lines],
    [...change.mappingLines],
    change.pricePercent,
  ]);
  if (key === unchanged) return snapshot;
  let kept = known.get(snapshot);
  if (kept === undefined) {
    kept = new Map();
    known.set(snapshot, kept);
  }
  let changed = kept.get(key);
  if (changed === undefined) {
    changed = { ...changedParts(snapshot, change), hash: hashOf(`${snapshot.hash} ${key}`) };
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
    kept.set(key, changed);
  }
  return changed;
}

const unchanged = JSON.stringify([[], [], [], 100]);

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function changedParts(
  snapshot: Snapshot,
  { without, lines, mappingLines, pricePercent }: ConfigurationChange,
): Snapshot {
  const gone = new Set(without);
  const routingGateways = snapshot.routingGateways.map(gateway => {
    // The tables refer to gateways by their index. Under this name nobody knows it, and nobody may use it.
    if (gone.has(gateway.name)) return { ...gateway, name: `${gateway.name} (removed)`, locked: true };
    return withLines(gateway, lines.get(gateway.name));
  });
  const mappingGateways = snapshot.mappingGateways.map(gateway =>
    withLines(gateway, mappingLines.get(gateway.name)),
  );
  const rateTables =
    pricePercent === 100
      ? snapshot.rateTables
      : snapshot.rateTables.map(table => atPrice(table, pricePercent));
  return { ...snapshot, routingGateways, mappingGateways, rateTables };
}

function withLines<Gateway extends Snapshot['routingGateways'][number] | Snapshot['mappingGateways'][number]>(
  gateway: Gateway,
  lines: number | undefined,
): Gateway {
  if (lines === undefined) return gateway;
  return { ...gateway, lines, periods: gateway.periods.map(period => ({ ...period, lines: null })) };
}

function atPrice(table: RateTable, percent: number): RateTable {
  const { extras } = table;
  return {
    ...table,
    rate: scaled(table.rate, percent),
    connectFee: scaled(table.connectFee, percent),
    extras: { ...extras, stageFee: scaled(extras.stageFee, percent) },
  };
}

/** Whole numbers stay whole. */
function scaled(prices: Float64Array, percent: number): Float64Array {
  return prices.map(price => Math.round((price * percent) / 100));
}
