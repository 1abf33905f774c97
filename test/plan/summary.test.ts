import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { comparePlans } from '../../src/plan/compare-plans.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { summarise } from '../../src/plan/report/summary.ts';
import {
  buildSnapshot,
  type MappingGatewayDescription,
  type RoutingGatewayDescription,
  type SnapshotDescription,
} from '../support/snapshot-builder.ts';
import { hasChance, numbersOf } from './brute-force.ts';
import { noPlan, nowMs } from './network-parts.ts';
import { type Pair, pairsOfNetworks } from './networks.ts';
import { type Counted, countSummary } from './summary-by-brute-force.ts';

const test = suite('plan/summary');

const count = Number(process.argv[2] ?? 250);
const seed = Number(process.argv[3] ?? 1);
/** Of a pair that failed: it alone. */
const only = process.argv[4] === undefined ? null : Number(process.argv[4]);

const symbols = '12a';
const longest = 3;
const numbers = [...numbersOf(symbols, longest)];

interface Summaries {
  readonly told: Counted;
  readonly real: Counted;
}

/** One in so many pairs has all rules; the others none about callers and times, so that there may be more of them. */
const withAllRules = 10;

function withFewerRules(description: SnapshotDescription): SnapshotDescription {
  const none = { numbers: {}, periods: [], periodDialPlans: [], callerPool: null };
  const plainer = <Gateway extends GatewayDescription>(gateway: Gateway): Gateway => ({
    ...gateway,
    ...none,
    dialPlans: { ...gateway.dialPlans!, caller: noPlan, forwarding: noPlan },
  });
  const rates = description.rates!.map(table => ({
    ...table,
    rows: table.rows
      .filter(({ prefix }, i) => table.rows.findIndex(row => row.prefix === prefix) === i)
      .map(({ effectiveFromMs: _, effectiveUntilMs: __, ...row }) => row),
  }));
  return {
    ...description,
    rates,
    accounts: description.accounts!.map(account => ({ ...account, validUntilMs: null })),
    mappingGateways: description.mappingGateways!.map(plainer),
    routingGateways: description.routingGateways!.map(plainer),
  };
}

function withFewer({ before, after }: Pair): Pair {
  return { before: withFewerRules(before), after: withFewerRules(after) };
}

type GatewayDescription = MappingGatewayDescription | RoutingGatewayDescription;

/** null where the plan is not exact, or chance has a part in it. */
function summariesOf(pair: Pair, isDown: boolean): Summaries | null {
  const [before, after] = [buildSnapshot(pair.before), buildSnapshot(pair.after)];
  if (hasChance(before) || hasChance(after)) return null;
  const plan = comparePlans(before, after, { nowMs, symbols, longest, down: isDown ? ['g0'] : [] });
  if (plan.limits.length > 0) return null;
  return { told: toldIn(plan), real: countSummary(plan, before, after, numbers) };
}

function toldIn(plan: Plan): Counted {
  const { customers, prefixes, kinds, gateways, margins, losses, suppositions } = summarise(plan);
  const amounts = losses.map(loss => ({
    ...loss,
    customers: [...loss.customers].sort(),
    marginPercent: null,
  }));
  return { customers, prefixes, kinds, gateways, margins, losses: amounts, suppositions };
}

test('a summary counts what becomes of every number, and nothing else', () => {
  const wrong: string[] = [];
  let compared = 0;
  const pairs = fc.sample(fc.tuple(pairsOfNetworks, fc.boolean()), { numRuns: count, seed });
  for (const [index, [pair, isDown]] of pairs.entries()) {
    if (only !== null && only !== index) continue;
    const isWhole = index % withAllRules === 0;
    const summaries = summariesOf(isWhole ? pair : withFewer(pair), isDown);
    if (summaries === null) continue;
    compared++;
    for (const [name, told] of Object.entries(summaries.told)) {
      const real = summaries.real[name as keyof Counted];
      const [saidText, realText] = [JSON.stringify(told), JSON.stringify(real)];
      if (saidText !== realText)
        wrong.push(`pair ${index} of seed ${seed}: ${name} are told as ${saidText} and are ${realText}`);
    }
  }
  assert.equal(wrong, []);
  if (only === null) assert.ok(compared > count / 2, `only ${compared} pairs could be compared`);
});

test.run();
