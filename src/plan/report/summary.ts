/** What a plan comes to, in figures that fit a page whatever the size of the change. */
import { money, moneyText } from '../../rating/money.ts';
import { type KnownFacts, knownFactsOf, type Loss } from '../known-facts.ts';
import type { ChangeKind, Difference, Plan, Scope } from '../plan.ts';
import { compareLosses, marginChange, worstLoss } from './margins.ts';
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
  readonly margins: MarginCount;
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

/** Prefixes by what is left of 60 s of talk with the first gateway. */
export interface MarginCount {
  readonly up: number;
  readonly down: number;
  readonly same: number;
  readonly unknown: number;
  /** By how much at most; null where it is up, or down, for none. */
  readonly mostUp: string | null;
  readonly mostDown: string | null;
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
      touched: accountsOf(
        plan,
        plan.differences.flatMap(({ scopes }) => scopes),
      ).size,
      total: new Set(plan.customers.flatMap(({ accounts }) => accounts)).size,
    },
    prefixes: prefixesOf(plan.differences).size,
    kinds: countKinds(plan, ordinary, ordinaryScopes),
    gateways: countGateways(ordinary),
    margins: countMargins(plan, ordinary),
    losses: lossesOf(plan, ordinary),
    suppositions: plan.suppositions.flatMap(({ down }, index) => {
      if (index === 0) return [];
      const needing = ({ scopes }: Difference): readonly Scope[] =>
        scopes.filter(({ suppositions }) => suppositions.includes(index) && !suppositions.includes(0));
      const only = plan.differences.filter(difference => needing(difference).length > 0);
      return only.length === 0 ? [] : [{ down, kinds: countKinds(plan, only, needing) }];
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

/** The customer accounts that the scopes are about. */
function accountsOf(plan: Plan, scopes: readonly Scope[]): ReadonlySet<string> {
  if (scopes.length === 1) return new Set(plan.customers[scopes[0]!.customer]!.accounts);
  const groups = new Set(scopes.map(({ customer }) => customer));
  return new Set([...groups].flatMap(index => plan.customers[index]!.accounts));
}

/** A difference may need a gateway to be down for one customer, and nothing for another. */
function ordinaryScopes({ scopes }: Difference): readonly Scope[] {
  if (scopes.length === 1) return scopes;
  return scopes.filter(({ suppositions }) => suppositions.includes(0));
}

function prefixesOf(differences: readonly Difference[]): ReadonlySet<string> {
  return new Set(differences.map(({ prefix }) => prefix));
}

/** Of the scopes of each difference that count. */
function countKinds(
  plan: Plan,
  differences: readonly Difference[],
  scopesOf: (difference: Difference) => readonly Scope[],
): readonly KindCount[] {
  return kindsBySeverity.flatMap(kind => {
    const such = differences.filter(({ kinds }) => kinds.includes(kind));
    if (such.length === 0) return [];
    const groups = new Set(such.flatMap(difference => scopesOf(difference).map(({ customer }) => customer)));
    const customers = new Set([...groups].flatMap(index => plan.customers[index]!.accounts));
    return [{ kind, prefixes: prefixesOf(such).size, customers: customers.size }];
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

/** A prefix whose margin is different for different customers counts where it falls, and where it rises. */
function countMargins({ before, after }: Plan, differences: readonly Difference[]): MarginCount {
  const [up, down, same, unknown] = [0, 1, 2, 3].map(() => new Set<string>()) as [
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
  ];
  let [mostUp, mostDown] = [0n, 0n];
  // An amount of one currency is neither more nor less than one of another.
  const isComparable = before.currency === after.currency;
  for (const difference of differences) {
    const change = isComparable ? marginChange(difference) : null;
    if (change === null) {
      unknown.add(difference.prefix);
      continue;
    }
    const gain = change.after - change.before;
    (gain < 0n ? down : gain > 0n ? up : same).add(difference.prefix);
    if (gain > mostUp) mostUp = gain;
    if (-gain > mostDown) mostDown = -gain;
  }
  return {
    up: up.size,
    down: down.size,
    same: same.size,
    unknown: unknown.size,
    mostUp: mostUp === 0n ? null : moneyText(money(mostUp)),
    mostDown: mostDown === 0n ? null : moneyText(money(mostDown)),
  };
}

interface PrefixLoss {
  readonly loss: Loss;
  readonly customers: Set<string>;
}

/** Of each prefix the worst, and for whom it is that bad. */
function lossesOf(plan: Plan, differences: readonly Difference[]): readonly LossPrefix[] {
  const worst = new Map<string, PrefixLoss>();
  for (const difference of differences) {
    if (!difference.kinds.includes('loss')) continue;
    const loss = worstLoss(difference);
    if (loss === null) continue;
    const known = worst.get(difference.prefix);
    const order = known === undefined ? -1 : compareLosses(loss, known.loss);
    if (order > 0) continue;
    const customers = accountsOf(plan, ordinaryScopes(difference));
    if (order < 0) worst.set(difference.prefix, { loss, customers: new Set(customers) });
    else for (const customer of customers) known!.customers.add(customer);
  }
  return [...worst]
    .sort(([a, { loss }], [b, { loss: other }]) =>
      loss.margin === other.margin ? (a < b ? -1 : 1) : loss.margin < other.margin ? -1 : 1,
    )
    .map(
      ([
        prefix,
        {
          loss: { gateway, margin, marginPercent },
          customers,
        },
      ]) => ({
        prefix,
        customers: [...customers],
        gateway,
        margin: moneyText(margin),
        marginPercent,
      }),
    );
}
