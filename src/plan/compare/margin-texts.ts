/** What is left of a charge, as text, for very many of them. */
import { marginPercent } from '../../explain/prices.ts';
import { type Money, money, moneyDecimals, moneyText } from '../../rating/money.ts';

export interface MarginTexts {
  readonly margin: string;
  readonly marginPercent: string | null;
}

const unitsPerCurrencyUnit = 10 ** moneyDecimals;
/** Twice ten thousand times as much is still a safe integer. */
const mostUnits = 400_000_000_000n;

/** As `moneyText` and `marginPercent` have it. */
export function marginTexts(charge: Money, cost: Money): MarginTexts {
  const isSmall = charge >= 0n && charge < mostUnits && cost >= 0n && cost < mostUnits;
  if (isSmall) return textsOfSmall(Number(charge), Number(cost));
  const margin = money(charge - cost);
  return { margin: moneyText(margin), marginPercent: marginPercent(margin, charge) };
}

function textsOfSmall(charge: number, cost: number): MarginTexts {
  const absolute = Math.abs(charge - cost);
  const sign = charge < cost ? '-' : '';
  const margin = `${sign}${decimals(absolute, unitsPerCurrencyUnit, moneyDecimals)}`;
  if (charge === 0) return { margin, marginPercent: null };
  const hundredths = wholeQuotient(20_000 * absolute + charge, 2 * charge);
  return { margin, marginPercent: `${hundredths === 0 ? '' : sign}${decimals(hundredths, 100, 2)}` };
}

/** With two decimals at least, and without zeros behind them. */
function decimals(units: number, scale: number, digits: number): string {
  const whole = Math.floor(units / scale);
  const text = String(units - whole * scale).padStart(digits, '0');
  let end = digits;
  while (end > 2 && text[end - 1] === '0') end--;
  return `${whole}.${text.slice(0, end)}`;
}

/** Doubles round a quotient, which may lift it to the next whole number. */
function wholeQuotient(dividend: number, divisor: number): number {
  const quotient = Math.floor(dividend / divisor);
  return quotient * divisor > dividend ? quotient - 1 : quotient;
}
