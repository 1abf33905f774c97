/** The currencies that prices of vendors are in, as codes and as signs. */

const codes = new Set(
  (
    'USD EUR GBP CHF JPY CNY HKD SGD AUD NZD CAD MXN BRL ARS CLP COP PEN INR PKR BDT LKR NPR IDR MYR THB VND PHP KRW ' +
    'TWD AED SAR QAR KWD BHD OMR ILS TRY RUB UAH KZT PLN CZK HUF RON BGN SEK NOK DKK ISK ZAR NGN KES GHS EGP MAD TND ' +
    'XAF XOF XDR'
  ).split(' '),
);

/** A sign may stand for several currencies; it contradicts all others. */
const signs: Readonly<Record<string, readonly string[]>> = {
  $: ['USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'TWD', 'MXN', 'ARS', 'CLP', 'COP'],
  US$: ['USD'],
  '€': ['EUR'],
  '£': ['GBP', 'EGP'],
  '¥': ['JPY', 'CNY'],
  '₹': ['INR'],
  '₽': ['RUB'],
  '₺': ['TRY'],
  '₴': ['UAH'],
  '₪': ['ILS'],
  '₩': ['KRW'],
};

export function isCurrencyCode(text: string): boolean {
  return codes.has(text.toUpperCase());
}

/** The currencies that a code or sign can mean; null when it is neither. */
export function currenciesOf(text: string): readonly string[] | null {
  const upper = text.toUpperCase();
  if (codes.has(upper)) return [upper];
  return Object.hasOwn(signs, upper) ? signs[upper]! : null;
}

const marked = /^(US\$|[A-Za-z]{3}|[$€£¥₹₽₺₴₪₩])?\s*(.*?)\s*(US\$|[A-Za-z]{3}|[$€£¥₹₽₺₴₪₩])?$/s;

/** Takes a currency from before or behind an amount; `mark` is empty when there is none. */
export function withoutCurrency(text: string): { readonly amount: string; readonly mark: string } {
  const match = marked.exec(text);
  const mark = match?.[1] ?? match?.[3] ?? '';
  if (match === null || mark === '' || currenciesOf(mark) === null) return { amount: text, mark: '' };
  // A mark on both sides is no amount; it stays, and is refused with the rest of the text.
  if (match[1] !== undefined && match[3] !== undefined) return { amount: text, mark: '' };
  return { amount: match[2]!, mark };
}
