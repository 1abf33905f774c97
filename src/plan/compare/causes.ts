/** Which lines made a difference: what both sides have to say of one number, laid side by side. */
import type { Price } from '../../call/prices.ts';
import type { Account, MappingGateway, RoutingGateway, Source } from '../../config/snapshot.ts';
import { explainCall } from '../../explain/explain-call.ts';
import { ExplainError } from '../../explain/explain-error.ts';
import { formatStages } from '../../rating/stages.ts';
import { ruleFor } from '../../routing/dial-plan/rewrite.ts';
import { dialPlansAt, mappingDialPlansAt } from '../../routing/number-steps.ts';
import type { Because } from '../../routing/route-decision.ts';
import { decidingPlace } from '../../routing/setting-place.ts';
import { settingsAt } from '../../routing/timed-settings.ts';
import type { Cause, Place, SettingChange } from '../plan.ts';
import type { CarriedAttempt } from './attempt-numbers.ts';
import type { Caller } from './callers.ts';
import { generalWords, type NumbersAsked, saidOf } from './cause-words.ts';
import type { ServedCall, SideCalls } from './side-calls.ts';
import { writtenAccount } from './written-settings.ts';

export interface ExplainedSide {
  readonly calls: SideCalls;
  readonly gateway: MappingGateway;
}

/** What one side does with the number, in the first of the ways that chance may take. */
interface Side extends ExplainedSide {
  readonly callee: string;
  readonly caller: Caller;
  readonly served: ServedCall;
  /** By name of the gateway. */
  because(): ReadonlyMap<string, Because>;
}

export function causesOf(
  before: ExplainedSide,
  after: ExplainedSide,
  callee: string,
  caller: Caller,
): Cause[] {
  const old = sideOf(before, callee, caller);
  const now = sideOf(after, callee, caller);
  const causes = new Causes(old, now);
  if (old.served.refusal !== now.served.refusal) causes.ofRefusal();
  if (!isSamePrice(old.served.price, now.served.price)) causes.ofCharge();
  const others = new Map(now.served.attempts.map(attempt => [attempt.gateway.name, attempt]));
  for (const attempt of old.served.attempts) {
    const other = others.get(attempt.gateway.name);
    if (other === undefined) causes.ofLost(attempt.gateway);
    else causes.ofBoth(attempt, other);
    others.delete(attempt.gateway.name);
  }
  for (const { gateway } of others.values()) causes.ofWon(gateway);
  causes.ofOrder();
  return causes.found;
}

function sideOf(side: ExplainedSide, callee: string, caller: Caller): Side {
  const served = side.calls.serve(side.gateway, { callee, ...caller }).calls[0]!;
  let known: ReadonlyMap<string, Because> | null = null;
  const because = () => {
    if (known === null) {
      const list = served.asked === null ? [] : side.calls.decide(served.asked, true).because;
      known = new Map(list.map(one => [side.calls.snapshot.routingGateways[one.gateway]!.name, one]));
    }
    return known;
  };
  return { ...side, callee, caller, served, because };
}

class Causes {
  readonly found: Cause[] = [];
  readonly #old: Side;
  readonly #now: Side;

  constructor(old: Side, now: Side) {
    this.#old = old;
    this.#now = now;
  }

  add(what: string, before: Source | null | undefined, after: Source | null | undefined): void {
    const places = { before: placeOf(before), after: placeOf(after) };
    if (places.before !== null || places.after !== null) this.found.push({ what, ...places });
  }

  /** Another table is the account's doing, another row the table's. */
  ofCharge(): void {
    const accounts = [accountOf(this.#old), accountOf(this.#now)] as const;
    for (const setting of ['unrated', 'privateRateTable', 'rateTables', 'rateTable'] as const) {
      const read = writtenAccount[setting]!;
      const was = JSON.stringify(read(accounts[0], this.#old.calls.snapshot));
      if (was === JSON.stringify(read(accounts[1], this.#now.calls.snapshot))) continue;
      const places = [decidingPlace(accounts[0], setting), decidingPlace(accounts[1], setting)] as const;
      this.add(`${setting} of ${accounts[1].name} is another`, ...places);
    }
    this.add(
      'what the customer pays',
      priceSource(this.#old.served.price),
      priceSource(this.#now.served.price),
    );
  }

  ofRefusal(): void {
    const old = refusalOf(this.#old);
    const now = refusalOf(this.#now);
    const what = now?.detail ?? (old === null ? null : `no longer so: ${old.detail}`);
    if (what !== null && (old?.place ?? now?.place ?? null) !== null) {
      this.found.push({ what, before: old?.place ?? null, after: now?.place ?? null });
    }
  }

  ofLost({ name }: RoutingGateway): void {
    const old = this.#old.because().get(name);
    const now = this.#now.because().get(name);
    if (now !== undefined) this.add(saidOf(name, wordsOf(this.#now, now.detail)), old?.source, now.source);
    else if (this.#now.served.asked !== null)
      this.add(`${name} has no prefix of the number any more`, old?.source, null);
  }

  ofWon({ name }: RoutingGateway): void {
    const old = this.#old.because().get(name);
    const now = this.#now.because().get(name);
    if (old !== undefined)
      this.add(`no longer so: ${saidOf(name, wordsOf(this.#old, old.detail))}`, old.source, now?.source);
    else if (this.#old.served.asked !== null && now !== undefined)
      this.add(saidOf(name, wordsOf(this.#now, now.detail)), null, now.source);
  }

  ofBoth(old: CarriedAttempt, now: CarriedAttempt): void {
    const { name } = now.gateway;
    if (!isSamePrice(old.price, now.price))
      this.add(`what ${name} costs`, priceSource(old.price), priceSource(now.price));
    if (keyOfSent(old) !== keyOfSent(now))
      this.add(`what ${name} is sent`, sentSource(this.#old, old), sentSource(this.#now, now));
  }

  /** Of gateways that both sides try: what puts them elsewhere among the others. */
  ofOrder(): void {
    const names = new Set(this.#now.served.attempts.map(({ gateway }) => gateway.name));
    const olds = this.#old.served.attempts.filter(({ gateway }) => names.has(gateway.name));
    const byName = new Map(olds.map(attempt => [attempt.gateway.name, attempt]));
    const news = this.#now.served.attempts.filter(({ gateway }) => byName.has(gateway.name));
    if (news.every(({ gateway }, i) => gateway.name === olds[i]!.gateway.name)) return;
    for (const { gateway, protect } of news) {
      const old = byName.get(gateway.name)!;
      const [was, is] = [priorityOf(this.#old, old.gateway), priorityOf(this.#now, gateway)];
      if (was !== is) {
        const what = `priority ${is} of ${gateway.name} instead of ${was}`;
        this.add(what, decidingPlace(old.gateway, 'priority'), decidingPlace(gateway, 'priority'));
      }
      if (protect !== old.protect) {
        const places = [
          decidingPlace(old.gateway, 'protectRoute'),
          decidingPlace(gateway, 'protectRoute'),
        ] as const;
        this.add(`${gateway.name} ${protect ? 'becomes' : 'is no longer'} a protect route`, ...places);
      }
    }
    for (const policy of ['firstRoutePolicy', 'secondRoutePolicy'] as const) {
      const [was, is] = [this.#old.gateway, this.#now.gateway];
      if (was[policy] !== is[policy]) {
        this.add(
          `${policy} ${is[policy]} instead of ${was[policy]}`,
          decidingPlace(was, policy),
          decidingPlace(is, policy),
        );
      }
    }
    if (this.found.length > 0) return;
    for (const { gateway } of news) {
      const [was, is] = [this.#old.because().get(gateway.name), this.#now.because().get(gateway.name)];
      if (was?.matchedLength !== is?.matchedLength)
        this.add(`another prefix of ${gateway.name}`, was?.source, is?.source);
    }
  }
}

function refusalOf({
  calls,
  gateway,
  callee,
  caller,
  served,
}: Side): { detail: string; place: Place | null } | null {
  if (served.refusal === null) return null;
  try {
    const { rejected } = explainCall(calls.around, {
      callee,
      caller: caller.caller,
      forwarding: caller.forwarding,
      from: { kind: 'gateway', name: gateway.name },
      atMs: calls.atMs,
      seed: 0,
      down: calls.down,
      full: [],
    });
    if (rejected === null) return null;
    const detail = generalWords(rejected.detail, numbersOf(served, callee, caller));
    return { detail, place: rejected.source === null ? null : placeOfText(rejected.source) };
  } catch (error) {
    // A beginning alone, such as a route tag, is no number that can be asked about.
    if (error instanceof ExplainError) return null;
    throw error;
  }
}

function accountOf({ calls, gateway }: Side): Account {
  return calls.snapshot.accounts[gateway.account]!;
}

function wordsOf({ served, callee, caller }: Side, detail: string): string {
  return generalWords(detail, numbersOf(served, callee, caller));
}

/** As dialled, and as the steps of the decision have them. */
function numbersOf(
  { prepared, attempts }: ServedCall,
  callee: string,
  { caller, forwarding }: Caller,
): NumbersAsked {
  const callers = [caller, ...attempts.map(one => one.caller)];
  if (prepared === null) return { callees: [callee], callers, forwarding };
  const { billing, calleeToRoute, calleeToSend, calleeToRate, untaggedCallee } = prepared;
  const callees = [callee, billing.callee, calleeToRoute, calleeToSend, calleeToRate, untaggedCallee];
  return { callees, callers: [...callers, billing.caller], forwarding };
}

function keyOfSent({ callee, choices, caller, forwarding }: CarriedAttempt): string {
  return JSON.stringify([callee.drop, callee.put, callee.whole, choices, caller, forwarding]);
}

const settingsShown = 3;

/**
 * Where what was laid side by side names no line: the settings that changed of whoever has to do with the call, since
 * one of them did it. Tables and prefixes are not among them; they would have been named.
 */
export function changedNearby(
  settings: readonly SettingChange[],
  names: {
    readonly customer: MappingGateway;
    readonly account: string;
    readonly gateways: readonly string[];
  },
): Cause[] {
  const near = new Set([
    'switch.yaml',
    `gateways/mapping/${names.customer.name}`,
    `accounts/${names.account}`,
    ...names.gateways.map(name => `gateways/routing/${name}`),
  ]);
  const shared = /^(?:calendars|number-lists|lrn|gateways\/groups)\//;
  const isRouting = ({ about }: SettingChange): boolean => about === 'routing' || about === 'billing';
  const ranked = [
    settings.filter(change => near.has(change.object) && isRouting(change)),
    settings.filter(change => shared.test(change.object)),
    settings.filter(change => near.has(change.object)),
    settings,
  ];
  const found = ranked.find(list => list.length > 0) ?? [];
  return found.slice(0, settingsShown).map(({ object, setting, after, placeBefore, placeAfter }) => ({
    what:
      setting === ''
        ? `${object} is ${after === null ? 'gone' : 'new'}`
        : `${setting} of ${object} is another`,
    before: placeBefore,
    after: placeAfter,
  }));
}

function priorityOf({ calls }: Side, { index }: RoutingGateway): number {
  return settingsAt(calls.snapshot, calls.atMs).priority[index]!;
}

/** The rule of the gateway's plan, or of the customer's, that makes the number what it is. */
function sentSource({ calls, gateway, callee, served }: Side, attempt: CarriedAttempt): Source | null {
  const { snapshot, atMs } = calls;
  const egress = dialPlansAt(snapshot, attempt.gateway, atMs);
  const mapping = mappingDialPlansAt(snapshot, gateway, atMs);
  const toSend = served.prepared?.calleeToSend ?? callee;
  const rule = ruleFor(egress.callee, toSend) ?? ruleFor(mapping.callee, callee);
  return (
    rule?.source ??
    attempt.gateway.callerPool?.source ??
    egress.caller.rules[0]?.source ??
    mapping.caller.rules[0]?.source ??
    egress.forwarding.rules[0]?.source ??
    mapping.forwarding.rules[0]?.source ??
    null
  );
}

function isSamePrice(a: Price | null, b: Price | null): boolean {
  if (a === null || b === null) return a === b;
  const { rate } = a;
  const other = b.rate;
  return (
    rate.ratePerUnit === other.ratePerUnit &&
    rate.unitSeconds === other.unitSeconds &&
    rate.firstIncrementSeconds === other.firstIncrementSeconds &&
    rate.nextIncrementSeconds === other.nextIncrementSeconds &&
    rate.connectFee === other.connectFee &&
    rate.freeSeconds === other.freeSeconds &&
    formatStages(rate.stages) === formatStages(other.stages)
  );
}

function priceSource(price: Price | null): Source | null {
  return price === null ? null : { file: price.table.rowFile, line: price.table.line[price.row]!, column: 1 };
}

function placeOf(source: Source | null | undefined): Place | null {
  return source === null || source === undefined ? null : { file: source.file, line: source.line };
}

function placeOfText(text: string): Place {
  const colon = text.lastIndexOf(':');
  return { file: text.slice(0, colon), line: Number(text.slice(colon + 1)) };
}
