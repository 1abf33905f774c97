/**
 * What one side does with one call, by the functions that serve calls: on a switch on which nothing is going on, all
 * money is there and no quality is known.
 */
import { authoriseFrom } from '../../call/authorise.ts';
import type { Price } from '../../call/prices.ts';
import { routeRequestOf } from '../../call/route-request.ts';
import type { MappingGateway, Snapshot, Source } from '../../config/snapshot.ts';
import { type Circumstances, type Declared, declare, idleSwitch } from '../../explain/circumstances.ts';
import { refusedByState } from '../../explain/refusals.ts';
import type { DialPlan } from '../../routing/dial-plan/dial-plan.ts';
import { ruleFor } from '../../routing/dial-plan/rewrite.ts';
import { acceptsNumbers } from '../../routing/ingress.ts';
import { type CallNumbers, dialPlansAt, mappingDialPlansAt, planned } from '../../routing/number-steps.ts';
import type { PreparedNumbers } from '../../routing/prepare-numbers.ts';
import type { RouteRequest } from '../../routing/route-decision.ts';
import { unavailabilities } from '../../routing/route-reasons.ts';
import { shareOfSlot } from '../../routing/route-shares.ts';
import { type RouteDecision, selectRoute } from '../../routing/select-route.ts';
import {
  composed,
  isRandomRule,
  type Rewritten,
  rewrittenBy,
  settledRules,
  shortened,
  untouched,
} from '../space/symbolic-plan.ts';
import type { AttemptNumbers } from './attempt-numbers.ts';
import { type AttemptList, Attempts, emptyList, type Tried } from './attempts.ts';

/** What becomes of one call when chance has come to one thing. */
export interface ServedCall {
  readonly refusal: string | null;
  readonly price: Price | null;
  readonly list: AttemptList;
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

/** One that chance may take. */
interface Way {
  readonly tried: Tried;
  readonly chance: string | null;
}

/** Gateways that chance leaves out now and then, with and without which calls are looked at. */
const mostKeptOut = 4;
/** How often chance is asked where it cannot be told all that it may come to. */
const samples = 8;
/** Draws of which those are looked at that make other numbers to rate by than those before, and how many of them. */
const mostSeeds = 512;
const mostDrawn = 64;
const anyNumbers = 'what chance makes of the numbers';

export class SideCalls {
  readonly snapshot: Snapshot;
  readonly atMs: number;
  readonly down: readonly string[];
  readonly around: Circumstances;
  readonly declared: Declared;
  /** A rule that leaves to chance by what number a vendor is rated. */
  readonly #randomlyRated: Source | null;
  readonly #attempts: Attempts;
  readonly #certain = new Map<MappingGateway, boolean>();
  /** Of the call that is looked at: a gateway that chance may leave out or not, of which that was not looked at. */
  #leftOpen: Source | null = null;

  /** `down` are names; those that this side does not have are left out. */
  constructor(snapshot: Snapshot, atMs: number, down: readonly string[], numbers: AttemptNumbers) {
    this.snapshot = snapshot;
    this.atMs = atMs;
    this.around = idleSwitch(snapshot);
    this.#randomlyRated = randomlyRated(snapshot);
    this.#attempts = new Attempts(snapshot, atMs, numbers);
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
    this.#leftOpen = null;
    if (this.#randomlyRated === null && this.#isCertain(gateway)) {
      const calls = this.#serveIn(gateway, certainly(gateway), numbers, false);
      return { calls, incomplete: this.#leftOpen, sampled: null };
    }
    const { worlds, incomplete, sampled } = this.#worldsOf(gateway, numbers);
    const served = (world: World, isSampled: boolean) => this.#serveIn(gateway, world, numbers, isSampled);
    if (sampled !== null) {
      const calls = worlds.flatMap(world => served(world, true));
      return { calls, incomplete: incomplete ?? this.#leftOpen, sampled };
    }
    let isDrawn = false;
    const calls = worlds.flatMap(world => {
      const first = served(world, false);
      const seeds = this.#seedsFor(first[0]!);
      if (seeds.length === 0) return first;
      isDrawn = true;
      return seeds.flatMap(seed => served({ ...world, seed, chance: world.chance ?? anyNumbers }, true));
    });
    return { calls, incomplete: incomplete ?? this.#leftOpen, sampled: isDrawn ? this.#randomlyRated : null };
  }

  /** Nothing that the gateway itself does to calls is left to chance. */
  #isCertain(gateway: MappingGateway): boolean {
    let isCertain = this.#certain.get(gateway);
    if (isCertain === undefined) {
      const { callee, caller } = mappingDialPlansAt(this.snapshot, gateway, this.atMs);
      const rules = [...callee.rules, ...caller.rules];
      isCertain = gateway.routeShares === null && !rules.some(isRandomRule);
      this.#certain.set(gateway, isCertain);
    }
    return isCertain;
  }

  /** With which every number comes up that vendors may be rated by, where that is left to chance; none where it is not. */
  #seedsFor({ asked, prepared }: ServedCall): readonly number[] {
    if (this.#randomlyRated === null || asked === null || prepared === null) return [];
    const { calleeToSend } = prepared;
    const drawing = this.snapshot.routingGateways.flatMap(gateway => {
      if (!gateway.rateByNumberSent) return [];
      const plan = dialPlansAt(this.snapshot, gateway, this.atMs).callee;
      const rule = ruleFor(plan, calleeToSend);
      return rule !== null && isRandomRule(rule) ? [{ name: gateway.name, plan, rule }] : [];
    });
    if (drawing.length === 0) return [];
    const seeds = new Map<string, number>();
    for (let seed = 0; seed < mostSeeds; seed++) {
      const drawn = drawing.map(({ name, plan }) => planned(plan, 'callee', calleeToSend, name, seed, null));
      const key = drawn.join();
      if (seeds.has(key)) continue;
      if (seeds.size >= mostDrawn) {
        this.#leftOpen = drawing[0]!.rule.source;
        break;
      }
      seeds.set(key, seed);
    }
    return [...seeds.values()];
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
    let worlds: World[] = [certainly(gateway)];
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
          return { ...world, share, chance: alsoBy(world.chance, part) };
        }),
      );
    }
    const byCaller = ruleFor(plans.caller, numbers.caller);
    const sampled = byCaller !== null && isRandomRule(byCaller) ? byCaller.source : null;
    if (sampled === null) return { worlds, incomplete, sampled };
    const seeded = worlds.flatMap(world =>
      Array.from({ length: samples }, (_, seed) => ({ ...world, seed, chance: world.chance ?? anyNumbers })),
    );
    return { worlds: seeded, incomplete, sampled };
  }

  #serveIn(
    own: MappingGateway,
    world: World,
    received: CallNumbers,
    isSampled: boolean,
  ): readonly ServedCall[] {
    const { snapshot, atMs } = this;
    const { gateway, seed, chance } = world;
    const slot = gateway.routeShares === null ? 0 : slotOf(gateway, world.share);
    const taken = acceptsNumbers(snapshot, gateway, received.caller, received.callee, atMs);
    const call = { ...received, seed };
    const authorised = authoriseFrom(snapshot, gateway, call, taken, slot, false, atMs);
    if (authorised.kind === 'rejected') {
      return [refusedCall(own, authorised.reason, null, chance, authorised.numbers)];
    }
    const { account, numbers: prepared, price } = authorised;
    const refused = refusedByState(this.around, gateway, account, price, atMs);
    if (refused !== null) return [refusedCall(own, refused.reason, price, chance, prepared)];
    const { view } = this.around;
    const asked = routeRequestOf({ view, gateway, numbers: prepared, seed, price }, atMs);
    const decision = this.decide(asked, false);
    const toSend = this.#toSend(gateway, received.callee, prepared);
    const { attempts: candidates } = decision;
    const tried = { mapping: own, candidates, prepared, dialled: received.callee, toSend, seed, isSampled };
    return this.#waysOf(tried, chance).map(way => {
      const list = this.#attempts.listOf(way.tried);
      const refusal =
        list.length > 0 ? null : this.#withoutRoute(decision, asked) ? 'AllGatewayBusy' : 'NoAvailableRouter';
      return { refusal, price, list, chance: way.chance, asked, prepared, gateway: own };
    });
  }

  /** What is made of the number as dialled before it is sent anywhere. */
  #toSend(gateway: MappingGateway, dialled: string, { billing, calleeToSend }: PreparedNumbers): Rewritten {
    const rule = ruleFor(mappingDialPlansAt(this.snapshot, gateway, this.atMs).callee, dialled);
    if (rule === null && calleeToSend === dialled) return untouched;
    const toBilling = rewrittenBy(rule, dialled, billing.callee);
    const tag = calleeToSend.slice(0, calleeToSend.length - billing.callee.length);
    return shortened(composed(toBilling, { ...untouched, put: tag }), dialled);
  }

  /** With and without each of the gateways that chance leaves out now and then; with all of them first. */
  #waysOf(tried: Tried, chance: string | null): readonly Way[] {
    const gateways = tried.isSampled ? [] : this.#attempts.keptOutByChance(tried);
    if (gateways.length > mostKeptOut) {
      this.#leftOpen = this.snapshot.routingGateways[gateways[mostKeptOut]!]!.source;
    }
    let ways: readonly Way[] = [{ tried, chance }];
    for (const index of gateways.slice(0, mostKeptOut)) {
      const { name } = this.snapshot.routingGateways[index]!;
      ways = ways.flatMap(way => [
        { ...way, chance: alsoBy(way.chance, `a number for ${name} that can be sent`) },
        {
          tried: { ...way.tried, candidates: way.tried.candidates.filter(one => one.gateway !== index) },
          chance: alsoBy(way.chance, `a number for ${name} that cannot be sent`),
        },
      ]);
    }
    return ways;
  }

  #withoutRoute(decision: RouteDecision, asked: RouteRequest): boolean {
    if (decision.someBusy) return true;
    return (
      decision.attempts.length > 0 &&
      this.decide(asked, true).because.some(({ reason }) => reason in unavailabilities)
    );
  }
}

function certainly(gateway: MappingGateway): World {
  return { gateway, share: 0, seed: 0, chance: null };
}

function alsoBy(chance: string | null, more: string): string {
  return chance === null ? more : `${chance}, ${more}`;
}

function refusedCall(
  gateway: MappingGateway,
  refusal: string,
  price: Price | null,
  chance: string | null,
  prepared: PreparedNumbers | null,
): ServedCall {
  return { refusal, price, list: emptyList, chance, asked: null, prepared, gateway };
}

function randomlyRated({ routingGateways }: Snapshot): Source | null {
  const plans = routingGateways
    .filter(({ rateByNumberSent }) => rateByNumberSent)
    .flatMap(({ dialPlans, periodDialPlans }) => [dialPlans, ...periodDialPlans]);
  return plans.flatMap(({ callee }) => callee.rules).find(isRandomRule)?.source ?? null;
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
