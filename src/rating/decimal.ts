import { rateDecimals } from './money.ts';

const point = 0x2e;
const zero = 0x30;
const rateScale: readonly number[] = Array.from({ length: rateDecimals + 1 }, (_, i) => 10 ** i);

/**
 * Reads a price from plain decimal text (`0.0125`, `12`) exactly, as an integer number of 10⁻¹⁰ currency units.
 * Returns null for anything else: a sign, an exponent, a missing digit beside the point, more than 10 decimals,
 * or more than 900,719.9254740991, the largest price a rate table holds.
 */
export function parseRate(text: string): number | null {
  let digits = 0;
  let pointAt = -1;
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const character = text.charCodeAt(i);
    if (character === point) {
      if (pointAt >= 0 || i === 0 || i === length - 1) return null;
      pointAt = i;
      continue;
    }
    const digit = character - zero;
    if (digit < 0 || digit > 9) return null;
    digits = digits * 10 + digit;
    if (digits > Number.MAX_SAFE_INTEGER) return null;
  }
  if (length === 0) return null;
  const decimals = pointAt < 0 ? 0 : length - 1 - pointAt;
  if (decimals > rateDecimals) return null;
  const rate = digits * rateScale[rateDecimals - decimals]!;
  return rate > Number.MAX_SAFE_INTEGER ? null : rate;
}

/** The shortest decimal text of a number of 10⁻¹⁰ currency units: `0.0125`, `12`. Not negative. */
export function formatRate(rate: number | bigint): string {
  const text = BigInt(rate)
    .toString()
    .padStart(rateDecimals + 1, '0');
  const whole = text.slice(0, text.length - rateDecimals);
  const fraction = text.slice(text.length - rateDecimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
