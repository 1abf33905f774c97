/** Amounts as vendors write them → exact integers of 10⁻¹⁰ currency units. */
import { parseRate } from '../rating/decimal.ts';
import { rateDecimals } from '../rating/money.ts';

export type Decimal = 'comma' | 'point';

const forms: Readonly<Record<Decimal, RegExp>> = {
  point: /^-?(?:\d+|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?:[ '’]\d{3})+)?(?:\.\d+)?$/,
  comma: /^-?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?:[ '’]\d{3})+)?(?:,\d+)?$/,
};

/** Finds out, over all amounts of a file, whether its decimals follow a point or a comma. */
export class DecimalSurvey {
  readonly #seen = new Set<string>();
  /** Of the first amount that only this reading makes sense of. */
  readonly #onlyLine: Record<Decimal, { line: number; text: string } | null> = { comma: null, point: null };
  #either: { line: number; text: string } | null = null;

  /** `amount` without currency. */
  see(amount: string, line: number): void {
    if (/^\d*$/.test(amount) || this.#seen.has(amount)) return;
    if (this.#seen.size < 200_000) this.#seen.add(amount);
    const point = isAmount(amount, 'point');
    const comma = isAmount(amount, 'comma');
    if (point && comma) {
      if (/[.,]/.test(amount)) this.#either ??= { line, text: amount };
      return;
    }
    if (point) this.#onlyLine.point ??= { line, text: amount };
    if (comma) this.#onlyLine.comma ??= { line, text: amount };
  }

  /** What is between whole and fraction, or why that cannot be said. */
  verdict(): Decimal | { readonly problem: string } {
    const { point, comma } = this.#onlyLine;
    const say = 'say --decimal point or --decimal comma';
    if (point !== null && comma !== null) {
      return {
        problem: `decimals follow a point in line ${point.line} ("${point.text}") and a comma in line ${comma.line} ("${comma.text}"); ${say}`,
      };
    }
    if (comma !== null) return 'comma';
    if (point !== null || this.#either === null) return 'point';
    const { line, text } = this.#either;
    return {
      problem: `"${text}" in line ${line} may be ${text.replace(/[.,]/g, '')} or ${text.replace(',', '.')}, and no other price of the file tells which; ${say}`,
    };
  }
}

function isAmount(text: string, decimal: Decimal): boolean {
  return /\d/.test(text) && forms[decimal].test(text);
}

/** An amount with a decimal point and no thousands separators, or null when it is none. May be negative. */
export function plainAmount(text: string, decimal: Decimal): string | null {
  if (!isAmount(text, decimal)) return null;
  const plain =
    decimal === 'point' ? text.replace(/[, '’]/g, '') : text.replace(/[. '’]/g, '').replace(',', '.');
  return plain.replace(/^(-?)\./, '$10.');
}

/** An exact non-negative decimal: `digits` × 10^-`decimals`. */
export interface Exact {
  readonly digits: bigint;
  readonly decimals: number;
}

/** Plain decimal text without a sign, or null. */
export function exact(text: string): Exact | null {
  const match = /^(\d{1,40})(?:\.(\d{1,60}))?$/.exec(text);
  if (match === null) return null;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  return { digits: BigInt(match[1]! + fraction), decimals: fraction.length };
}

/** What is done with every price before it is stored. */
export interface Conversion {
  /** null leaves the currency alone. */
  readonly exchangeRate: Exact | null;
  /** The stored price is the one of the file times `times` / `per`. */
  readonly times: number;
  readonly per: number;
  /** null refuses what has more than 10 decimals, unless a currency is exchanged. */
  readonly roundTo: number | null;
}

export type Converted = { readonly rate: number; readonly rounded: boolean } | { readonly problem: string };

/** Plain decimal text without a sign → 10⁻¹⁰ currency units. */
export function convert(text: string, conversion: Conversion): Converted {
  const { exchangeRate, times, per, roundTo } = conversion;
  if (exchangeRate === null && times === per && roundTo === null) {
    const rate = parseRate(text);
    if (rate !== null) return { rate, rounded: false };
  }
  const amount = exact(text);
  if (amount === null) return { problem: `${text} is not a price` };
  const factor = exchangeRate ?? { digits: 1n, decimals: 0 };
  const numerator = amount.digits * factor.digits * BigInt(times) * 10n ** BigInt(rateDecimals);
  const denominator = 10n ** BigInt(amount.decimals + factor.decimals) * BigInt(per);
  const decimals = roundTo ?? rateDecimals;
  const step = 10n ** BigInt(rateDecimals - decimals);
  const divisor = denominator * step;
  const isExact = numerator % divisor === 0n;
  if (!isExact && roundTo === null && exchangeRate === null) {
    return { problem: `${text} cannot be kept exactly with 10 decimals; say --round 10 to round it half up` };
  }
  const rate = ((2n * numerator + divisor) / (2n * divisor)) * step;
  if (rate > BigInt(Number.MAX_SAFE_INTEGER)) return { problem: `${text} is more than any price can be` };
  return { rate: Number(rate), rounded: !isExact };
}
