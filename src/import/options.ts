/** What the command line decides about an import; null everywhere means that the file has to say it itself. */

/** The values that a vendor's file can have in columns of its own. */
export const sourceColumns = [
  'prefix',
  'country',
  'area',
  'rate',
  'connectFee',
  'increments',
  'firstIncrement',
  'nextIncrement',
  'effectiveFrom',
  'effectiveUntil',
  'status',
  'currency',
  'destination',
] as const;

export type SourceColumn = (typeof sourceColumns)[number];

/** The option that names a column when its header does not. */
export const columnOptions: Readonly<Record<SourceColumn, string>> = {
  prefix: 'prefix-column',
  country: 'country-column',
  area: 'area-column',
  rate: 'rate-column',
  connectFee: 'connect-fee-column',
  increments: 'increments-column',
  firstIncrement: 'first-increment-column',
  nextIncrement: 'next-increment-column',
  effectiveFrom: 'from-column',
  effectiveUntil: 'until-column',
  status: 'status-column',
  currency: 'currency-column',
  destination: 'destination-column',
};

export type DateOrder = 'ymd' | 'dmy' | 'mdy';

export type DuplicatePolicy = 'first' | 'last' | 'highest' | 'lowest';

export interface ImportOptions {
  /** One character. */
  readonly delimiter: string | null;
  readonly header: boolean;
  /** Header or position, from 1, by what the column holds. */
  readonly columns: Readonly<Partial<Record<SourceColumn, string>>>;
  /** Headers of columns that are not read. */
  readonly ignoredColumns: readonly string[];
  readonly decimal: 'comma' | 'point' | null;
  readonly dateOrder: DateOrder | null;
  /** What a time without a zone is ahead of UTC. */
  readonly zoneMinutes: number | null;
  /** An end date names the last day on which the price counts, not the first on which it does not. */
  readonly untilIsLastDay: boolean;
  /** Seconds that a price is for. */
  readonly unitSeconds: number | null;
  /** `first/next` in seconds for rows without increments. */
  readonly increments: string | null;
  readonly hyphen: 'join' | 'range' | null;
  readonly duplicates: DuplicatePolicy | null;
  /** A price ends where a newer one of the same prefix begins. */
  readonly endEarlier: boolean;
  readonly withdrawn: 'drop' | 'lock' | null;
  readonly allowZero: boolean;
  /** The highest price that is believed, per minute, in 10⁻¹⁰ currency units of the file. */
  readonly maxRate: number;
  /** ISO 4217. */
  readonly currency: string | null;
  /** Units of the switch's currency for one of the file's, plain decimal text. */
  readonly exchangeRate: string | null;
  /** Decimals to which prices are rounded, half up. */
  readonly roundTo: number | null;
  readonly skipBadRows: boolean;
}

export const usualOptions: ImportOptions = {
  delimiter: null,
  header: true,
  columns: {},
  ignoredColumns: [],
  decimal: null,
  dateOrder: null,
  zoneMinutes: null,
  untilIsLastDay: false,
  unitSeconds: null,
  increments: null,
  hyphen: null,
  duplicates: null,
  endEarlier: false,
  withdrawn: null,
  allowZero: false,
  maxRate: 100 * 1e10,
  currency: null,
  exchangeRate: null,
  roundTo: null,
  skipBadRows: false,
};
