/** What becomes of a call as text that is equal exactly when it is the same for callers, customers and vendors. */
import type { Price } from '../../call/prices.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { exampleCharge, marginPercent } from '../../explain/prices.ts';
import { formatRate } from '../../rating/decimal.ts';
import { money, moneyText } from '../../rating/money.ts';
import { formatStages } from '../../rating/stages.ts';
import type { Outcome, PlannedAttempt, PlannedRate } from '../plan.ts';
import type { CarriedAttempt, ServedCall, ServedCalls } from './side-calls.ts';

/** Equal for equal outcomes, on whatever side; without what people read alone. */
export function keyOfCalls({ calls }: ServedCalls): string {
  if (calls.length === 1) return keyOfCall(calls[0]!);
  return [...new Set(calls.map(keyOfCall))].sort().join('\n');
}

function keyOfCall({ refusal, price, attempts }: ServedCall): string {
  let key = `${refusal ?? ''}|${keyOfPrice(price)}`;
  for (const attempt of attempts) key += keyOfAttempt(attempt);
  return key;
}

function keyOfAttempt(attempt: CarriedAttempt): string {
  const { gateway, vendor, protect, rank, price, priceMissing, callee, choices, caller, forwarding } = attempt;
  const sent = `${callee.drop}${callee.whole ? '!' : '+'}${callee.put}`;
  const chance = choices.length === 0 ? '' : `?${choices.join()}`;
  const paid = priceMissing ? 'none' : keyOfPrice(price);
  return `|${gateway.name} ${vendor.name}${protect ? ' p' : ' '}${rank} ${paid} ${sent}${chance} ${caller} ${forwarding ?? '-'}`;
}

function keyOfPrice(price: Price | null): string {
  if (price === null) return '';
  const { table, row, rate } = price;
  const stages = rate.stages.length === 0 ? '' : formatStages(rate.stages);
  return `${table.rate[row]!}/${rate.unitSeconds}/${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}/${table.connectFee[row]!}/${rate.freeSeconds}/${stages}`;
}

/** Each once, in a stable order. */
export function outcomesOf(snapshot: Snapshot, { calls }: ServedCalls): Outcome[] {
  const byKey = new Map<string, ServedCall[]>();
  for (const call of calls) {
    const key = keyOfCall(call);
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [call]);
    else known.push(call);
  }
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, same]) => outcomeOf(snapshot, same[0]!, same));
}

function outcomeOf(snapshot: Snapshot, call: ServedCall, same: readonly ServedCall[]): Outcome {
  const chances = [...new Set(same.map(({ chance }) => chance))].filter(chance => chance !== null);
  return {
    refusal: call.refusal,
    rate: plannedRate(call.price),
    attempts: call.attempts.map(attempt => plannedAttempt(snapshot, call.price, attempt)),
    chance: chances.length === 0 ? null : chances.sort().join('; '),
  };
}

function plannedAttempt(snapshot: Snapshot, paid: Price | null, attempt: CarriedAttempt): PlannedAttempt {
  const { gateway, vendor, protect, rank, price, priceMissing, callee, choices, caller, forwarding } = attempt;
  const charge = exampleCharge(snapshot, paid);
  const margin = money(charge - exampleCharge(snapshot, price));
  return {
    gateway: gateway.name,
    account: vendor.name,
    protect,
    rank,
    rate: plannedRate(price),
    rateMissing: priceMissing,
    sent: { callee: { ...callee, choices }, caller, forwarding },
    margin: priceMissing ? null : moneyText(margin),
    marginPercent: priceMissing ? null : marginPercent(margin, charge),
  };
}

function plannedRate(price: Price | null): PlannedRate | null {
  if (price === null) return null;
  const { rate } = price;
  return {
    rate: formatRate(rate.ratePerUnit),
    unitSeconds: rate.unitSeconds,
    increments: `${rate.firstIncrementSeconds}/${rate.nextIncrementSeconds}`,
    connectFee: formatRate(rate.connectFee),
    freeSeconds: rate.freeSeconds,
    stages: formatStages(rate.stages),
  };
}
