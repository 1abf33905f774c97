/**
 * Which classes of customers reach which vendors at one prefix, kept up to date while a walk goes down the prefixes.
 *
 * It is the walk of the routing (longest prefixes first, until a group has a member in Expiration mode that the caller
 * may use), for all numbers and all callers at once. Locked gateways and those not allowed are no members, and neither
 * is one that checks rates where its vendor has none. Lines, credit and whatever else changes by itself do not count.
 */
import { nextEntry } from '../../../routing/route-table.ts';
import type { Network } from './network.ts';
import { isRatedByOtherNumber } from './scope.ts';
import { UndoWords } from './undo-words.ts';

/** The routes on the way down to the current prefix, the longest prefix last. */
interface RouteGroup {
  /** In `pathEntries`. */
  readonly start: number;
  readonly expires: boolean;
}

export class Reach {
  readonly network: Network;
  /** Entries of the route table on the way to the current prefix. */
  readonly pathEntries: number[] = [];
  readonly #groups: RouteGroup[] = [];
  #expiringGroups = 0;
  readonly #state: UndoWords;
  readonly #words: number;
  readonly #union: number;
  readonly #open: number;
  readonly #sold: number;
  /** 1 where calls are free of charge, so that nobody needs a rate. */
  readonly #free: number;
  readonly #rows: number;
  readonly #seen: Float64Array;
  /** By rate table; null when none of its rows is locked, which saves looking at each. */
  readonly #locked: readonly (Uint8Array | null)[];
  #round = 0;
  readonly #blocked: Int32Array;
  readonly #groupBlocks: Int32Array;
  readonly #scratch: Int32Array;
  /** By vendor: its price list, or -1 when its gateways need no rate to be used. */
  readonly #checkedList: Int32Array;
  /** By gateway: 1 when it is used only where its vendor has a rate for the very number. */
  readonly #checks: Uint8Array;
  /** By price list: the vendors some of whose gateways are used only where it has a rate. */
  readonly #checking = new Map<number, number[]>();

  constructor(network: Network) {
    const { words, vendors, snapshot } = network;
    this.network = network;
    this.#words = words;
    this.#union = vendors.length * words;
    this.#open = this.#union + words;
    this.#sold = this.#open + words;
    this.#free = this.#sold + words;
    this.#rows = this.#free + 1;
    this.#state = new UndoWords(this.#rows + snapshot.rateTables.length);
    this.#locked = snapshot.rateTables.map(({ locked }) => (locked.includes(1) ? locked : null));
    this.#seen = new Float64Array(snapshot.routingGateways.length);
    this.#blocked = new Int32Array(words);
    this.#groupBlocks = new Int32Array(words);
    this.#scratch = new Int32Array(vendors.length * words);
    this.#checkedList = new Int32Array(vendors.length).fill(-1);
    this.#checks = Uint8Array.from(snapshot.routingGateways, gateway =>
      gateway.checkRate && !isRatedByOtherNumber(gateway) ? 1 : 0,
    );
    for (const gateway of snapshot.routingGateways) {
      const vendor = network.vendorOf[gateway.index]!;
      const list = network.vendorLists[vendor]!;
      if (this.#checks[gateway.index] === 0 || list < 0) continue;
      this.#checkedList[vendor] = list;
      const checking = this.#checking.get(list);
      if (checking === undefined) this.#checking.set(list, [vendor]);
      else if (!checking.includes(vendor)) checking.push(vendor);
    }
    const { words: state } = this.#state;
    state.fill(-1, this.#rows);
    state.set(network.everybody, this.#open);
    for (const { filter, classes } of network.filters) {
      if (filter.kind !== 'allow') continue;
      for (let word = 0; word < words; word++) state[this.#open + word]! &= ~classes[word]!;
    }
    for (const { list, firstWord, lastWord } of network.payers) {
      if (list === null) state.fill(-1, this.#sold + firstWord, this.#sold + lastWord);
    }
  }

  /** The price lists on which it depends who has a price and which gateways are members. */
  get decidingLists(): readonly number[] {
    const { payers } = this.network;
    return [...payers.flatMap(({ list }) => (list === null ? [] : [list])), ...this.#checking.keys()];
  }

  /** The rate table of the list that prices the numbers of the current prefix, or -1. */
  tableOf(list: number): number {
    const tables = this.network.lists[list]!;
    const { words } = this.#state;
    for (let place = 0; place < tables.length; place++) {
      if (words[this.#rows + tables[place]!]! >= 0) return tables[place]!;
    }
    return -1;
  }

  /** The row of that table, unless there is none, it is locked or nobody pays here: then -1. */
  priceOf(list: number): number {
    const table = this.tableOf(list);
    if (table < 0 || this.#isFree) return -1;
    const row = this.#state.words[this.#rows + table]!;
    const locked = this.#locked[table]!;
    return locked !== null && locked[row] === 1 ? -1 : row;
  }

  /** Whether any of these customers reaches the vendor. */
  payersReach(payers: number, vendor: number): boolean {
    const { firstWord, lastWord } = this.network.payers[payers]!;
    return this.#meets(vendor * this.#words, firstWord, lastWord, false);
  }

  /** Whether any of these customers reaches any vendor. */
  payersReachAny(payers: number): boolean {
    const { firstWord, lastWord } = this.network.payers[payers]!;
    return this.#meets(this.#union, firstWord, lastWord, false);
  }

  /** Whether a customer who has a price for these numbers reaches the vendor. */
  isSoldOver(vendor: number): boolean {
    return this.#meets(vendor * this.#words, 0, this.#words, true);
  }

  /** Whether the gateway may be used here: one that checks rates needs a rate. */
  isMember(gateway: number): boolean {
    const list = this.#checkedList[this.network.vendorOf[gateway]!]!;
    return this.#checks[gateway] === 0 || list < 0 || this.#isFree || this.priceOf(list) >= 0;
  }

  /** What changes from here on goes with the `leave` that belongs to this. */
  mark(): void {
    this.#state.mark();
  }

  undo(): void {
    this.#state.undo();
  }

  setRow(table: number, row: number): void {
    this.#state.set(this.#rows + table, row);
  }

  setSold(payers: number, sold: boolean): void {
    if (this.#isFree) return;
    const { firstWord, lastWord } = this.network.payers[payers]!;
    for (let word = firstWord; word < lastWord; word++) this.#state.set(this.#sold + word, sold ? -1 : 0);
  }

  /** Nobody pays for the numbers from here on. */
  setFree(): void {
    for (let word = 0; word < this.#words; word++) this.#state.set(this.#sold + word, -1);
    this.#state.set(this.#free, 1);
    for (const list of this.#checking.keys()) this.pricesChanged(list);
  }

  /** The numbers from here on pass the filter (allow), or do not (deny). */
  applyFilter(filter: number): void {
    const { filter: rule, classes } = this.network.filters[filter]!;
    for (let word = 0; word < this.#words; word++) {
      const before = this.#state.words[this.#open + word]!;
      const bits = classes[word]!;
      this.#state.set(this.#open + word, rule.kind === 'allow' ? before | bits : before & ~bits);
    }
  }

  /** Adds the gateways whose prefix this is. */
  enterRoutes(head: number): void {
    const { routes } = this.network.snapshot;
    const { gateway, expiration } = routes;
    const start = this.pathEntries.length;
    let expires = false;
    for (let entry = head; entry >= 0; entry = nextEntry(routes, entry)) {
      this.pathEntries.push(entry);
      if (expiration[entry] === 1) expires = true;
    }
    this.#groups.push({ start, expires });
    if (expires) this.#expiringGroups++;
    if (this.#expiringGroups > 0) {
      this.#findAll();
      return;
    }
    const { vendorOf, allowed } = this.network;
    for (let place = start; place < this.pathEntries.length; place++) {
      const index = gateway[this.pathEntries[place]!]!;
      if (!this.isMember(index)) continue;
      const from = index * this.#words;
      this.#join(vendorOf[index]! * this.#words, allowed, from);
      this.#join(this.#union, allowed, from);
    }
  }

  leaveRoutes(): void {
    const group = this.#groups.pop()!;
    this.pathEntries.length = group.start;
    if (group.expires) this.#expiringGroups--;
  }

  /** To be called when a price list came to have a price here, or lost it. */
  pricesChanged(list: number): void {
    for (const vendor of this.#checking.get(list) ?? []) {
      if (this.pathEntries.length === 0) continue;
      // A gateway in Expiration mode decides about others, too.
      if (this.#expiringGroups > 0) this.#findAll();
      else this.#findVendor(vendor);
    }
  }

  /**
   * The classes that come to the entry of the current way at `place`, if it is a member: those that may use its
   * gateway and were not stopped before. Valid until the next question; null when a longer prefix of the gateway counts.
   */
  arrivingAt(place: number): { readonly classes: Int32Array; readonly stoppedBy: number } | null {
    const { gateway, expiration } = this.network.snapshot.routes;
    const { allowed } = this.network;
    const wanted = gateway[this.pathEntries[place]!]!;
    const classes = this.#scratch.subarray(0, this.#words);
    classes.set(allowed.subarray(wanted * this.#words, (wanted + 1) * this.#words));
    const round = ++this.#round;
    let stoppedBy = -1;
    for (let group = this.#groups.length - 1; group >= 0; group--) {
      const { start } = this.#groups[group]!;
      const end = this.#groups[group + 1]?.start ?? this.pathEntries.length;
      if (place >= start) return { classes, stoppedBy };
      for (let other = start; other < end; other++) {
        const entry = this.pathEntries[other]!;
        const index = gateway[entry]!;
        if (index === wanted) return null;
        if (this.#seen[index] === round) continue;
        this.#seen[index] = round;
        if (expiration[entry] === 0 || !this.isMember(index)) continue;
        for (let word = 0; word < this.#words; word++) {
          const stopped = classes[word]! & this.network.stopped[index * this.#words + word]!;
          if (stopped !== 0) stoppedBy = entry;
          classes[word]! &= ~stopped;
        }
      }
    }
    throw new RangeError(`no entry ${place} on the way`);
  }

  /** The classes that are left of `classes` by the filters of their gateways, and by prices when they are `sold`. */
  keepsAny(classes: Int32Array, sold: boolean): boolean {
    const { words } = this.#state;
    for (let word = 0; word < this.#words; word++) {
      const bits = classes[word]! & words[this.#open + word]! & (sold ? words[this.#sold + word]! : -1);
      if (bits !== 0) return true;
    }
    return false;
  }

  get #isFree(): boolean {
    return this.#state.words[this.#free] === 1;
  }

  #meets(base: number, from: number, until: number, sold: boolean): boolean {
    const { words } = this.#state;
    for (let word = from; word < until; word++) {
      const bits = words[base + word]! & words[this.#open + word]! & (sold ? words[this.#sold + word]! : -1);
      if (bits !== 0) return true;
    }
    return false;
  }

  #join(base: number, set: Int32Array, from: number): void {
    for (let word = 0; word < this.#words; word++) {
      const bits = set[from + word]!;
      if (bits !== 0) this.#state.set(base + word, this.#state.words[base + word]! | bits);
    }
  }

  /** What the vendor's gateways on the way add up to, where nothing ends the search. */
  #findVendor(vendor: number): void {
    const { gateway } = this.network.snapshot.routes;
    const { vendorOf, allowed } = this.network;
    const found = this.#scratch.subarray(0, this.#words).fill(0);
    for (const entry of this.pathEntries) {
      const index = gateway[entry]!;
      if (vendorOf[index] !== vendor || !this.isMember(index)) continue;
      for (let word = 0; word < this.#words; word++) found[word]! |= allowed[index * this.#words + word]!;
    }
    const base = vendor * this.#words;
    let lost = false;
    for (let word = 0; word < this.#words; word++) {
      if ((this.#state.words[base + word]! & ~found[word]!) !== 0) lost = true;
      this.#state.set(base + word, found[word]!);
    }
    if (lost) this.#uniteAll();
    else this.#join(this.#union, found, 0);
  }

  /** The walk of the routing itself, from the longest prefix to the shortest. */
  #findAll(): void {
    const { gateway, expiration } = this.network.snapshot.routes;
    const { vendorOf, allowed, stopped } = this.network;
    const found = this.#scratch.fill(0);
    const blocked = this.#blocked.fill(0);
    const round = ++this.#round;
    let end = this.pathEntries.length;
    for (let group = this.#groups.length - 1; group >= 0; group--) {
      const { start, expires } = this.#groups[group]!;
      const blocks = expires ? this.#groupBlocks.fill(0) : null;
      for (let place = start; place < end; place++) {
        const entry = this.pathEntries[place]!;
        const index = gateway[entry]!;
        if (this.#seen[index] === round) continue;
        this.#seen[index] = round;
        if (!this.isMember(index)) continue;
        const base = vendorOf[index]! * this.#words;
        for (let word = 0; word < this.#words; word++) {
          const at = index * this.#words + word;
          found[base + word]! |= allowed[at]! & ~blocked[word]!;
          if (blocks !== null && expiration[entry] === 1) blocks[word]! |= stopped[at]! & ~blocked[word]!;
        }
      }
      if (blocks !== null) for (let word = 0; word < this.#words; word++) blocked[word]! |= blocks[word]!;
      end = start;
    }
    for (let place = 0; place < found.length; place++) this.#state.set(place, found[place]!);
    this.#uniteAll();
  }

  #uniteAll(): void {
    const { words } = this.#state;
    for (let word = 0; word < this.#words; word++) {
      let bits = 0;
      for (let base = word; base < this.#union; base += this.#words) bits |= words[base]!;
      this.#state.set(this.#union + word, bits);
    }
  }
}
