/**
 * The number rules of all routing gateways, worked out so that a call asks each filter and each list once, however
 * many gateways have it. Answers as `numberRefusal` does, gateway by gateway.
 */
import type {
  LengthFilter,
  NumberFilterIndex,
  NumberListFilter,
  NumberRules,
  Snapshot,
} from '../config/snapshot.ts';
import { isOnOneOfLists } from './number-filter.ts';
import {
  buildNumberFilterIndex,
  calleeAt,
  callerAt,
  filterWidth,
  forwardingAt,
  noFilter,
  pairAt,
} from './number-filter-index-builder.ts';
import { NumberFilterMarks } from './number-filter-marks.ts';
import { type NumberRefusal, type RuledNumbers, ruledWithoutPlus } from './number-rules.ts';
import type { TimedSettings } from './timed-settings.ts';

/** What a gateway asks about, and whether it allows (or denies) what it names. */
const prefixes = 1;
const lengths = 2;
const callerLists = 4;
const calleeLists = 8;
const network = 16;
const lists = callerLists | calleeLists | network;

export class NumberRuleIndex {
  readonly #snapshot: Snapshot;
  readonly #settings: TimedSettings;
  #settled = -1;
  /** By gateway: what it asks about now, and which of that names what it allows. */
  readonly #asks: Uint8Array;
  readonly #allows: Uint8Array;
  readonly #filterIndex: NumberFilterIndex;
  readonly #marks: NumberFilterMarks;
  /** As `filtersOf` of the index, by gateway: those that count now. */
  readonly #filters: Int32Array;
  #numbers: RuledNumbers = { caller: '', callee: '', untaggedCallee: '', forwarding: null };
  /** What has been asked already for this call. */
  #asked = 0;
  readonly #callerLengths: LengthMasks;
  readonly #calleeLengths: LengthMasks;
  readonly #callerOn: ListAnswers;
  readonly #calleeOn: ListAnswers;
  /** By gateway: which lists count. */
  readonly #callerFilter: Int32Array;
  readonly #calleeFilter: Int32Array;
  readonly #onNet: number;

  constructor(snapshot: Snapshot, settings: TimedSettings) {
    const { routingGateways, indexes } = snapshot;
    const count = routingGateways.length;
    this.#snapshot = snapshot;
    this.#settings = settings;
    this.#asks = new Uint8Array(count);
    this.#allows = new Uint8Array(count);
    this.#filterIndex = indexes?.numberFilters ?? buildNumberFilterIndex(routingGateways);
    this.#marks = new NumberFilterMarks(this.#filterIndex);
    this.#filters = new Int32Array(filterWidth * count);
    this.#callerOn = new ListAnswers(snapshot);
    this.#calleeOn = new ListAnswers(snapshot);
    this.#callerLengths = new LengthMasks(count);
    this.#calleeLengths = new LengthMasks(count);
    this.#callerFilter = new Int32Array(count);
    this.#calleeFilter = new Int32Array(count);
    this.#onNet = this.#calleeOn.add(snapshot.onNetNumbers);
    this.#addRest();
  }

  /** All that follows is about these numbers. The settings stand at the time of the call. */
  begin(numbers: RuledNumbers): void {
    this.#numbers = numbers;
    this.#asked = 0;
    if (this.#settled !== this.#settings.changes) this.#settle();
  }

  /** The first rule of the gateway that does not let the numbers pass, or null. */
  refusalOf(gateway: number): NumberRefusal | null {
    const asks = this.#asks[gateway]!;
    if (asks === 0) return null;
    if (this.#asked === 0) {
      this.#numbers = ruledWithoutPlus(this.#numbers);
      this.#asked = lengths;
    }
    if ((asks & prefixes) !== 0) {
      if ((this.#asked & prefixes) === 0) {
        this.#asked |= prefixes;
        this.#marks.ask(this.#numbers);
      }
      const from = filterWidth * gateway;
      if (this.#isRefused(from + callerAt)) return 'callerPrefixNotAllowed';
      if (this.#isRefused(from + calleeAt)) return 'calleePrefixNotAllowed';
      if (this.#numbers.forwarding !== null && this.#isRefused(from + forwardingAt)) {
        return 'forwardingPrefixNotAllowed';
      }
      if (this.#isRefused(from + pairAt)) return 'callerCalleeNotAllowed';
    }
    return (asks & ~prefixes) === 0 ? null : this.#restRefusalOf(gateway, asks);
  }

  #isRefused(at: number): boolean {
    const filter = this.#filters[at]!;
    return filter !== noFilter && this.#marks.names(filter >> 1) !== ((filter & 1) === 1);
  }

  #restRefusalOf(gateway: number, asks: number): NumberRefusal | null {
    const numbers = this.#numbers;
    if ((asks & lengths) !== 0) {
      if (!this.#callerLengths.passes(gateway, numbers.caller.length)) return 'callerLengthNotAllowed';
      if (!this.#calleeLengths.passes(gateway, numbers.untaggedCallee.length)) {
        return 'calleeLengthNotAllowed';
      }
    }
    if ((asks & lists) === 0) return null;
    if ((this.#asked & network) === 0) {
      this.#asked |= network;
      this.#callerOn.begin(numbers.caller);
      this.#calleeOn.begin(numbers.untaggedCallee);
    }
    const allows = this.#allows[gateway]!;
    if (
      (asks & callerLists) !== 0 &&
      this.#callerOn.isOn(this.#callerFilter[gateway]!) !== ((allows & callerLists) !== 0)
    ) {
      return 'callerListNotAllowed';
    }
    if (
      (asks & calleeLists) !== 0 &&
      this.#calleeOn.isOn(this.#calleeFilter[gateway]!) !== ((allows & calleeLists) !== 0)
    ) {
      return 'calleeListNotAllowed';
    }
    if ((asks & network) === 0) return null;
    const isOnNet = this.#calleeOn.isOn(this.#onNet);
    if ((allows & network) !== 0) return isOnNet ? null : 'calleeNotOnNet';
    return isOnNet ? 'calleeNotOffNet' : null;
  }

  #addRest(): void {
    for (const { index, numbers } of this.#snapshot.routingGateways) {
      this.#callerLengths.set(index, numbers.callerLengths);
      this.#calleeLengths.set(index, numbers.calleeLengths);
      this.#callerFilter[index] = this.#addLists(this.#callerOn, index, callerLists, numbers.callerLists);
      this.#calleeFilter[index] = this.#addLists(this.#calleeOn, index, calleeLists, numbers.calleeLists);
      this.#asks[index]! |= restOf(numbers);
      if (numbers.calleeNetwork === 'on-net') this.#allows[index]! |= network;
    }
  }

  #addLists(answers: ListAnswers, gateway: number, bit: number, filter: NumberListFilter): number {
    if (filter.kind === 'any') return -1;
    if (filter.kind === 'allow') this.#allows[gateway]! |= bit;
    return answers.add(filter.lists);
  }

  /** Which prefixes count now: the gateway's own, or those of its period. */
  #settle(): void {
    this.#settled = this.#settings.changes;
    const { firstOf, filtersOf } = this.#filterIndex;
    for (let gateway = 0; gateway < this.#asks.length; gateway++) {
      const from = firstOf[gateway]! + filterWidth * (this.#settings.placeOfRoutingPeriod(gateway) + 1);
      let any = true;
      for (let i = 0; i < filterWidth; i++) {
        const filter = filtersOf[from + i]!;
        this.#filters[filterWidth * gateway + i] = filter;
        if (filter !== noFilter) any = false;
      }
      if (any) this.#asks[gateway]! &= ~prefixes;
      else this.#asks[gateway]! |= prefixes;
    }
  }
}

function restOf(numbers: NumberRules): number {
  return (
    (numbers.callerLengths.kind === 'any' && numbers.calleeLengths.kind === 'any' ? 0 : lengths) |
    (numbers.callerLists.kind === 'any' ? 0 : callerLists) |
    (numbers.calleeLists.kind === 'any' ? 0 : calleeLists) |
    (numbers.calleeNetwork === 'any' ? 0 : network)
  );
}

/** The lengths that each gateway takes. */
class LengthMasks {
  readonly #low: Uint32Array;
  readonly #high: Uint32Array;
  readonly #anyLength = new Set<number>();

  constructor(gateways: number) {
    this.#low = new Uint32Array(gateways).fill(0xffff_ffff);
    this.#high = new Uint32Array(gateways).fill(0xffff_ffff);
  }

  set(gateway: number, filter: LengthFilter): void {
    if (filter.kind === 'any') {
      this.#anyLength.add(gateway);
      return;
    }
    this.#low[gateway] = filter.low;
    this.#high[gateway] = filter.high;
  }

  passes(gateway: number, length: number): boolean {
    if (length > 63) return this.#anyLength.has(gateway);
    return (((length < 32 ? this.#low : this.#high)[gateway]! >>> (length & 31)) & 1) === 1;
  }
}

/** Whether sets of lists hold one number; each set that somebody has is asked once. */
class ListAnswers {
  readonly #snapshot: Snapshot;
  readonly #idOf = new Map<string, number>();
  readonly #sets: (readonly number[])[] = [];
  #number = '';
  #call = 0;
  /** By set: the last call it was asked for. */
  #askedIn: Float64Array = new Float64Array(0);
  #holds: Uint8Array = new Uint8Array(0);

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** Returns the number of the set, which is that of an earlier one with the same lists. */
  add(lists: readonly number[]): number {
    const key = [...lists].sort((a, b) => a - b).join();
    const known = this.#idOf.get(key);
    if (known !== undefined) return known;
    const id = this.#sets.push(lists) - 1;
    this.#idOf.set(key, id);
    this.#askedIn = new Float64Array(id + 1);
    this.#holds = new Uint8Array(id + 1);
    return id;
  }

  begin(number: string): void {
    this.#number = number;
    this.#call++;
  }

  isOn(set: number): boolean {
    if (this.#askedIn[set] !== this.#call) {
      this.#askedIn[set] = this.#call;
      this.#holds[set] = isOnOneOfLists(this.#snapshot, this.#sets[set]!, this.#number) ? 1 : 0;
    }
    return this.#holds[set] === 1;
  }
}
