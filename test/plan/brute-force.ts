/** What becomes of a call, number by number and without any thought of prefixes; and what a plan says of it. */
import { authoriseFrom } from '../../src/call/authorise.ts';
import { type Price, priceFor } from '../../src/call/prices.ts';
import { routeRequestOf } from '../../src/call/route-request.ts';
import type { MappingGateway, Snapshot } from '../../src/config/snapshot.ts';
import { declare, idleSwitch } from '../../src/explain/circumstances.ts';
import { refusedByState } from '../../src/explain/refusals.ts';
import type { CallerClass, Difference, Outcome, Plan, PlannedRate, Rewriting } from '../../src/plan/plan.ts';
import { formatRate } from '../../src/rating/decimal.ts';
import { ruleFor } from '../../src/routing/dial-plan/rewrite.ts';
import { acceptsNumbers } from '../../src/routing/ingress.ts';
import { prepareAttempt } from '../../src/routing/prepare-attempt.ts';
import { unavailabilities } from '../../src/routing/route-reasons.ts';
import { selectRoute } from '../../src/routing/select-route.ts';
import { settingsAt } from '../../src/routing/timed-settings.ts';

export function* numbersOf(symbols: string, longest: number): Generator<string> {
  let last = [''];
  for (let length = 1; length <= longest; length++) {
    last = last.flatMap(number => [...symbols].map(symbol => number + symbol));
    yield* last;
  }
}

export interface Asked {
  readonly gateway: string;
  readonly atMs: number;
  readonly down: readonly string[];
  readonly caller: CallerClass;
}

/** One side, asked about many numbers. */
export class Side {
  readonly #snapshot: Snapshot;
  readonly #asked: Asked;
  readonly #gateway: MappingGateway;
  readonly #around: ReturnType<typeof idleSwitch>;
  readonly #declared: ReturnType<typeof declare>;
  readonly #seeds: number;

  constructor(snapshot: Snapshot, asked: Asked) {
    const names = snapshot.routingGateways.map(({ name }) => name);
    this.#snapshot = snapshot;
    this.#asked = asked;
    this.#gateway = snapshot.mappingGateways.find(({ name }) => name === asked.gateway)!;
    this.#around = idleSwitch(snapshot);
    const down = asked.down.filter(name => names.includes(name));
    const from = { kind: 'gateway' as const, name: '' };
    this.#declared = declare(this.#around, {
      callee: '',
      caller: '',
      forwarding: null,
      from,
      atMs: 0,
      seed: 0,
      down,
      full: [],
    });
    const plans = [this.#gateway, ...snapshot.routingGateways].flatMap(({ dialPlans }) => [
      dialPlans.callee,
      dialPlans.caller,
    ]);
    const isRandom = plans.some(({ rules }) => rules.some(({ text }) => /[;]|:.*\?|:.*\d-\d/.test(text)));
    this.#seeds = (isRandom ? 80 : 1) * (this.#gateway.routeShares?.total ?? 1);
  }

  get isRandom(): boolean {
    return this.#seeds > 10;
  }

  /** Everything that may become of calls to the number, each once. */
  outcomes(callee: string): string[] {
    const found = new Set<string>();
    for (let seed = 0; seed < this.#seeds; seed++) found.add(this.#outcome(callee, seed));
    return [...found].sort();
  }

  #outcome(callee: string, seed: number): string {
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
    const decision = selectRoute(this.#declared.snapshot, this.#declared.state, request, true);
    const attempts = decision.attempts.flatMap(candidate => {
      const routing = snapshot.routingGateways[candidate.gateway]!;
      const vendor = snapshot.accounts[routing.clearingAccount]!;
      const sent = prepareAttempt(snapshot, routing, prepared, seed, atMs);
      if (sent.kind === 'invalid') return [];
      const vendorPrice = priceFor(snapshot, vendor, sent.calleeToRate, atMs);
      const egressRule = ruleFor(routing.dialPlans.callee, prepared.calleeToSend);
      const isRandom = egressRule !== null && /[;]|:.*\?|:.*\d-\d/.test(egressRule.text);
      return [
        {
          name: routing.name,
          told: [
            routing.name,
            vendor.name,
            candidate.protect,
            vendorPrice.kind === 'rated'
              ? rateText(vendorPrice)
              : vendorPrice.kind === 'missing'
                ? 'missing'
                : null,
            isRandom ? 'by chance' : sent.sent.callee,
            sent.sent.caller,
            sent.sent.forwarding,
          ],
          group: this.#groupOf(candidate, vendorPrice.kind === 'rated' ? vendorPrice : null),
        },
      ];
    });
    if (attempts.length === 0) {
      const busy =
        decision.someBusy || decision.because.some(({ reason }) => reason in unavailabilities && false);
      return JSON.stringify([busy ? 'AllGatewayBusy' : 'NoAvailableRouter', rate, []]);
    }
    return JSON.stringify([null, rate, inGroups(attempts)]);
  }

  /** Those that quality alone puts in order. */
  #groupOf(
    candidate: { gateway: number; matchedLength: number; protect: boolean },
    price: Price | null,
  ): string {
    const { firstRoutePolicy, secondRoutePolicy } = this.#gateway;
    const { gateway, matchedLength, protect } = candidate;
    if (firstRoutePolicy !== 'asr' && secondRoutePolicy !== 'asr') return `${gateway}`;
    const { leastCostRouting, checkRate } = this.#snapshot.routingGateways[gateway]!;
    const takesPart = leastCostRouting && checkRate;
    const paid = price === null ? 0 : price.table.rate[price.row]! / price.table.unitSeconds[price.row]!;
    const rate = firstRoutePolicy === 'rate' ? (takesPart ? paid : -1) : 0;
    return JSON.stringify([
      matchedLength,
      protect,
      settingsAt(this.#snapshot, this.#asked.atMs).priority[gateway],
      rate,
    ]);
  }
}

function inGroups(attempts: readonly { name: string; told: unknown; group: string }[]): unknown[] {
  const groups: { group: string; members: { name: string; told: unknown }[] }[] = [];
  for (const { group, ...member } of attempts) {
    if (groups.at(-1)?.group === group) groups.at(-1)!.members.push(member);
    else groups.push({ group, members: [member] });
  }
  return groups.map(({ members }) =>
    members.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ told }) => told),
  );
}

function rateText(price: Price | null): string | null {
  if (price === null) return null;
  const { rate } = price;
  return `${formatRate(rate.ratePerUnit)} ${rate.unitSeconds} ${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds} ${rate.freeSeconds}`;
}

/** As `Side.outcomes` would have it, from what a plan says. */
export function toldOutcomes(outcomes: readonly Outcome[], callee: string): string[] {
  return outcomes.map(outcome => toldOutcome(outcome, callee)).sort();
}

function toldOutcome({ refusal, rate, attempts }: Outcome, callee: string): string {
  const groups: unknown[][] = [];
  for (const attempt of attempts) {
    const told = [
      attempt.gateway,
      attempt.account,
      attempt.protect,
      attempt.rateMissing ? 'missing' : plannedText(attempt.rate),
      attempt.sent.callee.choices.length > 0 ? 'by chance' : sentText(attempt.sent.callee, callee),
      attempt.sent.caller,
      attempt.sent.forwarding,
    ];
    if (groups.length <= attempt.rank) groups.push([]);
    groups[attempt.rank]!.push(told);
  }
  return JSON.stringify([refusal, plannedText(rate), groups]);
}

function plannedText(rate: PlannedRate | null): string | null {
  return rate === null ? null : `${rate.rate} ${rate.unitSeconds} ${rate.increments} ${rate.freeSeconds}`;
}

function sentText({ drop, put, whole }: Rewriting, callee: string): string {
  return whole ? put : put + callee.slice(drop);
}

/** The differences of a plan that speak of the number. There must not be two. */
export function differencesOf(
  plan: Plan,
  found: { customer: number; time: number; supposition: number; caller: CallerClass },
  callee: string,
): Difference[] {
  return plan.differences.filter(
    ({ scopes, prefix, except, lengths }) =>
      callee.startsWith(prefix) &&
      !except.some(one => callee.startsWith(one)) &&
      (lengths === null || lengths.some(({ from, to }) => from <= callee.length && callee.length <= to)) &&
      scopes.some(
        scope =>
          scope.customer === found.customer &&
          scope.times.includes(found.time) &&
          scope.suppositions.includes(found.supposition) &&
          (scope.callers === null ||
            scope.callers.some(
              one => one.example === found.caller.example && one.forwarding === found.caller.forwarding,
            )),
      ),
  );
}
