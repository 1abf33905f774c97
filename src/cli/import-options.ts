/** The options of `class4 import rates`, read and checked. */
import { exact } from '../import/amounts.ts';
import { zoneOffsetMinutes } from '../import/dates.ts';
import { readIncrements } from '../import/increments.ts';
import {
  columnOptions,
  type DateOrder,
  type ImportOptions,
  type SourceColumn,
  usualOptions,
} from '../import/options.ts';
import { parseRate } from '../rating/decimal.ts';
import { type Arguments, UsageError } from './arguments.ts';

const columnEntries = Object.entries(columnOptions) as [SourceColumn, string][];

/** For the parser of the command line. */
export const importOptionSpec: Readonly<Record<string, 'value' | 'flag'>> = {
  ...Object.fromEntries(columnEntries.map(([, option]) => [option, 'value' as const])),
  'ignore-columns': 'value',
  'no-header': 'flag',
  delimiter: 'value',
  decimal: 'value',
  'date-format': 'value',
  'time-zone': 'value',
  'last-day': 'flag',
  unit: 'value',
  increments: 'value',
  hyphen: 'value',
  duplicates: 'value',
  overlaps: 'value',
  withdrawn: 'value',
  'allow-zero': 'flag',
  'max-rate': 'value',
  currency: 'value',
  'exchange-rate': 'value',
  round: 'value',
  'skip-bad-rows': 'flag',
};

/** @throws UsageError */
export function importOptions(args: Arguments): ImportOptions {
  const columns: Partial<Record<SourceColumn, string>> = {};
  for (const [column, option] of columnEntries) {
    const wanted = args.value(option);
    if (wanted !== undefined) columns[column] = wanted;
  }
  const ignored = args.value('ignore-columns');
  return {
    columns,
    ignoredColumns: ignored === undefined ? [] : ignored.split(',').map(name => name.trim()),
    header: !args.flag('no-header'),
    delimiter: delimiterOf(args),
    decimal: oneOf(args, 'decimal', ['comma', 'point']),
    dateOrder: dateOrderOf(args),
    zoneMinutes: checked(args, 'time-zone', zoneOffsetMinutes, 'UTC or an offset such as +01:00'),
    untilIsLastDay: args.flag('last-day'),
    unitSeconds: unitOf(args),
    increments: checked(args, 'increments', incrementsText, 'first/next in seconds, such as 60/60'),
    hyphen: oneOf(args, 'hyphen', ['join', 'range']),
    duplicates: oneOf(args, 'duplicates', ['first', 'last', 'highest', 'lowest']),
    endEarlier: oneOf(args, 'overlaps', ['end-earlier']) !== null,
    withdrawn: oneOf(args, 'withdrawn', ['drop', 'lock']),
    allowZero: args.flag('allow-zero'),
    maxRate: checked(args, 'max-rate', parseRate, 'a plain decimal') ?? usualOptions.maxRate,
    currency: checked(args, 'currency', currencyText, 'three capital letters such as USD'),
    exchangeRate: checked(args, 'exchange-rate', exchangeText, 'a plain decimal above 0'),
    roundTo: args.wholeNumber('round', 0, 10) ?? null,
    skipBadRows: args.flag('skip-bad-rows'),
  };
}

/** 20 or 20 %. @throws UsageError */
export function jumpPercentOf(args: Arguments): number {
  const percent = (text: string): number | null =>
    /^\d{1,6}(?:\.\d+)?\s*%?$/.test(text) ? Number.parseFloat(text) : null;
  return checked(args, 'jump', percent, 'a percentage such as 20%') ?? 20;
}

function checked<T>(
  args: Arguments,
  option: string,
  read: (text: string) => T | null,
  expected: string,
): T | null {
  const text = args.value(option);
  if (text === undefined) return null;
  const value = read(text);
  if (value === null) throw new UsageError(`--${option} must be ${expected}, not "${text}"`);
  return value;
}

function oneOf<const T extends string>(args: Arguments, option: string, choices: readonly T[]): T | null {
  const chosen = (text: string): T | null => choices.find(choice => choice === text) ?? null;
  return checked(args, option, chosen, choices.join(' or '));
}

function delimiterOf(args: Arguments): string | null {
  const named: Readonly<Record<string, string>> = {
    tab: '\t',
    comma: ',',
    semicolon: ';',
    bar: '|',
    '\\t': '\t',
  };
  const read = (text: string): string | null =>
    Object.hasOwn(named, text) ? named[text]! : /^[^"\s\d]$|^\t$/.test(text) ? text : null;
  return checked(args, 'delimiter', read, 'one character, or comma, semicolon, tab or bar');
}

/** `dmy`, or a pattern such as DD/MM/YYYY. */
function dateOrderOf(args: Arguments): DateOrder | null {
  const read = (text: string): DateOrder | null => {
    const order = text
      .toLowerCase()
      .replace(/[^dmy]/g, '')
      .replace(/(.)\1+/g, '$1');
    return order === 'ymd' || order === 'dmy' || order === 'mdy' ? order : null;
  };
  return checked(args, 'date-format', read, 'ymd, dmy or mdy');
}

function unitOf(args: Arguments): number | null {
  const unit = oneOf(args, 'unit', ['minute', 'second']);
  if (unit === null) return null;
  return unit === 'minute' ? 60 : 1;
}

function incrementsText(text: string): string | null {
  return readIncrements(text) === null ? null : text;
}

function currencyText(text: string): string | null {
  return /^[A-Z]{3}$/.test(text) ? text : null;
}

function exchangeText(text: string): string | null {
  const rate = exact(text);
  return rate === null || rate.digits === 0n ? null : text;
}
