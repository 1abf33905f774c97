/** What a plan comes to, in figures that fit a page whatever the size of the change. */
import { moneyText } from '../../rating/money.ts';
import { type KnownFacts, knownFactsOf } from '../known-facts.ts';
import type { ChangeKind, Difference, Plan } from '../plan.ts';
import { marginChange, worstLoss } from './margins.ts';
import { isOrdinary, kindsBySeverity } from './severity.ts';

export interface PlanSummary {
  /** Whether both sides mean the same. */
  readonly same: boolean;
  /** Customer accounts. */
  readonly customers: Share;
  /** Different prefixes that something is different for. */
  readonly prefixes: number;
  /** The most severe first; kinds that do not occur are left out. */
  readonly kinds: readonly KindCount[];
  /** Per routing gateway: for how many prefixes it is won and lost; most first. */
  readonly gateways: readonly GatewayCount[];
  /** Prefixes by what is left of 60 s of talk with the first gateway. */
  readonly margins: {
    readonly up: number;
    readonly down: number;
    readonly same: number;
    readonly unknown: number;
  };
  /** Sold below cost now and not before, the worst first; all of them, one for each prefix. */
  readonly losses: readonly LossPrefix[];
  /** What is different only while a gateway is down that was supposed to be. */
  readonly suppositions: readonly SupposedCount[];
  /** Mapping gateways whose calls are served on one side only. */
  readonly customersNew: readonly string[];
  readonly customersGone: readonly string[];
  /** Settings that have another value, and those of them that count only after a restart. */
  readonly settings: number;
  readonly restart: readonly string[];
}

export interface Share {
  readonly touched: number;
  readonly total: number;
}

export interface KindCount {
  readonly kind: ChangeKind;
  readonly prefixes: number;
  readonly customers: number;
}

export interface GatewayCount {
  readonly gateway: string;
  readonly won: number;
  readonly lost: number;
}

export interface LossPrefix {
  readonly prefix: string;
  readonly customers: readonly string[];
  readonly gateway: string;
  /** Of 60 s. */
  readonly margin: string;
  readonly marginPercent: string | null;
}

export interface SupposedCount {
  readonly down: readonly string[];
  readonly kinds: readonly KindCount[];
}

export function summarise(plan: Plan): PlanSummary {
  const ordinary = plan.differences.filter(isOrdinary);
  return {
    same: plan.before.hash === plan.after.hash,
    customers: {
      touched: accountsOf(plan, plan.differences).size,
      total: new Set(plan.customers.flatMap(({ accounts }) => accounts)).size,
    },
    prefixes: prefixesOf(plan.differences).size,
    kinds: countKinds(plan, ordinary),
    gateways: countGateways(ordinary),
    margins: countMargins(ordinary),
    losses: lossesOf(plan, ordinary),
    suppositions: plan.suppositions.flatMap(({ down }, index) => {
      const only = plan.differences.filter(
        difference =>
          !isOrdinary(difference) && difference.scopes.some(scope => scope.suppositions.includes(index)),
      );
      return only.length === 0 ? [] : [{ down, kinds: countKinds(plan, only) }];
    }),
    customersNew: gatewaysOn(plan, 'after'),
    customersGone: gatewaysOn(plan, 'before'),
    settings: plan.settings.length,
    restart: plan.settings
      .filter(({ needsRestart }) => needsRestart)
      .map(({ object, setting }) => `${setting} of ${object}`),
  };
}

function gatewaysOn({ customers }: Plan, side: 'before' | 'after'): readonly string[] {
  return customers.filter(({ on }) => on === side).flatMap(({ gateways }) => gateways);
}

/** The customer accounts that the differences are about. */
export function accountsOf(plan: Plan, differences: readonly Difference[]): ReadonlySet<string> {
  const groups = new Set(differences.flatMap(({ scopes }) => scopes.map(({ customer }) => customer)));
  return new Set([...groups].flatMap(index => plan.customers[index]!.accounts));
}

function prefixesOf(differences: readonly Difference[]): ReadonlySet<string> {
  return new Set(differences.map(({ prefix }) => prefix));
}

function countKinds(plan: Plan, differences: readonly Difference[]): readonly KindCount[] {
  return kindsBySeverity.flatMap(kind => {
    const such = differences.filter(({ kinds }) => kinds.includes(kind));
    if (such.length === 0) return [];
    return [{ kind, prefixes: prefixesOf(such).size, customers: accountsOf(plan, such).size }];
  });
}

function countGateways(differences: readonly Difference[]): readonly GatewayCount[] {
  const won = new Map<string, Set<string>>();
  const lost = new Map<string, Set<string>>();
  for (const difference of differences) {
    const changed = changedGateways(difference);
    for (const gateway of changed.won) addTo(won, gateway, difference.prefix);
    for (const gateway of changed.lost) addTo(lost, gateway, difference.prefix);
  }
  return [...new Set([...won.keys(), ...lost.keys()])]
    .map(gateway => ({
      gateway,
      won: won.get(gateway)?.size ?? 0,
      lost: lost.get(gateway)?.size ?? 0,
    }))
    .sort((a, b) => b.won + b.lost - (a.won + a.lost) || (a.gateway < b.gateway ? -1 : 1));
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function changedGateways(difference: Difference): Pick<KnownFacts, 'won' | 'lost'> {
  const facts = knownFactsOf(difference);
  if (facts !== null) return facts;
  const [was, is] = [gatewaysOf(difference, 'before'), gatewaysOf(difference, 'after')];
  return {
    won: [...is].filter(gateway => !was.has(gateway)),
    lost: [...was].filter(gateway => !is.has(gateway)),
  };
}

function gatewaysOf(difference: Difference, side: 'before' | 'after'): ReadonlySet<string> {
  return new Set(difference[side].flatMap(({ attempts }) => attempts.map(({ gateway }) => gateway)));
}

/** A prefix whose margin is different for different customers counts where it falls. */
function countMargins(differences: readonly Difference[]): PlanSummary['margins'] {
  const sets = {
    down: new Set<string>(),
    up: new Set<string>(),
    same: new Set<string>(),
    unknown: new Set<string>(),
  };
  for (const difference of differences) {
    const change = marginChange(difference);
    if (change === null) sets.unknown.add(difference.prefix);
    else if (change.after < change.before) sets.down.add(difference.prefix);
    else if (change.after > change.before) sets.up.add(difference.prefix);
    else sets.same.add(difference.prefix);
  }
  return { up: sets.up.size, down: sets.down.size, same: sets.same.size, unknown: sets.unknown.size };
}

function lossesOf(plan: Plan, differences: readonly Difference[]): readonly LossPrefix[] {
  const worst = new Map<string, { readonly margin: bigint; readonly loss: LossPrefix }>();
  for (const difference of differences) {
    if (!difference.kinds.includes('loss')) continue;
    const found = worstLoss(difference);
    if (found === null) continue;
    const { gateway, margin, marginPercent } = found;
    const known = worst.get(difference.prefix);
    if (known !== undefined && known.margin <= margin) continue;
    const loss = {
      prefix: difference.prefix,
      customers: [...accountsOf(plan, [difference])],
      gateway,
      margin: moneyText(margin),
      marginPercent,
    };
    worst.set(difference.prefix, { margin, loss });
  }
  return [...worst.values()]
    .sort((a, b) =>
      a.margin === b.margin ? (a.loss.prefix < b.loss.prefix ? -1 : 1) : a.margin < b.margin ? -1 : 1,
    )
    .map(({ loss }) => loss);
}
