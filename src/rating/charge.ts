import { type Money, money, moneyDecimals, noMoney, rateDecimals } from './money.ts';
import type { Rate } from './rate-table.ts';

/** Powers of ten: raising it anew for each charge would take as long as the rest of the charge. */
const powersOfTen: readonly bigint[] = Array.from(
  { length: rateDecimals + 1 },
  (_, power) => 10n ** BigInt(power),
);

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
 * The seconds that are paid for. The free seconds at the beginning are not. Each stage that the talk reaches into
 * counts whole; behind the last one the first increment counts, then whole next increments. Without a second
 * that is paid for nothing is billed at all, as VOS3000 bills only calls whose hold time is above zero.
 */
export function billedSeconds(rate: Rate, talkSeconds: number): number {
  return billedTalk(rate, talkSeconds).seconds;
}

/**
 * Charge = connect fee + the fees of the stages reached, in their order + rate ÷ unit × seconds billed behind
 * them, computed exactly and rounded half up once, to `feePrecision` decimals (0–8,
 * SERVER_BILLING_FEE_PRECISION). Without a second that is paid for there is no charge and no connect fee.
 */
export function chargeFor(rate: Rate, talkSeconds: number, feePrecision: number): Charge {
  const step = feeStep(feePrecision);
  const billed = billedTalk(rate, talkSeconds);
  if (billed.seconds === 0) return { billedSeconds: 0, amount: noMoney };
  const { numerator, denominator } = exactFee(
    rate,
    billed.stageFees,
    BigInt(billed.ordinarySeconds),
    feePrecision,
  );
  const steps = (2n * numerator + denominator) / (2n * denominator);
  return { billedSeconds: billed.seconds, amount: money(steps * step) };
}

interface BilledTalk {
  /** Those of the stages and the ordinary ones. */
  readonly seconds: number;
  /** Behind the stages, at the ordinary rate. */
  readonly ordinarySeconds: number;
  /** The fees of the stages reached, in 10⁻¹⁰ currency units. */
  readonly stageFees: bigint;
}

function billedTalk(rate: Rate, talkSeconds: number): BilledTalk {
  let left = talkSeconds - rate.freeSeconds;
  let staged = 0;
  let stageFees = 0n;
  for (const stage of rate.stages) {
    if (left <= 0) break;
    left -= stage.seconds;
    staged += stage.seconds;
    stageFees += stage.fee;
  }
  const ordinarySeconds = wholeIncrements(rate, left);
  return { seconds: staged + ordinarySeconds, ordinarySeconds, stageFees };
}

function wholeIncrements(rate: Rate, seconds: number): number {
  if (seconds <= 0) return 0;
  const first = rate.firstIncrementSeconds;
  if (seconds <= first) return first;
  const next = rate.nextIncrementSeconds;
  return first + Math.ceil((seconds - first) / next) * next;
}

/** The smallest charge above zero, in money units. */
export function feeStep(feePrecision: number): bigint {
  if (!(Number.isInteger(feePrecision) && feePrecision >= 0 && feePrecision <= moneyDecimals)) {
    throw new RangeError(`no fee precision: ${feePrecision}`);
  }
  return powersOfTen[moneyDecimals - feePrecision]!;
}

/** The unrounded fee, with the connect fee, as a fraction in steps of 10^-feePrecision of the currency. */
export function exactFee(
  rate: Rate,
  stageFees: bigint,
  ordinarySeconds: bigint,
  feePrecision: number,
): { readonly numerator: bigint; readonly denominator: bigint } {
  const unit = BigInt(rate.unitSeconds);
  return {
    numerator: (rate.connectFee + stageFees) * unit + rate.ratePerUnit * ordinarySeconds,
    denominator: unit * powersOfTen[rateDecimals - feePrecision]!,
  };
}
