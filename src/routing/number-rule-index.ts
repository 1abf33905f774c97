/**
 * The number rules of all routing gateways, worked out so that a call asks each filter and each list once, however
 * many gateways have it. Answers as `numberRefusal` does, gateway by gateway.
 */
import type {
  LengthFilter,
  NumberFilter,
  NumberListFilter,
  NumberRules,
  Snapshot,
} from '../config/snapshot.ts';
import { PairMarks, PrefixMarks } from './filter-marks.ts';
import { isOnOneOfLists } from './number-filter.ts';
import { type NumberRefusal, type RuledNumbers, ruledWithoutPlus } from './number-rules.ts';
import type { TimedSettings } from './timed-settings.ts';

/** What a gateway asks about, and whether it allows (or denies) what it names. */
const caller = 1;
const callee = 2;
const forwarding = 4;
const pair = 8;
const lengths = 16;
const callerLists = 32;
const calleeLists = 64;
const network = 128;
const prefixRules = caller | callee | forwarding | pair;
const restRules = lengths | callerLists | calleeLists | network;

/** One kind of prefix filter of all gateways. */
interface FilterColumn {
  readonly bit: number;
  readonly marks: PrefixMarks;
  /** By gateway: which filter counts now. */
  readonly filter: Int32Array;
}

export class NumberRuleIndex {
  readonly #snapshot: Snapshot;
  readonly #settings: TimedSettings;
  #settled = -1;
  /** By gateway: what it asks about now, and which of that names what it allows. */
  readonly #asks: Uint8Array;
  readonly #allows: Uint8Array;
  readonly #callers: FilterColumn;
  readonly #callees: FilterColumn;
  readonly #forwardings: FilterColumn;
  readonly #pairs = new PairMarks();
  readonly #pairFilter: Int32Array;
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
    const count = snapshot.routingGateways.length;
    const column = (bit: number): FilterColumn => {
      return { bit, marks: new PrefixMarks(), filter: new Int32Array(count) };
    };
    this.#snapshot = snapshot;
    this.#settings = settings;
    this.#asks = new Uint8Array(count);
    this.#allows = new Uint8Array(count);
    this.#callers = column(caller);
    this.#callees = column(callee);
    this.#forwardings = column(forwarding);
    this.#pairFilter = new Int32Array(count);
    this.#callerOn = new ListAnswers(snapshot);
    this.#calleeOn = new ListAnswers(snapshot);
    this.#callerLengths = new LengthMasks(count);
    this.#calleeLengths = new LengthMasks(count);
    this.#callerFilter = new Int32Array(count);
    this.#calleeFilter = new Int32Array(count);
    this.#onNet = this.#calleeOn.add(snapshot.onNetNumbers);
    this.#addAll();
  }

  /** All that follows is about these numbers. The settings stand at the time of the call. */
  begin(numbers: RuledNumbers): void {
    this.#numbers = ruledWithoutPlus(numbers);
    this.#asked = 0;
    if (this.#settled !== this.#settings.changes) this.#settle();
  }

  /** The first rule of the gateway that does not let the numbers pass, or null. */
  refusalOf(gateway: number): NumberRefusal | null {
    const asks = this.#asks[gateway]!;
    if (asks === 0) return null;
    if ((asks & prefixRules) !== 0) {
      const allows = this.#allows[gateway]!;
      this.#ask(asks & prefixRules & ~this.#asked);
      if ((asks & caller) !== 0 && isRefused(this.#callers, gateway, allows)) return 'callerPrefixNotAllowed';
      if ((asks & callee) !== 0 && isRefused(this.#callees, gateway, allows)) return 'calleePrefixNotAllowed';
      if (
        (asks & forwarding) !== 0 &&
        this.#numbers.forwarding !== null &&
        isRefused(this.#forwardings, gateway, allows)
      ) {
        return 'forwardingPrefixNotAllowed';
      }
      if ((asks & pair) !== 0 && this.#pairs.has(this.#pairFilter[gateway]!) !== ((allows & pair) !== 0)) {
        return 'callerCalleeNotAllowed';
      }
    }
    return (asks & restRules) === 0 ? null : this.#restRefusalOf(gateway, asks);
  }

  #restRefusalOf(gateway: number, asks: number): NumberRefusal | null {
    const numbers = this.#numbers;
    if ((asks & lengths) !== 0) {
      if (!this.#callerLengths.passes(gateway, numbers.caller.length)) return 'callerLengthNotAllowed';
      if (!this.#calleeLengths.passes(gateway, numbers.untaggedCallee.length)) {
        return 'calleeLengthNotAllowed';
      }
    }
    if ((asks & (callerLists | calleeLists | network)) === 0) return null;
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

  #ask(what: number): void {
    if (what === 0) return;
    this.#asked |= what;
    const numbers = this.#numbers;
    if ((what & caller) !== 0) this.#callers.marks.ask(numbers.caller);
    if ((what & callee) !== 0) this.#callees.marks.ask(numbers.callee);
    if ((what & forwarding) !== 0) this.#forwardings.marks.ask(numbers.forwarding ?? '');
    if ((what & pair) !== 0) this.#pairs.ask(numbers.caller, numbers.callee);
  }

  /** Every filter that may ever count, so that the marks are complete before the first call. */
  #addAll(): void {
    for (const { index, numbers, periods } of this.#snapshot.routingGateways) {
      this.#place(this.#forwardings, index, numbers.forwardingPrefixes);
      for (const { callerPrefixes, calleePrefixes } of [numbers, ...periods]) {
        if (callerPrefixes !== null) this.#place(this.#callers, index, callerPrefixes);
        if (calleePrefixes !== null) this.#place(this.#callees, index, calleePrefixes);
      }
      const { callerCalleePrefixes } = numbers;
      if (callerCalleePrefixes.kind !== 'any') {
        this.#pairFilter[index] = this.#pairs.add(callerCalleePrefixes.pairs);
        this.#asks[index]! |= pair;
        if (callerCalleePrefixes.kind === 'allow') this.#allows[index]! |= pair;
      }
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
    for (const { index, numbers } of this.#snapshot.routingGateways) {
      const period = this.#settings.routingPeriod(index);
      this.#place(this.#callers, index, period?.callerPrefixes ?? numbers.callerPrefixes);
      this.#place(this.#callees, index, period?.calleePrefixes ?? numbers.calleePrefixes);
    }
  }

  #place({ bit, marks, filter }: FilterColumn, gateway: number, rule: NumberFilter): void {
    this.#asks[gateway]! &= ~bit;
    this.#allows[gateway]! &= ~bit;
    if (rule.kind === 'any') return;
    filter[gateway] = marks.add(rule.prefixes);
    this.#asks[gateway]! |= bit;
    if (rule.kind === 'allow') this.#allows[gateway]! |= bit;
  }
}

function isRefused({ bit, marks, filter }: FilterColumn, gateway: number, allows: number): boolean {
  return marks.has(filter[gateway]!) !== ((allows & bit) !== 0);
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
