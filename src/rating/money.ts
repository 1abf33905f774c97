/**
 * Money is an integer. One unit is 10⁻⁸ of the switch's currency, held in a bigint, so that no sum of any
 * number of calls is ever wrong by a rounding (SERVER_BILLING_FEE_PRECISION allows at most 8 decimals).
 */
declare const moneyBrand: unique symbol;

export type Money = bigint & { readonly [moneyBrand]: true };

export const moneyDecimals = 8;
export const moneyPerCurrencyUnit = 10n ** BigInt(moneyDecimals);

/** Rates are finer than money: 10⁻¹⁰ of the currency, kept as safe integers in the rate tables. */
export const rateDecimals = 10;

export function money(units: bigint): Money {
  return units as Money;
}

export const noMoney: Money = money(0n);

/** Decimal text with exactly `decimals` digits behind the point; the sign stands first. */
export function formatMoney(amount: Money, decimals: number = moneyDecimals): string {
  const scale = 10n ** BigInt(moneyDecimals - decimals);
  const negative = amount < 0n;
  const absolute = negative ? -amount : amount;
  const rounded = (absolute + scale / 2n) / scale;
  const text = rounded.toString().padStart(decimals + 1, '0');
  const whole = text.slice(0, text.length - decimals);
  const fraction = decimals === 0 ? '' : `.${text.slice(text.length - decimals)}`;
  return `${negative && rounded !== 0n ? '-' : ''}${whole}${fraction}`;
}

/** Exact, without zeros that say nothing, and with two decimals at least. */
export function moneyText(amount: Money): string {
  return formatMoney(amount).replace(/0{1,6}$/, '');
}

/**
 * Reads decimal text (`12`, `-0.5`, `100.00`) exactly.
 * Returns null when it is no plain decimal, has more than 8 decimals or more than 12 digits before the point.
 */
export function parseMoney(text: string): Money | null {
  const match = /^(-?)(\d{1,12})(?:\.(\d{1,8}))?$/.exec(text);
  if (match === null) return null;
  const [, sign, whole, fraction = ''] = match;
  const units = BigInt(whole!) * moneyPerCurrencyUnit + BigInt(fraction.padEnd(moneyDecimals, '0'));
  return money(sign === '-' ? -units : units);
}
