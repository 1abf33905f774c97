/** What every story about answered calls must leave behind in the books, computed here a second time from the decks. */
import * as assert from 'uvu/assert';
import type { CdrReport } from '../../../src/live/operations.ts';
import { moneyUnits } from './class4.ts';
import { rates, type VendorName, vendorNames } from './network.ts';
import type { World } from './world.ts';

/** The default SERVER_BILLING_FEE_PRECISION of 6 decimals, in money units of 10⁻⁸. */
const feeStep = 100n;

function fee(ratePerMinute: string, billedSeconds: number): bigint {
  const numerator = moneyUnits(ratePerMinute) * BigInt(billedSeconds);
  const denominator = 60n * feeStep;
  return ((2n * numerator + denominator) / (2n * denominator)) * feeStep;
}

function expectedCharge(cdr: CdrReport): bigint {
  return cdr.answeredAt === null ? 0n : fee(rates.blue, Math.ceil(cdr.talkSeconds / 60) * 60);
}

function expectedCost(cdr: CdrReport): bigint {
  if (cdr.answeredAt === null) return 0n;
  return fee(rates[cdr.routingGateway as VendorName], cdr.talkSeconds);
}

/** Each record's charge, cost and profit are exact, and each account's balance is the sum of its records. */
export async function assertBooksBalance(world: World, cdrs: readonly CdrReport[]): Promise<void> {
  const owed = new Map<string, bigint>();
  for (const cdr of cdrs) {
    const charge = expectedCharge(cdr);
    const cost = expectedCost(cdr);
    assert.is(moneyUnits(cdr.customerCharge?.amount ?? '0'), charge, `charge of ${cdr.callId}`);
    assert.is(moneyUnits(cdr.vendorCharge?.amount ?? '0'), cost, `cost of ${cdr.callId}`);
    assert.is(moneyUnits(cdr.profit), charge - cost, `profit of ${cdr.callId}`);
    add(owed, cdr.customerAccount, charge);
    add(owed, cdr.vendorAccount, cost);
  }
  for (const account of ['blue', 'green', ...vendorNames]) {
    assert.is(await world.switch.balance(account), -(owed.get(account) ?? 0n), `balance of ${account}`);
  }
}

function add(sums: Map<string, bigint>, account: string | null, amount: bigint): void {
  if (account !== null) sums.set(account, (sums.get(account) ?? 0n) + amount);
}
