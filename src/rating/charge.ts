import { type Money, money, moneyDecimals, noMoney, rateDecimals } from './money.ts';
import type { Rate } from './rate-table.ts';

export interface Charge {
  readonly billedSeconds: number;
  /** Not negative. */
  readonly amount: Money;
}

/**
 * Talk time in whole seconds. A fraction of a second of at least `holdTimePrecisionMs` (0–999) counts as a
 * second, a smaller one as nothing (SERVER_BILLING_HOLD_TIME_PRECISION). `durationMs` is not negative.
 */
export function talkSeconds(durationMs: number, holdTimePrecisionMs: number): number {
  if (!(durationMs >= 0)) throw new RangeError(`talk time cannot be ${durationMs} ms`);
  const whole = Math.floor(durationMs / 1000);
  const fractionMs = durationMs - whole * 1000;
  return fractionMs > 0 && fractionMs >= holdTimePrecisionMs ? whole + 1 : whole;
}

/**
 * The seconds that are paid for: the first increment, then whole next increments. A call without talk time is
 * not billed at all, as VOS3000 bills only calls whose hold time is above zero.
 */
export function billedSeconds(rate: Rate, talkSeconds: number): number {
  if (talkSeconds <= 0) return 0;
  const first = rate.firstIncrementSeconds;
  if (talkSeconds <= first) return first;
  const next = rate.nextIncrementSeconds;
  return first + Math.ceil((talkSeconds - first) / next) * next;
}

/**
 * Charge = connect fee + rate ÷ unit × billed seconds, computed exactly and rounded half up once, to
 * `feePrecision` decimals (0–8, SERVER_BILLING_FEE_PRECISION). Without talk time there is no charge and no
 * connect fee.
 */
export function chargeFor(rate: Rate, talkSeconds: number, feePrecision: number): Charge {
  const step = feeStep(feePrecision);
  const billed = billedSeconds(rate, talkSeconds);
  if (billed === 0) return { billedSeconds: 0, amount: noMoney };
  const { numerator, denominator } = exactFee(rate, BigInt(billed), feePrecision);
  const steps = (2n * numerator + denominator) / (2n * denominator);
  return { billedSeconds: billed, amount: money(steps * step) };
}

/** The smallest charge above zero, in money units. */
export function feeStep(feePrecision: number): bigint {
  if (!(Number.isInteger(feePrecision) && feePrecision >= 0 && feePrecision <= moneyDecimals)) {
    throw new RangeError(`no fee precision: ${feePrecision}`);
  }
  return 10n ** BigInt(moneyDecimals - feePrecision);
}

/** The unrounded fee as a fraction, in steps of 10^-feePrecision of the currency. */
export function exactFee(
  rate: Rate,
  billedSeconds: bigint,
  feePrecision: number,
): { readonly numerator: bigint; readonly denominator: bigint } {
  const unit = BigInt(rate.unitSeconds);
  return {
    numerator: rate.connectFee * unit + rate.ratePerUnit * billedSeconds,
    denominator: unit * 10n ** BigInt(rateDecimals - feePrecision),
  };
}
