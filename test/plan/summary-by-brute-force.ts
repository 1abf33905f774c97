/** The figures of a plan's summary, counted number by number from what really becomes of each call on both sides. */
import type { Snapshot } from '../../src/config/snapshot.ts';
import type { ChangeKind, Plan } from '../../src/plan/plan.ts';
import { kindsBySeverity } from '../../src/plan/report/severity.ts';
import type { KindCount, PlanSummary } from '../../src/plan/report/summary.ts';
import { money, moneyText, parseMoney } from '../../src/rating/money.ts';
import { differenceOf, differencesAt, Side, toldCallers } from './brute-force.ts';
import { type Attempt, kindsBetween, type Outcome, parsed } from './kinds-by-brute-force.ts';

/** One number that one customer's calls go to, of which the two sides make something else. */
interface Changed {
  readonly account: string;
  /** By which the plan speaks of it. */
  readonly prefix: string;
  readonly supposition: number;
  /** Nothing need be down for that very change. */
  readonly anyway: boolean;
  readonly before: readonly Outcome[];
  readonly after: readonly Outcome[];
}

export type Counted = Pick<
  PlanSummary,
  'customers' | 'prefixes' | 'kinds' | 'gateways' | 'margins' | 'losses' | 'suppositions'
>;

/** Of every number of the plan's space, where chance has no part: it is slow to show all that may come of it. */
export function countSummary(
  plan: Plan,
  before: Snapshot,
  after: Snapshot,
  numbers: readonly string[],
): Counted {
  const changed = changedNumbers(plan, before, after, numbers);
  const ordinary = changed.filter(({ supposition }) => supposition === 0);
  return {
    customers: {
      touched: new Set(changed.map(({ account }) => account)).size,
      total: new Set(
        [before, after].flatMap((side, i) =>
          side.mappingGateways
            .filter(({ name }) => i === 1 || !after.mappingGateways.some(other => other.name === name))
            .map(({ account }) => side.accounts[account]!.name),
        ),
      ).size,
    },
    prefixes: prefixesOf(changed).size,
    kinds: countKinds(ordinary),
    gateways: countGateways(ordinary),
    margins: countMargins(ordinary),
    losses: findLosses(ordinary),
    suppositions: plan.suppositions.flatMap(({ down }, index) => {
      const only = changed.filter(({ supposition, anyway }) => supposition === index && !anyway);
      return index === 0 || only.length === 0 ? [] : [{ down, kinds: countKinds(only) }];
    }),
  };
}

function changedNumbers(
  plan: Plan,
  before: Snapshot,
  after: Snapshot,
  numbers: readonly string[],
): readonly Changed[] {
  const found: Changed[] = [];
  for (const [customer, { gateways, on }] of plan.customers.entries()) {
    for (const gateway of on === 'both' ? gateways : []) {
      const { account } = after.mappingGateways.find(({ name }) => name === gateway)!;
      for (const time of plan.times.keys()) {
        for (const [supposition, { down }] of plan.suppositions.entries()) {
          const told = [...toldCallers(plan, { customer, time, supposition }).values()];
          for (const caller of told.length === 0 ? [{ example: '', forwarding: null }] : told) {
            const asked = { gateway, atMs: Date.parse(plan.times[time]!.at), down, caller };
            const [old, now] = [new Side(before, asked), new Side(after, asked)];
            const said = differencesAt(plan, { customer, time, supposition }, caller);
            const usually = differencesAt(plan, { customer, time, supposition: 0 }, caller);
            for (const callee of numbers) {
              const [was, is] = [old.outcomes(callee, false), now.outcomes(callee, false)];
              if (was.join('\n') === is.join('\n')) continue;
              const difference = differenceOf(said, callee);
              if (difference === null) throw new Error(`nothing is said of ${callee}`);
              found.push({
                account: after.accounts[account]!.name,
                prefix: difference.prefix,
                supposition,
                anyway: usually.includes(difference),
                before: was.map(parsed),
                after: is.map(parsed),
              });
            }
          }
        }
      }
    }
  }
  return found;
}

function prefixesOf(changed: readonly Changed[]): ReadonlySet<string> {
  return new Set(changed.map(({ prefix }) => prefix));
}

function countKinds(changed: readonly Changed[]): readonly KindCount[] {
  const withKinds = changed.map(one => ({ one, kinds: kindsBetween(one.before, one.after) }));
  return kindsBySeverity.flatMap((kind: ChangeKind) => {
    const such = withKinds.filter(({ kinds }) => kinds.has(kind)).map(({ one }) => one);
    const customers = new Set(such.map(({ account }) => account)).size;
    return such.length === 0 ? [] : [{ kind, prefixes: prefixesOf(such).size, customers }];
  });
}

function countGateways(changed: readonly Changed[]): Counted['gateways'] {
  const names = new Set(changed.flatMap(({ before, after }) => [...namesOf(before), ...namesOf(after)]));
  const counts = [...names].map(gateway => ({
    gateway,
    won: prefixesOf(
      changed.filter(one => !namesOf(one.before).has(gateway) && namesOf(one.after).has(gateway)),
    ).size,
    lost: prefixesOf(
      changed.filter(one => namesOf(one.before).has(gateway) && !namesOf(one.after).has(gateway)),
    ).size,
  }));
  return counts
    .filter(({ won, lost }) => won + lost > 0)
    .sort((a, b) => b.won + b.lost - (a.won + a.lost) || (a.gateway < b.gateway ? -1 : 1));
}

function attemptsOf(outcomes: readonly Outcome[]): readonly Attempt[] {
  return outcomes.flatMap(([, , groups]) => groups.flat());
}

function namesOf(outcomes: readonly Outcome[]): ReadonlySet<string> {
  return new Set(attemptsOf(outcomes).map(([name]) => name));
}

function countMargins(changed: readonly Changed[]): Counted['margins'] {
  const gains = changed.map(({ prefix, before, after }) => {
    const [was, is] = [marginOf(before), marginOf(after)];
    return { prefix, gain: was === null || is === null ? null : is - was };
  });
  const count = (isSuch: (gain: bigint | null) => boolean): number =>
    new Set(gains.filter(({ gain }) => isSuch(gain)).map(({ prefix }) => prefix)).size;
  const most = (sign: bigint): string | null => {
    const sizes = gains.flatMap(({ gain }) => (gain === null || gain * sign <= 0n ? [] : [gain * sign]));
    return sizes.length === 0 ? null : moneyText(money(sizes.reduce((a, b) => (a > b ? a : b))));
  };
  return {
    up: count(gain => gain !== null && gain > 0n),
    down: count(gain => gain !== null && gain < 0n),
    same: count(gain => gain === 0n),
    unknown: count(gain => gain === null),
    mostUp: most(1n),
    mostDown: most(-1n),
  };
}

/** The middle of all that may come of the call, each with the middle of the gateways that may be the first. */
function marginOf(outcomes: readonly Outcome[]): bigint | null {
  return middleOf(
    outcomes.map(([, , groups]) =>
      middleOf((groups[0] ?? []).map(([, , , , margin]) => (margin === null ? null : amountOf(margin)))),
    ),
  );
}

/** Of nothing it is nothing. */
function middleOf(amounts: readonly (bigint | null)[]): bigint | null {
  let sum = 0n;
  for (const amount of amounts) {
    if (amount === null) return null;
    sum += amount;
  }
  return amounts.length === 0 ? 0n : sum / BigInt(amounts.length);
}

function amountOf(text: string): bigint {
  return parseMoney(text)!;
}

/** Of each prefix the worst, with those for whom it is that bad, and what the gateway leaves. */
function findLosses(changed: readonly Changed[]): Counted['losses'] {
  const worst = new Map<string, { margin: bigint; gateway: string; accounts: Set<string> }>();
  for (const { prefix, account, before, after } of changed) {
    if (!kindsBetween(before, after).has('loss')) continue;
    for (const [gateway, , , , margin] of attemptsOf(after)) {
      if (margin === null) continue;
      const known = worst.get(prefix);
      const amount = amountOf(margin);
      const isWorse =
        known === undefined || amount < known.margin || (amount === known.margin && gateway < known.gateway);
      if (isWorse) worst.set(prefix, { margin: amount, gateway, accounts: new Set([account]) });
      else if (amount === known.margin && gateway === known.gateway) known.accounts.add(account);
    }
  }
  return [...worst]
    .sort(([a, one], [b, other]) =>
      one.margin === other.margin ? (a < b ? -1 : 1) : one.margin < other.margin ? -1 : 1,
    )
    .map(([prefix, { margin, gateway, accounts }]) => ({
      prefix,
      customers: [...accounts].sort(),
      gateway,
      margin: moneyText(money(margin)),
      marginPercent: null,
    }));
}
