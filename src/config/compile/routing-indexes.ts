/** What makes routing fast, and of it anew only what would become another one. */
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { buildNumberFilterIndex } from '../../routing/number-filter-index-builder.ts';
import { buildVendorPriceIndex, vendorTablesOf } from '../../routing/vendor-price-index-builder.ts';
import type { RoutingIndexes, Snapshot, VendorPriceIndex } from '../snapshot.ts';

/** Of the snapshots of one directory, one after the other. */
export class RoutingIndexer {
  /** Of the tables that the prices were made of: no two tables ever share theirs. */
  #madeOf: readonly PrefixTrie[] = [];
  #vendorPrices: VendorPriceIndex | null = null;

  of(snapshot: Snapshot): RoutingIndexes {
    return {
      vendorPrices: this.#vendorPricesOf(snapshot),
      numberFilters: buildNumberFilterIndex(snapshot.routingGateways),
    };
  }

  #vendorPricesOf(snapshot: Snapshot): VendorPriceIndex {
    const indexes = vendorTablesOf(snapshot);
    const tables = indexes.map(index => snapshot.rateTables[index]!);
    const madeOf = tables.map(({ prefixes }) => prefixes);
    const isCurrent =
      madeOf.length === this.#madeOf.length && madeOf.every((prefixes, i) => prefixes === this.#madeOf[i]);
    // A table that was not touched may still stand elsewhere among the others than before.
    const made =
      this.#vendorPrices !== null && isCurrent
        ? { ...this.#vendorPrices, tables: indexes }
        : buildVendorPriceIndex(tables, indexes);
    this.#madeOf = madeOf;
    this.#vendorPrices = made;
    return made;
  }
}
