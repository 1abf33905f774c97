/** What becomes of a call, number by number and without any thought of prefixes; and what a plan says of it. */
import { authoriseFrom } from '../../src/call/authorise.ts';
import { type Price, priceFor } from '../../src/call/prices.ts';
import { routeRequestOf } from '../../src/call/route-request.ts';
import type { MappingGateway, RoutingGateway, Snapshot } from '../../src/config/snapshot.ts';
import { declare, idleSwitch } from '../../src/explain/circumstances.ts';
import { refusedByState } from '../../src/explain/refusals.ts';
import type {
  CallerClass,
  Difference,
  Outcome,
  Plan,
  PlannedAttempt,
  PlannedRate,
  Rewriting,
} from '../../src/plan/plan.ts';
import { chargeFor } from '../../src/rating/charge.ts';
import { formatRate } from '../../src/rating/decimal.ts';
import { type Money, money, moneyText, noMoney } from '../../src/rating/money.ts';
import { formatStages } from '../../src/rating/stages.ts';
import { possibilities, ruleFor } from '../../src/routing/dial-plan/rewrite.ts';
import { acceptsNumbers } from '../../src/routing/ingress.ts';
import { numberFault } from '../../src/routing/number-fault.ts';
import { dialPlansAt, mappingDialPlansAt } from '../../src/routing/number-steps.ts';
import { prepareAttempt } from '../../src/routing/prepare-attempt.ts';
import type { PreparedNumbers } from '../../src/routing/prepare-numbers.ts';
import type { RoutingState } from '../../src/routing/select-route.ts';
import { selectRoute } from '../../src/routing/select-route.ts';

/** A plus sign stands at the beginning alone. */
export function* numbersOf(symbols: string, longest: number): Generator<string> {
  const behind = [...symbols.replace('+', '')];
  let last = [...symbols];
  for (let length = 1; length <= longest; length++) {
    yield* last;
    last = last.flatMap(number => behind.map(symbol => number + symbol));
  }
}

export interface Asked {
  readonly gateway: string;
  readonly atMs: number;
  readonly down: readonly string[];
  readonly caller: CallerClass;
}

/** What chance has made of a number that is sent, by gateway. */
export type Drawn = Map<string, Set<string>>;

const isRandomText = /[;]|:.*\?|:.*\d-\d/;
/** So often that two or three possibilities mostly all turn up, and so often that ten of them surely do. */
const seeds = 24;
const manySeeds = 600;

/** One side, asked about many numbers. */
export class Side {
  readonly #snapshot: Snapshot;
  readonly #asked: Asked;
  readonly #gateway: MappingGateway;
  readonly #around: ReturnType<typeof idleSwitch>;
  readonly #declared: ReturnType<typeof declare>;
  readonly #states: readonly RoutingState[];
  readonly #shares: number;
  readonly #sendsByChance: boolean;
  readonly isRandom: boolean;

  constructor(snapshot: Snapshot, asked: Asked) {
    const names = snapshot.routingGateways.map(({ name }) => name);
    this.#snapshot = snapshot;
    this.#asked = asked;
    this.#gateway = snapshot.mappingGateways.find(({ name }) => name === asked.gateway)!;
    this.#around = idleSwitch(snapshot);
    this.#declared = declare(this.#around, {
      ...{ callee: '', caller: '', forwarding: null, atMs: 0, seed: 0, full: [] },
      from: { kind: 'gateway', name: '' },
      down: asked.down.filter(name => names.includes(name)),
    });
    // Whatever the quality of gateways decides, and how many calls they had, one of these has it the other way round.
    this.#states = [1, -1].map(sign => ({
      ...this.#declared.state,
      asr: gateway => 0.5 + sign * (gateway / (2 * names.length) - 0.2),
      callsCarried: gateway => 1000 + sign * gateway,
    }));
    this.#sendsByChance = snapshot.routingGateways.some(hasRandomRule);
    this.isRandom = this.#sendsByChance || hasRandomRule(this.#gateway);
    this.#shares = this.#gateway.routeShares?.total ?? 1;
  }

  /** Everything that may become of calls to the number, each once; `surely` where chance may be slow to show it. */
  outcomes(callee: string, surely: boolean, drawn: Drawn = new Map()): string[] {
    const found = new Set<string>();
    const plan = mappingDialPlansAt(this.#snapshot, this.#gateway, this.#asked.atMs).callee;
    const isRandom = this.#sendsByChance || isRandomText.test(ruleFor(plan, callee)?.text ?? '');
    const calls = (isRandom ? (surely ? manySeeds : seeds) : 1) * this.#shares;
    for (let seed = 0; seed < calls; seed++) found.add(this.#outcome(callee, seed, drawn));
    return [...found].sort();
  }

  #outcome(callee: string, seed: number, drawn: Drawn): string {
    const snapshot = this.#snapshot;
    const gateway = this.#gateway;
    const { atMs, caller } = this.#asked;
    const numbers = { callee, caller: caller.example, forwarding: caller.forwarding };
    const taken = acceptsNumbers(snapshot, gateway, numbers.caller, callee, atMs);
    const authorised = authoriseFrom(snapshot, gateway, { ...numbers, seed }, taken, seed, false, atMs);
    if (authorised.kind === 'rejected') return JSON.stringify([authorised.reason, null, []]);
    const { account, numbers: prepared, price } = authorised;
    const rate = rateText(price);
    const refused = refusedByState(this.#around, gateway, account, price, atMs);
    if (refused !== null) return JSON.stringify([refused.reason, rate, []]);
    const request = routeRequestOf(
      { view: this.#around.view, gateway, numbers: prepared, seed, price },
      atMs,
    );
    const [decision, other] = this.#states.map(state => selectRoute(this.#declared.snapshot, state, request));
    const told = new Map<number, { readonly name: string; readonly told: unknown }>();
    for (const { gateway: index, protect } of decision!.attempts) {
      const attempt = this.#attempt(index, protect, prepared, price, seed, drawn);
      if (attempt !== null) told.set(index, attempt);
    }
    if (told.size === 0) {
      return JSON.stringify([decision!.someBusy ? 'AllGatewayBusy' : 'NoAvailableRouter', rate, []]);
    }
    const orders = [decision!, other!].map(({ attempts }) =>
      attempts.map(({ gateway: index }) => index).filter(index => told.has(index)),
    );
    const groups = alikeInBoth(orders[0]!, orders[1]!).map(group =>
      group
        .map(index => told.get(index)!)
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(one => one.told),
    );
    return JSON.stringify([null, rate, groups]);
  }

  #attempt(
    index: number,
    protect: boolean,
    prepared: PreparedNumbers,
    price: Price | null,
    seed: number,
    drawn: Drawn,
  ): { readonly name: string; readonly told: unknown } | null {
    const snapshot = this.#snapshot;
    const routing = snapshot.routingGateways[index]!;
    const { name } = routing;
    const vendor = snapshot.accounts[routing.clearingAccount]!;
    const attempt = prepareAttempt(snapshot, routing, prepared, seed, this.#asked.atMs);
    if (attempt.kind === 'invalid') return null;
    const { sent } = attempt;
    const paid = priceFor(snapshot, vendor, attempt.calleeToRate, this.#asked.atMs);
    const plan = dialPlansAt(snapshot, routing, this.#asked.atMs).callee;
    const isDrawn = isRandomText.test(ruleFor(plan, prepared.calleeToSend)?.text ?? '');
    if (isDrawn) {
      const before = drawn.get(name) ?? new Set();
      drawn.set(name, before.add(sent.callee));
    }
    const cost = paid.kind === 'rated' ? paid : null;
    const told = [
      ...[name, vendor.name, protect],
      paid.kind === 'missing' ? 'missing' : rateText(cost),
      paid.kind === 'missing' ? null : moneyText(money(chargeOf(snapshot, price) - chargeOf(snapshot, cost))),
      isDrawn ? byChance(possibilities(plan, prepared.calleeToSend).filter(isSendable)) : sent.callee,
      ...[callerTo(routing, sent.caller), sent.forwarding],
    ];
    return { name, told };
  }
}

/** Whether chance may have a part in any call. */
export function hasChance({ mappingGateways, routingGateways }: Snapshot): boolean {
  return [...mappingGateways, ...routingGateways].some(hasRandomRule);
}

function hasRandomRule({ dialPlans, periodDialPlans }: MappingGateway | RoutingGateway): boolean {
  const plans = [dialPlans, ...periodDialPlans].map(({ callee }) => callee);
  return plans.some(({ rules }) => rules.some(({ text }) => isRandomText.test(text)));
}

function chargeOf({ parameters }: Snapshot, price: Price | null): Money {
  return price === null ? noMoney : chargeFor(price.rate, 60, parameters.feePrecision).amount;
}

function callerTo({ callerPool }: RoutingGateway, caller: string): string {
  if (callerPool === null) return caller;
  return callerPool.numbers.length === 1 ? callerPool.numbers[0]! : 'of a pool';
}

/** The first part of one order that holds the same as the first part of the other, then the next, and so on. */
function alikeInBoth(order: readonly number[], other: readonly number[]): number[][] {
  const groups: number[][] = [];
  let from = 0;
  for (let to = 1; to <= order.length; to++) {
    const group = order.slice(from, to);
    if (!other.slice(from, to).every(index => group.includes(index))) continue;
    groups.push(group);
    from = to;
  }
  return groups;
}

function rateText(price: Price | null): string | null {
  if (price === null) return null;
  const { rate } = price;
  const increments = `${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}`;
  return `${formatRate(rate.ratePerUnit)} ${rate.unitSeconds} ${increments} ${formatRate(rate.connectFee)} ${rate.freeSeconds} ${formatStages(rate.stages)}`;
}

/** As `Side.outcomes` would have it, from what a plan says. */
export function toldOutcomes(outcomes: readonly Outcome[], callee: string): string[] {
  return outcomes.map(outcome => toldOutcome(outcome, callee)).sort();
}

function toldOutcome({ refusal, rate, attempts }: Outcome, callee: string): string {
  const groups: unknown[][] = [];
  for (const attempt of attempts) {
    const { caller, forwarding } = attempt.sent;
    const told = [
      ...[attempt.gateway, attempt.account, attempt.protect],
      attempt.rateMissing ? 'missing' : plannedText(attempt.rate),
      attempt.margin,
      sentText(attempt.sent.callee, callee),
      ...[caller.startsWith('one of ') ? 'of a pool' : caller, forwarding],
    ];
    if (groups.length <= attempt.rank) groups.push([]);
    groups[attempt.rank]!.push(told);
  }
  return JSON.stringify([refusal, plannedText(rate), groups]);
}

function plannedText(rate: PlannedRate | null): string | null {
  if (rate === null) return null;
  return `${rate.rate} ${rate.unitSeconds} ${rate.increments} ${rate.connectFee} ${rate.freeSeconds} ${rate.stages}`;
}

function sentText({ drop, put, whole, choices }: Rewriting, callee: string): string {
  const rest = whole ? put : put + callee.slice(drop);
  return choices.length === 0 ? rest : byChance(choices.map(choice => choice + rest));
}

/** `?` is any digit, `[20-29]` any number of a range. */
function isSendable(number: string): boolean {
  return numberFault(number.replaceAll('?', '0').replace(/\[(\d+)-\d+\]/, '$1')) === null;
}

/** All that may be drawn, in no order. */
function byChance(numbers: readonly string[]): string {
  return `by chance ${[...new Set(numbers)].sort().join(' or ')}`;
}

/** What is drawn must be one of the choices, and each choice must be drawn. Returns what is not so. */
export function wrongChoices(outcomes: readonly Outcome[], callee: string, drawn: Drawn): string[] {
  const attempts = outcomes.flatMap(outcome => outcome.attempts);
  return [...drawn].flatMap(([name, numbers]) => {
    const told = attempts.filter(({ gateway, sent }) => gateway === name && sent.callee.choices.length > 0);
    const patterns = [...new Set(told.flatMap(attempt => choicePatterns(attempt, callee)))];
    const expressions = patterns.map(pattern => new RegExp(`^${pattern}$`));
    const strange = [...numbers].filter(number => !expressions.some(one => one.test(number)));
    const never = patterns.filter((_, i) => ![...numbers].some(number => expressions[i]!.test(number)));
    return [
      ...strange.map(number => `${name} is sent ${number}, not told among ${patterns}`),
      ...never.map(pattern => `${name} is never sent ${pattern}, but ${[...numbers]}`),
    ];
  });
}

export function choicePatterns({ sent }: PlannedAttempt, callee: string): string[] {
  const { choices, drop, whole, put } = sent.callee;
  const rest = whole ? '' : callee.slice(drop);
  return choices.map(choice => {
    const text = (choice + put + rest).replace(/[*+$.]/g, '\\$&');
    return text.replaceAll('?', '\\d');
  });
}

export interface Place {
  readonly customer: number;
  readonly time: number;
  readonly supposition: number;
}

/** What a plan says of one customer at one time while gateways are down, to callers who are not told apart or to one class. */
export function differencesAt(plan: Plan, at: Place, caller: CallerClass | null): Difference[] {
  return plan.differences.filter(({ scopes }) =>
    scopes.some(
      scope =>
        scope.customer === at.customer &&
        scope.times.includes(at.time) &&
        scope.suppositions.includes(at.supposition) &&
        (scope.callers === null ||
          (caller !== null && scope.callers.some(one => callerText(one) === callerText(caller)))),
    ),
  );
}

/** The classes of callers that a plan tells apart there, by their texts. */
export function toldCallers(plan: Plan, { customer, time, supposition }: Place): Map<string, CallerClass> {
  const scopes = plan.differences
    .flatMap(difference => difference.scopes)
    .filter(
      one => one.customer === customer && one.times.includes(time) && one.suppositions.includes(supposition),
    );
  return new Map(scopes.flatMap(({ callers }) => callers ?? []).map(caller => [callerText(caller), caller]));
}

/** Each caller of a plan is looked for very often. */
const callerTexts = new WeakMap<CallerClass, string>();

export function callerText(caller: CallerClass): string {
  const known = callerTexts.get(caller) ?? JSON.stringify(caller);
  callerTexts.set(caller, known);
  return known;
}

const byPrefixes = new WeakMap<readonly Difference[], Map<string, Difference[]>>();

function byPrefixOf(differences: readonly Difference[]): Map<string, Difference[]> {
  const known = byPrefixes.get(differences);
  if (known !== undefined) return known;
  const byPrefix = new Map<string, Difference[]>();
  for (const one of differences) byPrefix.set(one.prefix, [...(byPrefix.get(one.prefix) ?? []), one]);
  byPrefixes.set(differences, byPrefix);
  return byPrefix;
}

/** The one of them that speaks of the number. There must not be two. */
export function differenceOf(differences: readonly Difference[], callee: string): Difference | null {
  const byPrefix = byPrefixOf(differences);
  const found: Difference[] = [];
  for (let end = 0; end <= callee.length; end++) {
    for (const one of byPrefix.get(callee.slice(0, end)) ?? []) {
      const { except, lengths } = one;
      if (except.some(prefix => callee.startsWith(prefix))) continue;
      const { length } = callee;
      if (lengths === null || lengths.some(({ from, to }) => from <= length && length <= to)) found.push(one);
    }
  }
  if (found.length > 1) throw new Error(`two differences for ${callee}`);
  return found[0] ?? null;
}
