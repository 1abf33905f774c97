/** The index over the rate tables of vendors, made anew only when it would become another one. */
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { buildVendorPriceIndex, vendorTablesOf } from '../../routing/vendor-price-index-builder.ts';
import type { Snapshot, VendorPriceIndex } from '../snapshot.ts';

export class VendorPriceMemory {
  /** Of the tables that the index was made of: no two tables ever share theirs. */
  #madeOf: readonly PrefixTrie[] = [];
  #index: VendorPriceIndex | null = null;

  /** The index of a snapshot; of its own `vendorPrices` nothing is read. */
  of(snapshot: Omit<Snapshot, 'vendorPrices'>): VendorPriceIndex {
    const indexes = vendorTablesOf(snapshot);
    const tables = indexes.map(index => snapshot.rateTables[index]!);
    const madeOf = tables.map(({ prefixes }) => prefixes);
    const isCurrent =
      madeOf.length === this.#madeOf.length && madeOf.every((prefixes, i) => prefixes === this.#madeOf[i]);
    // A table that was not touched may still stand elsewhere among the others than before.
    const index =
      this.#index !== null && isCurrent
        ? { ...this.#index, tables: indexes }
        : buildVendorPriceIndex(tables, indexes);
    this.#madeOf = madeOf;
    this.#index = index;
    return index;
  }
}
