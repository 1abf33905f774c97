/** What only a whole file can tell: decimal comma or point, the order of its dates, its currencies. */
import { DecimalSurvey } from './amounts.ts';
import { currenciesOf, withoutCurrency } from './currencies.ts';
import { DateSurvey } from './dates.ts';
import type { Layout } from './layout.ts';
import type { DateOrder, ImportOptions } from './options.ts';
import { type Problems, quoted } from './problems.ts';
import { type Progress, Records } from './records.ts';

export interface Survey {
  readonly decimal: 'comma' | 'point';
  readonly dateOrder: DateOrder;
  /** Codes and signs with the line where each stands first. */
  readonly currencyMarks: ReadonlyMap<string, number>;
}

/** null, with problems, when something has two meanings and no option decides. */
export function survey(
  text: string,
  layout: Layout,
  options: ImportOptions,
  problems: Problems,
  progress: Progress,
): Survey | null {
  const decimals = new DecimalSurvey();
  const dates = new DateSurvey();
  const marks = new Map<string, number>(
    layout.currencies.map(mark => [mark.toUpperCase(), layout.headerLine ?? 1]),
  );
  const records = new Records(text, layout, progress);
  while (records.next()) {
    if (records.malformed !== null || records.isNote) continue;
    const { line } = records;
    for (const column of ['rate', 'connectFee'] as const) {
      const { amount, mark } = withoutCurrency(records.field(column));
      decimals.see(amount, line);
      if (mark !== '' && !marks.has(mark.toUpperCase())) marks.set(mark.toUpperCase(), line);
    }
    dates.see(records.field('effectiveFrom'));
    dates.see(records.field('effectiveUntil'));
    const currency = records.field('currency').toUpperCase();
    if (currency !== '' && !marks.has(currency)) marks.set(currency, line);
  }
  const decimal = options.decimal ?? decimals.verdict();
  const dateOrder = options.dateOrder ?? dates.verdict();
  if (typeof decimal === 'object') problems.refuse(decimal.problem);
  if (typeof dateOrder === 'object') problems.refuse(dateOrder.problem);
  if (typeof decimal === 'object' || typeof dateOrder === 'object') return null;
  return { decimal, dateOrder, currencyMarks: marks };
}

/** ISO 4217 code of the file's prices, null when it does not say; `refused` with a problem. */
export function settleCurrency(
  marks: ReadonlyMap<string, number>,
  layout: Layout,
  options: ImportOptions,
  switchCurrency: string,
  problems: Problems,
): { readonly currency: string | null } | null {
  let possible: readonly string[] | null = null;
  for (const [mark, line] of marks) {
    const meant = currenciesOf(mark) ?? (/^[A-Z]{3}$/.test(mark) ? [mark] : []);
    const before: readonly string[] = possible ?? meant;
    possible = before.filter(code => meant.includes(code));
    if (possible.length > 0) continue;
    const others = [...marks.keys()].filter(other => other !== mark).map(quoted);
    const against = others.length === 0 ? 'is no currency' : `contradicts ${others.join(', ')}`;
    return problems.refuse(
      `the currency ${quoted(mark)} in line ${line} ${against}; a file must be in one currency`,
    );
  }
  const currency = chooseCurrency(possible, options, switchCurrency);
  if (options.currency !== null && possible !== null && !possible.includes(options.currency)) {
    const where = [...marks].map(([mark, line]) => `${quoted(mark)} in line ${line}`).join(', ');
    return problems.refuse(`--currency ${options.currency} contradicts the file: ${where}`);
  }
  return mayBeStored(currency, layout, options, switchCurrency, problems) ? { currency } : null;
}

function chooseCurrency(
  possible: readonly string[] | null,
  options: ImportOptions,
  switchCurrency: string,
): string | null {
  if (options.currency !== null || possible === null) return options.currency;
  return possible.includes(switchCurrency) ? switchCurrency : possible[0]!;
}

function mayBeStored(
  currency: string | null,
  layout: Layout,
  options: ImportOptions,
  switchCurrency: string,
  problems: Problems,
): boolean {
  const exchanged = options.exchangeRate !== null;
  if (layout.hundredths && !exchanged) {
    problems.refuse(
      'the header says that prices are in hundredths (cents); say --exchange-rate 0.01, or multiply it with the rate of exchange',
    );
    return false;
  }
  if (exchanged) {
    if (currency === null) {
      problems.refuse('the file does not say its currency; with --exchange-rate, say --currency, too');
      return false;
    }
    if (currency === switchCurrency && !layout.hundredths) {
      problems.refuse(`the file is in ${currency} already, as the switch is; --exchange-rate is not needed`);
      return false;
    }
    problems.notice(
      `prices were multiplied by ${options.exchangeRate} from ${currency} to ${switchCurrency}`,
    );
    return true;
  }
  if (currency !== null && currency !== switchCurrency) {
    problems.refuse(
      `the file is in ${currency} and the switch counts in ${switchCurrency}; say --exchange-rate with the ${switchCurrency} for one ${currency}, or ask the vendor for ${switchCurrency}`,
    );
    return false;
  }
  if (currency === null) {
    problems.notice(
      `the file does not say its currency; its prices are taken as ${switchCurrency}, the switch's`,
    );
  }
  return true;
}
