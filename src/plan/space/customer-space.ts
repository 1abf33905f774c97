/**
 * Where the numbers that one customer dials are told apart on one side. A number is looked at in many forms: as
 * dialled, after dial plans, with tags, as it is rated, as it is sent; each form that a beginning can take is followed
 * through the rules of that form.
 */
import type { MappingGateway, Source } from '../../config/snapshot.ts';
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { longestNumber } from '../../routing/number-fault.ts';
import { withoutPlus } from '../../routing/number-rules.ts';
import { mappingDialPlansAt } from '../../routing/number-steps.ts';
import { routeTagLength } from '../../routing/prepare-numbers.ts';
import { lengthChanges, trieOfTexts } from './prefix-texts.ts';
import { calleeTexts, lrnTrie, prefixesOf, type SideRules } from './side-rules.ts';
import { applySymbolically, type Head } from './symbolic-plan.ts';
import { TrieUnion } from './trie-union.ts';
import { type RowsAt, tablesAt, type VendorTables } from './vendor-tables.ts';

/** What has become different between the sides, by the form of the number that it goes by. */
export interface ChangedPrefixes {
  readonly routed: readonly PrefixTrie[];
  readonly rated: readonly PrefixTrie[];
  /** Of numbers without tags. */
  readonly listed: readonly PrefixTrie[];
}

/** What is found out about all numbers that begin with a text. One serves for text after text. */
export class Look {
  /** By bits of four times 32, the characters of ASCII; others begin no prefix. */
  readonly #next = new Int32Array(4);
  readonly #changedNext = new Int32Array(4);
  /** Lengths of the number as dialled from which on something else may hold, some of them more than once. */
  readonly breaks: number[] = [];
  changed = false;
  /** Whether something is said of this very beginning, so that its numbers may be other than those around it. */
  ends = false;
  /** The rule that looks for something farther on, so that every character counts. */
  looksOn: Source | null = null;

  clear(): void {
    this.#next.fill(0);
    this.#changedNext.fill(0);
    this.breaks.length = 0;
    this.changed = false;
    this.ends = false;
    this.looksOn = null;
  }

  /** Next characters that are told apart from others. */
  tellApart(symbols: string): void {
    addAll(this.#next, symbols);
  }

  /** Those of them behind which something may be different between the sides. */
  tellChanged(symbols: string): void {
    addAll(this.#changedNext, symbols);
  }

  /** `code` of a character, up to 127. */
  tellsApart(code: number): boolean {
    return hasBit(this.#next, code) || hasBit(this.#changedNext, code);
  }

  tellsChanged(code: number): boolean {
    return hasBit(this.#changedNext, code);
  }
}

function addAll(bits: Int32Array, symbols: string): void {
  for (let i = 0; i < symbols.length; i++) {
    const code = symbols.charCodeAt(i);
    if (code < 128) bits[code >> 5]! |= 1 << (code & 31);
  }
}

function hasBit(bits: Int32Array, code: number): boolean {
  return (bits[code >> 5]! & (1 << (code & 31))) !== 0;
}

type Role = 'filters' | 'lists' | 'tags' | 'routes' | 'routedFilters' | 'rates' | 'free' | 'egress' | 'lrn';

const allDigits = '0123456789';
const lrnForms = ['+1', '1', ''];
const lrnDigits = 10;

export class CustomerSpace {
  readonly #rules: SideRules;
  readonly #gateway: MappingGateway;
  readonly #atMs: number;
  readonly #unions: Readonly<Record<Role, TrieUnion>>;
  readonly #vendors: VendorTables;
  readonly #changedRouted: TrieUnion;
  readonly #changedRated: TrieUnion;
  readonly #changedListed: TrieUnion;
  readonly #tags: readonly string[];
  readonly #billingPrefixes: readonly string[];
  readonly #receivedLengths: readonly number[];
  #offset = 0;
  #goesOn = true;
  #look = new Look();

  /** `vendors` are those of the same side and time. */
  constructor(
    rules: SideRules,
    gateway: MappingGateway,
    atMs: number,
    vendors: VendorTables,
    changes: ChangedPrefixes,
  ) {
    const { snapshot } = rules;
    const account = snapshot.accounts[gateway.account]!;
    const { lrn, numbers, periods, routeShares } = gateway;
    this.#rules = rules;
    this.#gateway = gateway;
    this.#atMs = atMs;
    this.#vendors = vendors;
    const filters = [
      ...calleeTexts([numbers]),
      ...periods.flatMap(({ calleePrefixes }) => (calleePrefixes === null ? [] : prefixesOf(calleePrefixes))),
    ];
    this.#unions = {
      filters: new TrieUnion([trieOfTexts(filters)]),
      lists: new TrieUnion(rules.lists),
      tags: new TrieUnion([rules.tags]),
      routes: new TrieUnion([snapshot.routes.trie]),
      routedFilters: new TrieUnion([rules.calleeFilters]),
      rates: new TrieUnion(tablesAt(snapshot, account, atMs).map(({ prefixes }) => prefixes)),
      free: new TrieUnion([rules.free]),
      egress: new TrieUnion([rules.egress.literals]),
      lrn: new TrieUnion(lrn === null ? [] : [lrnTrie(snapshot.lrnTables[lrn.table]!)]),
    };
    this.#changedRouted = new TrieUnion(changes.routed);
    this.#changedRated = new TrieUnion(changes.rated);
    this.#changedListed = new TrieUnion(changes.listed);
    this.#tags = routeShares === null ? [''] : [...new Set(routeShares.shares.map(({ tag }) => tag))];
    this.#billingPrefixes =
      lrn === null
        ? ['']
        : [...new Set([lrn.intrastatePrefix, lrn.interstatePrefix, lrn.undeterminedPrefix])];
    this.#receivedLengths = lengthChanges(numbers.calleeLengths);
  }

  /** Adds to `look` what is true of numbers as dialled that begin with `dialled`. */
  lookAt(dialled: string, look: Look): void {
    const { snapshot } = this.#rules;
    this.#look = look;
    this.#offset = 0;
    this.#goesOn = true;
    this.#follow('filters', withoutPlus(dialled));
    this.#untagged(dialled, dialled, this.#receivedLengths);
    const plans = mappingDialPlansAt(snapshot, this.#gateway, this.#atMs);
    const { egress } = this.#rules;
    // What plans and queries make of a number may begin anew with every digit.
    if (plans.callee.rules.length + egress.wild.length + egress.rating.length > 0) look.ends = true;
    if (this.#gateway.lrn !== null) look.ends = true;
    const billing = applySymbolically(plans.callee, dialled);
    this.#needs(billing.next);
    for (const length of billing.lengths) look.breaks.push(length);
    look.looksOn ??= billing.looksOn;
    for (const head of billing.heads) this.#billing(dialled, head);
  }

  #billing(dialled: string, { text, goesOn }: Head): void {
    this.#goesOn = goesOn;
    this.#offset = dialled.length - text.length;
    this.#breakAtUsable();
    this.#untagged(text, text, this.#rules.lengths);
    this.#lrn(text);
    for (const tag of this.#tags) {
      this.#goesOn = goesOn;
      this.#routed(dialled, tag + text);
      this.#sent(dialled, { text: tag + text, goesOn });
    }
  }

  #routed(dialled: string, text: string): void {
    this.#offset = dialled.length - text.length;
    this.#breakAt(longestNumber + 1);
    this.#follow('routes', text);
    this.#follow('routedFilters', withoutPlus(text));
    this.#changes(this.#changedRouted, text);
    this.#rated(dialled, text, rated => {
      this.#follow('rates', rated);
      // Which gateways a ported number has is not to be told from what was dialled.
      const isRoutedByOther = this.#gateway.lrn?.routeByLrn === true;
      this.#rows(isRoutedByOther ? this.#vendors.rowsOfEvery(rated) : this.#vendors.rowsAt(text, rated));
    });
  }

  /** `followRows` tells what rows tell apart of a number that is rated. */
  #rated(dialled: string, text: string, followRows: (rated: string) => void): void {
    this.#follow('tags', text);
    const untagged = text.slice(routeTagLength(this.#rules.snapshot, text));
    for (const prefix of this.#billingPrefixes) {
      const number = prefix + untagged;
      this.#offset = dialled.length - number.length;
      followRows(number);
      this.#exactly('free', number);
      this.#changes(this.#changedRated, number);
    }
  }

  #sent(dialled: string, { text, goesOn }: Head): void {
    const { literals, wild, rating, lengths } = this.#rules.egress;
    this.#offset = dialled.length - text.length;
    for (const length of lengths) this.#breakAt(length);
    if (literals.prefixCount > 0) this.#follow('egress', text);
    for (const plan of new Set([...wild, ...rating])) {
      const sent = applySymbolically(plan, text);
      this.#offset = dialled.length - text.length;
      this.#goesOn = goesOn;
      for (const length of sent.lengths) this.#breakAt(length);
      if (goesOn) {
        this.#tellApart(sent.next);
        this.#look.looksOn ??= sent.looksOn;
      }
      for (const head of sent.heads) {
        this.#goesOn = goesOn && head.goesOn;
        this.#offset = dialled.length - head.text.length;
        this.#breakAtUsable();
        if (rating.includes(plan)) {
          this.#rated(dialled, head.text, rated => this.#rows(this.#vendors.rowsBySent(rated)));
        }
      }
    }
    this.#goesOn = goesOn;
  }

  #rows({ symbols, ends }: RowsAt): void {
    if (!this.#goesOn) return;
    this.#tellApart(symbols);
    if (ends) this.#look.ends = true;
  }

  /** Rules that look at the number without its tags: lists and lengths. */
  #untagged(text: string, whole: string, lengths: readonly number[]): void {
    this.#follow('tags', whole);
    const untagged = withoutPlus(text.slice(routeTagLength(this.#rules.snapshot, text)));
    const offset = this.#offset;
    this.#offset = offset + text.length - untagged.length;
    for (const length of lengths) this.#breakAt(length);
    this.#exactly('lists', untagged);
    this.#changes(this.#changedListed, untagged);
    this.#offset = offset;
  }

  #lrn(text: string): void {
    const { lrn } = this.#gateway;
    if (lrn === null || !this.#goesOn) return;
    const { eatPrefixDigits } = lrn;
    if (text.length < eatPrefixDigits) {
      this.#look.looksOn ??= lrn.source;
      return;
    }
    const asked = text.slice(eatPrefixDigits);
    for (const form of lrnForms) {
      if (form.startsWith(asked) && form !== asked) this.#needs(form[asked.length]!);
      if (!asked.startsWith(form)) continue;
      this.#follow('lrn', asked.slice(form.length));
      const length = eatPrefixDigits + form.length + lrnDigits;
      this.#breakAt(length);
      this.#breakAt(length + 1);
    }
  }

  /** A number may have another form from these characters on, of which nothing is known yet. */
  #needs(symbols: string): void {
    if (!this.#goesOn) return;
    this.#look.tellChanged(symbols);
  }

  #tellApart(symbols: string): void {
    this.#look.tellApart(symbols);
  }

  /** An empty number is as useless as one that is too long. */
  #breakAtUsable(): void {
    this.#breakAt(1);
    this.#breakAt(longestNumber + 1);
  }

  #breakAt(length: number): void {
    if (this.#goesOn) this.#look.breaks.push(length + this.#offset);
  }

  #follow(role: Role, text: string): void {
    if (!this.#goesOn) return;
    const union = this.#unions[role];
    if (union.has(text)) this.#look.ends = true;
    const symbols = union.symbolsAfter(text);
    if (role === 'tags') this.#needs(symbols);
    else this.#tellApart(symbols);
  }

  /** What is listed may be meant as a whole number, from which longer ones differ. */
  #exactly(role: Role, text: string): void {
    this.#follow(role, text);
    if (this.#goesOn && this.#unions[role].has(text)) this.#breakAt(text.length + 1);
  }

  #changes(changed: TrieUnion, text: string): void {
    if (changed.isEmpty) return;
    if (changed.covers(text)) this.#look.changed = true;
    else if (this.#goesOn) this.#look.tellChanged(changed.symbolsAfter(text));
  }
}

export function isDigit(symbol: string): boolean {
  return allDigits.includes(symbol);
}
