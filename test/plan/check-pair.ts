/** Holds a plan against brute force over all numbers. */
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { callersOf } from '../../src/plan/compare/callers.ts';
import { comparePlans } from '../../src/plan/compare-plans.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { differencesOf, numbersOf, Side, toldOutcomes } from './brute-force.ts';
import { nowMs, type Pair, symbols } from './networks.ts';

const longest = 4;
const all = [...numbersOf(symbols, longest)];
const few = all.filter(({ length }) => length < longest);

/** Throws where the plan says too much or too little. */
export function checkPair(pair: Pair, isDown: boolean): void {
  const { before, after } = snapshotsOf(pair);
  const options = { nowMs, symbols, longest, down: isDown ? ['g0'] : [], mostCallers: 6 };
  const plan = comparePlans(before, after, options);
  assert.equal(
    plan.limits.filter(({ kind }) => kind === 'times' || kind === 'numbers'),
    [],
  );
  for (const [customer, group] of plan.customers.entries())
    checkCustomer(before, after, plan, customer, group.gateways);
}

function snapshotsOf({ before, after }: Pair): { before: Snapshot; after: Snapshot } {
  return { before: buildSnapshot(before), after: buildSnapshot(after) };
}

function checkCustomer(
  before: Snapshot,
  after: Snapshot,
  plan: Plan,
  customer: number,
  gateways: readonly string[],
): void {
  for (const gateway of gateways) {
    for (const [time, { at }] of plan.times.entries()) {
      const atMs = Date.parse(at);
      const sides = [before, after].map(snapshot => ({
        snapshot,
        gateway: snapshot.mappingGateways.find(({ name }) => name === gateway)!,
      }));
      const callers = callersOf(sides, atMs, 6).classes.slice(0, 2);
      for (const [supposition, { down }] of plan.suppositions.entries()) {
        for (const { caller: example, forwarding } of callers) {
          const caller = { example, forwarding };
          const old = new Side(before, { gateway, atMs, down, caller });
          const now = new Side(after, { gateway, atMs, down, caller });
          for (const callee of old.isRandom || now.isRandom ? few : all) {
            const found = differencesOf(plan, { customer, time, supposition, caller }, callee);
            if (found.length > 1) throw new Error(`two differences for ${callee}`);
            const [difference] = found;
            const told =
              difference === undefined
                ? null
                : [toldOutcomes(difference.before, callee), toldOutcomes(difference.after, callee)];
            const real = [old.outcomes(callee), now.outcomes(callee)];
            if (told === null) {
              if (JSON.stringify(real[0]) !== JSON.stringify(real[1])) {
                throw new Error(
                  `missing ${gateway} ${callee} at ${at} ${down} caller ${example}/${forwarding}:\n${real[0]}\n=> ${real[1]}`,
                );
              }
            } else if (JSON.stringify(told) !== JSON.stringify(real)) {
              throw new Error(
                `wrong ${gateway} ${callee} at ${at} ${down}:\ntold ${told.join('\n => ')}\nreal ${real.join('\n => ')}`,
              );
            }
          }
        }
      }
    }
  }
}
