import type { RouteTable } from '../config/snapshot.ts';
import { PrefixTrieBuilder } from '../prefixes/prefix-trie-builder.ts';
import { stepExpires, stepGoesOn } from './route-table.ts';

/** Indexes of gateways are kept in 16 bits. */
export const maxRoutingGateways = 65_536;

/** Collects the prefixes of all routing gateways and lays them out in columns. */
export class RouteTableBuilder {
  #entryCount = 0;
  readonly #trie: PrefixTrieBuilder;
  #gateway: Uint16Array;
  #expiration: Uint8Array;
  #nextEntry: Int32Array;
  #line: Uint32Array;

  /** `expectedEntries` only sizes the first allocation. */
  constructor(expectedEntries: number = 64) {
    const capacity = Math.max(16, Math.ceil(expectedEntries));
    this.#trie = new PrefixTrieBuilder(capacity);
    this.#gateway = new Uint16Array(capacity);
    this.#expiration = new Uint8Array(capacity);
    this.#nextEntry = new Int32Array(capacity);
    this.#line = new Uint32Array(capacity);
  }

  /**
   * Adds a prefix of a gateway and returns null. When that gateway has the prefix already, adds nothing and
   * returns the line of the first one. `expiration` is the resolved mode: the entry's own, or its gateway's.
   * Fastest when the gateways come one after the other in the order of their indexes.
   */
  add(prefix: string, gateway: number, expiration: boolean, line: number): number | null {
    if (!(gateway >= 0 && gateway < maxRoutingGateways)) throw new RangeError(`no gateway index: ${gateway}`);
    const added = this.#entryCount;
    const head = this.#trie.set(prefix, added);
    let previous = -1;
    let next = head;
    // A chain stands in falling order of gateways, which makes the newest its head in the usual case.
    while (next >= 0 && this.#gateway[next]! > gateway) {
      previous = next;
      next = this.#nextEntry[next]!;
    }
    if (next >= 0 && this.#gateway[next] === gateway) {
      this.#trie.set(prefix, head);
      return this.#line[next]!;
    }
    if (previous >= 0) {
      this.#trie.set(prefix, head);
      this.#nextEntry[previous] = added;
    }
    if (added === this.#gateway.length) this.#grow(added * 2);
    this.#entryCount = added + 1;
    this.#gateway[added] = gateway;
    this.#expiration[added] = expiration ? 1 : 0;
    this.#nextEntry[added] = next;
    this.#line[added] = line;
    return null;
  }

  /**
   * The finished table, in new memory of exactly its size. Entries of one prefix lie side by side, whatever the
   * order they came in: a decision reads them all, and the memory next to each other.
   */
  build(): RouteTable {
    const count = this.#entryCount;
    const gateway = new Uint16Array(new SharedArrayBuffer(count * 2));
    const expiration = new Uint8Array(new SharedArrayBuffer(count));
    const steps = new Uint32Array(new SharedArrayBuffer(count * 4));
    const line = new Uint32Array(new SharedArrayBuffer(count * 4));
    let placed = 0;
    const trie = this.#trie.build(head => {
      const first = placed;
      for (let entry = head; entry >= 0; entry = this.#nextEntry[entry]!) {
        gateway[placed] = this.#gateway[entry]!;
        expiration[placed] = this.#expiration[entry]!;
        line[placed] = this.#line[entry]!;
        steps[placed] =
          this.#gateway[entry]! |
          (this.#expiration[entry] === 1 ? stepExpires : 0) |
          (this.#nextEntry[entry]! < 0 ? 0 : stepGoesOn);
        placed++;
      }
      return first;
    });
    return { trie, entryCount: count, gateway, expiration, steps, line };
  }

  #grow(capacity: number): void {
    const gateway = new Uint16Array(capacity);
    const expiration = new Uint8Array(capacity);
    const nextEntry = new Int32Array(capacity);
    const line = new Uint32Array(capacity);
    gateway.set(this.#gateway);
    expiration.set(this.#expiration);
    nextEntry.set(this.#nextEntry);
    line.set(this.#line);
    this.#gateway = gateway;
    this.#expiration = expiration;
    this.#nextEntry = nextEntry;
    this.#line = line;
  }
}
