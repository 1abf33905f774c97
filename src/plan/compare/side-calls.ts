/**
 * What one side does with one call, by the functions that serve calls: on a switch on which nothing is going on, all
 * money is there and no quality is known.
 */
import { authoriseFrom } from '../../call/authorise.ts';
import { type Price, type Pricing, priceFor } from '../../call/prices.ts';
import { routeRequestOf } from '../../call/route-request.ts';
import type {
  Account,
  MappingGateway,
  RateTable,
  RoutingGateway,
  Snapshot,
  Source,
} from '../../config/snapshot.ts';
import { type Circumstances, type Declared, declare, idleSwitch } from '../../explain/circumstances.ts';
import { refusedByState } from '../../explain/refusals.ts';
import { isUnrated, rateTablesAt } from '../../rating/account-rate.ts';
import { findRateRow, isLockedRow } from '../../rating/rate-table.ts';
import type { DialPlan } from '../../routing/dial-plan/dial-plan.ts';
import { ruleFor } from '../../routing/dial-plan/rewrite.ts';
import { acceptsNumbers } from '../../routing/ingress.ts';
import { type CallNumbers, dialPlansAt, mappingDialPlansAt } from '../../routing/number-steps.ts';
import { prepareAttempt } from '../../routing/prepare-attempt.ts';
import type { PreparedNumbers } from '../../routing/prepare-numbers.ts';
import type { RouteRequest } from '../../routing/route-decision.ts';
import { unavailabilities } from '../../routing/route-reasons.ts';
import { shareOfSlot } from '../../routing/route-shares.ts';
import { type RouteCandidate, type RouteDecision, selectRoute } from '../../routing/select-route.ts';
import { settingsAt } from '../../routing/timed-settings.ts';
import {
  composed,
  isRandomRule,
  type Rewritten,
  rewrittenBy,
  settledRules,
  shortened,
  untouched,
} from '../space/symbolic-plan.ts';
import { callerSent, choicesOf, forwardingSent } from './sent.ts';

export interface CarriedAttempt {
  readonly gateway: RoutingGateway;
  readonly vendor: Account;
  readonly protect: boolean;
  readonly rank: number;
  readonly price: Price | null;
  readonly priceMissing: boolean;
  readonly callee: Rewritten;
  readonly choices: readonly string[];
  readonly caller: string;
  readonly forwarding: string | null;
}

/** What becomes of one call when chance has come to one thing. */
export interface ServedCall {
  readonly refusal: string | null;
  readonly price: Price | null;
  readonly attempts: readonly CarriedAttempt[];
  readonly chance: string | null;
  /** To ask again why; null when it did not come to choosing gateways. */
  readonly asked: RouteRequest | null;
  readonly prepared: PreparedNumbers | null;
  readonly gateway: MappingGateway;
}

export interface ServedCalls {
  readonly calls: readonly ServedCall[];
  /** The rule that can make more of the number than was looked at. */
  readonly incomplete: Source | null;
  /** The rule of which chance was asked a few times only; it matters when that came to different things. */
  readonly sampled: Source | null;
}

interface World {
  readonly gateway: MappingGateway;
  readonly share: number;
  readonly seed: number;
  readonly chance: string | null;
}

const unrated: Pricing = { kind: 'unrated' };
const missing: Pricing = { kind: 'missing' };

/** How often chance is asked where it cannot be told all that it may come to. */
const samples = 8;

export class SideCalls {
  readonly snapshot: Snapshot;
  readonly atMs: number;
  readonly down: readonly string[];
  readonly around: Circumstances;
  readonly declared: Declared;
  /** A rule that leaves to chance by what number a vendor is rated. */
  readonly #randomlyRated: Source | null;
  /** By routing gateway: 1 for those that get the numbers as they are. */
  readonly #sendsAsIs: Uint8Array;
  /** By account: what its vendor asks for the number that was asked about last. */
  readonly #pricings = new Map<Account, Pricing>();
  #priced = '';
  readonly #tables = new Map<Account, readonly RateTable[]>();
  readonly #pricesOf = new Map<RateTable, Map<number, Pricing>>();

  /** `down` are names; those that this side does not have are left out. */
  constructor(snapshot: Snapshot, atMs: number, down: readonly string[]) {
    this.snapshot = snapshot;
    this.atMs = atMs;
    this.around = idleSwitch(snapshot);
    this.#randomlyRated = randomlyRated(snapshot);
    this.#sendsAsIs = Uint8Array.from(snapshot.routingGateways, each => (sendsAsIs(each) ? 1 : 0));
    const names = new Set(snapshot.routingGateways.map(({ name }) => name));
    this.down = down.filter(name => names.has(name));
    this.declared = declare(this.around, {
      callee: '',
      caller: '',
      forwarding: null,
      from: { kind: 'gateway', name: '' },
      atMs,
      seed: null,
      down: this.down,
      full: [],
    });
  }

  /** All that may become of the call. */
  serve(gateway: MappingGateway, numbers: CallNumbers): ServedCalls {
    const { worlds, incomplete, sampled } = this.#worldsOf(gateway, numbers);
    return { calls: worlds.map(world => this.#serveIn(gateway, world, numbers)), incomplete, sampled };
  }

  decide(request: RouteRequest, explain: boolean): RouteDecision {
    return selectRoute(this.declared.snapshot, this.declared.state, request, explain);
  }

  #worldsOf(
    gateway: MappingGateway,
    numbers: CallNumbers,
  ): Omit<ServedCalls, 'calls'> & { readonly worlds: readonly World[] } {
    const plans = mappingDialPlansAt(this.snapshot, gateway, this.atMs);
    const rule = ruleFor(plans.callee, numbers.callee);
    let incomplete: Source | null = null;
    let worlds: World[] = [{ gateway, share: 0, seed: 0, chance: null }];
    if (rule !== null && isRandomRule(rule)) {
      const settled = settledRules(rule);
      if (!settled.complete) incomplete = rule.source;
      worlds = settled.rules.map(one => ({
        gateway: withCalleePlan(gateway, { rules: [one] }),
        share: 0,
        seed: 0,
        chance: `rule ${rule.text} of ${gateway.name}`,
      }));
    }
    const shares = gateway.routeShares;
    if (shares !== null) {
      worlds = worlds.flatMap(world =>
        shares.shares.map(({ tag, weight }, share) => {
          const part = `${weight} of ${shares.total} calls get ${tag === '' ? 'no tag' : `tag ${tag}`}`;
          return { ...world, share, chance: world.chance === null ? part : `${world.chance}, ${part}` };
        }),
      );
    }
    const byCaller = ruleFor(plans.caller, numbers.caller);
    const sampled = byCaller !== null && isRandomRule(byCaller) ? byCaller.source : this.#randomlyRated;
    if (sampled === null) return { worlds, incomplete, sampled };
    const chance = 'what chance makes of the numbers';
    const seeded = worlds.flatMap(world =>
      Array.from({ length: samples }, (_, seed) => ({ ...world, seed, chance: world.chance ?? chance })),
    );
    return { worlds: seeded, incomplete, sampled };
  }

  #serveIn(own: MappingGateway, world: World, received: CallNumbers): ServedCall {
    const { snapshot, atMs } = this;
    const { gateway, seed, chance } = world;
    const none = { price: null, attempts: [], chance, asked: null, prepared: null, gateway: own };
    const slot = gateway.routeShares === null ? 0 : slotOf(gateway, world.share);
    const taken = acceptsNumbers(snapshot, gateway, received.caller, received.callee, atMs);
    const call = { ...received, seed };
    const authorised = authoriseFrom(snapshot, gateway, call, taken, slot, false, atMs);
    if (authorised.kind === 'rejected') {
      return { ...none, refusal: authorised.reason, prepared: authorised.numbers };
    }
    const { account, numbers: prepared, price } = authorised;
    const refused = refusedByState(this.around, gateway, account, price, atMs);
    if (refused !== null) return { ...none, refusal: refused.reason, price, prepared };
    const { view } = this.around;
    const asked = routeRequestOf({ view, gateway, numbers: prepared, seed, price }, atMs);
    const decision = this.decide(asked, false);
    const toBilling = rewrittenBy(
      ruleFor(mappingDialPlansAt(snapshot, gateway, atMs).callee, received.callee),
      received.callee,
      prepared.billing.callee,
    );
    const tag = prepared.calleeToSend.slice(0, prepared.calleeToSend.length - prepared.billing.callee.length);
    const toSend = shortened(composed(toBilling, { ...untouched, put: tag }), received.callee);
    const attempts = this.#attemptsOf(gateway, decision, prepared, received.callee, toSend, seed);
    const refusal =
      attempts.length > 0
        ? null
        : this.#withoutRoute(decision, asked)
          ? 'AllGatewayBusy'
          : 'NoAvailableRouter';
    return { refusal, price, attempts, chance, asked, prepared, gateway: own };
  }

  #withoutRoute(decision: RouteDecision, asked: RouteRequest): boolean {
    if (decision.someBusy) return true;
    return (
      decision.attempts.length > 0 &&
      this.decide(asked, true).because.some(({ reason }) => reason in unavailabilities)
    );
  }

  #attemptsOf(
    mapping: MappingGateway,
    decision: RouteDecision,
    prepared: PreparedNumbers,
    dialled: string,
    toSend: Rewritten,
    seed: number,
  ): CarriedAttempt[] {
    const ranks = new Ranks(this.snapshot, mapping, this.atMs);
    const attempts: CarriedAttempt[] = [];
    for (const candidate of decision.attempts) {
      const attempt = this.#attempt(candidate, prepared, dialled, toSend, seed, ranks);
      if (attempt !== null) attempts.push(attempt);
    }
    if (!ranks.byQuality) return attempts;
    attempts.sort((a, b) => a.rank - b.rank || (a.gateway.name < b.gateway.name ? -1 : 1));
    return renumbered(attempts);
  }

  #pricingOf(vendor: Account, number: string): Pricing {
    if (this.#priced !== number) {
      this.#priced = number;
      this.#pricings.clear();
    }
    const known = this.#pricings.get(vendor);
    if (known !== undefined) return known;
    const pricing = this.#findPricing(vendor, number);
    this.#pricings.set(vendor, pricing);
    return pricing;
  }

  /** As `priceFor`, which makes a new price each time. */
  #findPricing(vendor: Account, number: string): Pricing {
    const { snapshot, atMs } = this;
    if (isUnrated(snapshot, vendor, number)) return unrated;
    let tables = this.#tables.get(vendor);
    if (tables === undefined) {
      tables = rateTablesAt(snapshot, vendor, atMs);
      this.#tables.set(vendor, tables);
    }
    for (const table of tables) {
      const row = findRateRow(table, number, atMs);
      if (row >= 0) return isLockedRow(table, row) ? missing : this.#priceOfRow(table, row, vendor, number);
    }
    return missing;
  }

  #priceOfRow(table: RateTable, row: number, vendor: Account, number: string): Pricing {
    let rows = this.#pricesOf.get(table);
    if (rows === undefined) {
      rows = new Map();
      this.#pricesOf.set(table, rows);
    }
    const known = rows.get(row);
    if (known !== undefined) return known;
    const price = priceFor(this.snapshot, vendor, number, this.atMs);
    rows.set(row, price);
    return price;
  }

  /** null for a gateway that the hunt passes over because it cannot be sent these numbers. */
  #attempt(
    candidate: RouteCandidate,
    prepared: PreparedNumbers,
    dialled: string,
    toSend: Rewritten,
    seed: number,
    ranks: Ranks,
  ): CarriedAttempt | null {
    const { snapshot, atMs } = this;
    const gateway = snapshot.routingGateways[candidate.gateway]!;
    const vendor = snapshot.accounts[gateway.clearingAccount]!;
    if (this.#sendsAsIs[candidate.gateway] === 1) {
      const { caller, forwarding } = prepared.billing;
      const pricing = this.#pricingOf(vendor, prepared.calleeToRate);
      const price = pricing.kind === 'rated' ? pricing : null;
      return {
        gateway,
        vendor,
        protect: candidate.protect,
        rank: ranks.of(candidate, price),
        price,
        priceMissing: pricing.kind === 'missing',
        callee: toSend,
        choices: [],
        caller,
        forwarding,
      };
    }
    const numbers = prepareAttempt(snapshot, gateway, prepared, seed, atMs);
    if (numbers.kind === 'invalid') return null;
    const plans = dialPlansAt(snapshot, gateway, atMs);
    const rule = plans.callee.rules.length === 0 ? null : ruleFor(plans.callee, prepared.calleeToSend);
    const egress = rewrittenBy(rule, prepared.calleeToSend, numbers.sent.callee);
    const isRandom = rule !== null && isRandomRule(rule);
    const pricing = priceFor(snapshot, vendor, numbers.calleeToRate, atMs);
    const price = pricing.kind === 'rated' ? pricing : null;
    const whole = composed(toSend, isRandom ? { ...egress, put: '' } : egress);
    return {
      gateway,
      vendor,
      protect: candidate.protect,
      rank: ranks.of(candidate, price),
      price,
      priceMissing: pricing.kind === 'missing',
      callee: isRandom ? whole : shortened(whole, dialled),
      choices: isRandom ? choicesOf(plans.callee, prepared.calleeToSend, egress) : [],
      caller: callerSent(gateway, plans.caller, prepared.billing.caller, numbers.sent.caller),
      forwarding: forwardingSent(plans.forwarding, prepared.billing.forwarding, numbers.sent.forwarding),
    };
  }
}

/** The gateway gets the numbers as they are, whatever the time. */
function sendsAsIs({ dialPlans, periodDialPlans, callerPool, rateByNumberSent }: RoutingGateway): boolean {
  if (callerPool !== null || rateByNumberSent) return false;
  return [dialPlans, ...periodDialPlans].every(plans =>
    [plans.callee, plans.caller, plans.forwarding].every(({ rules }) => rules.length === 0),
  );
}

/**
 * Numbers attempts by what stands before measured quality, load and calls carried in the order of a group: these are
 * different from call to call.
 */
class Ranks {
  readonly #snapshot: Snapshot;
  readonly #atMs: number;
  readonly byQuality: boolean;
  readonly #byRateFirst: boolean;
  #last: RouteCandidate | null = null;
  #lastRate = 0;
  #rank = 0;

  constructor(snapshot: Snapshot, { firstRoutePolicy, secondRoutePolicy }: MappingGateway, atMs: number) {
    this.#snapshot = snapshot;
    this.#atMs = atMs;
    this.byQuality = firstRoutePolicy === 'asr' || secondRoutePolicy === 'asr';
    const first = firstRoutePolicy === 'none' ? secondRoutePolicy : firstRoutePolicy;
    this.#byRateFirst = first === 'rate';
  }

  of(candidate: RouteCandidate, price: Price | null): number {
    const last = this.#last;
    const rate = this.#byRateFirst ? this.#rateOf(candidate, price) : 0;
    const isNext = last !== null && (rate !== this.#lastRate || !this.#isAlike(candidate, last));
    this.#last = candidate;
    this.#lastRate = rate;
    if (isNext) this.#rank++;
    return this.#rank;
  }

  #isAlike(a: RouteCandidate, b: RouteCandidate): boolean {
    if (a.matchedLength !== b.matchedLength || a.protect !== b.protect) return false;
    const { priority } = settingsAt(this.#snapshot, this.#atMs);
    return priority[a.gateway] === priority[b.gateway];
  }

  /** Per second; those that take no part count as the dearest. */
  #rateOf({ gateway }: RouteCandidate, price: Price | null): number {
    const { leastCostRouting, checkRate } = this.#snapshot.routingGateways[gateway]!;
    if (!leastCostRouting || !checkRate) return Number.POSITIVE_INFINITY;
    return price === null ? 0 : price.table.rate[price.row]! / price.table.unitSeconds[price.row]!;
  }
}

function randomlyRated({ routingGateways }: Snapshot): Source | null {
  const plans = routingGateways
    .filter(({ rateByNumberSent }) => rateByNumberSent)
    .flatMap(({ dialPlans, periodDialPlans }) => [dialPlans, ...periodDialPlans]);
  return plans.flatMap(({ callee }) => callee.rules).find(isRandomRule)?.source ?? null;
}

/** Ranks from 0 without gaps, whoever was passed over. */
function renumbered(attempts: readonly CarriedAttempt[]): CarriedAttempt[] {
  let rank = -1;
  let last = -1;
  return attempts.map(attempt => {
    if (attempt.rank !== last) rank++;
    last = attempt.rank;
    return attempt.rank === rank ? attempt : { ...attempt, rank };
  });
}

function withCalleePlan(gateway: MappingGateway, callee: DialPlan): MappingGateway {
  return {
    ...gateway,
    dialPlans: { ...gateway.dialPlans, callee },
    periodDialPlans: gateway.periodDialPlans.map(plans => ({ ...plans, callee })),
  };
}

/** A call of the gateway that this share gets. */
function slotOf({ routeShares, name }: MappingGateway, share: number): number {
  for (let slot = 0; slot < routeShares!.total; slot++) {
    if (shareOfSlot(routeShares!, name, slot) === share) return slot;
  }
  throw new Error(`no call of ${name} gets share ${share}`);
}
