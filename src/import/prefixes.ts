/** The prefixes of one cell: `+44 7700`, `44-7`, `4477;4478`, `44 77;78;79`, `447700-447709`. */
import { maxPrefixLength } from '../prefixes/prefix-text.ts';
import { grouped, quoted } from './problems.ts';

export type PrefixCell = { readonly prefixes: readonly string[] } | { readonly problem: string };

/** A range that stands for more than this is a mistake of the vendor or of the reader. */
const mostOfRange = 10_000;

/**
 * Reads a cell into whole prefixes. A list is divided by `;` `,` `/` or `|`; when only its first item has a blank
 * (`44 77;78`), what stands before the blank belongs to all. A hyphen between two numbers of equal length (four
 * digits and more, beginning alike, the second the larger) is a range, and each of its numbers becomes a prefix; a
 * hyphen behind a country code joins (`1-242`); `hyphen` decides what could be both.
 */
export function readPrefixes(cell: string, hyphen: 'join' | 'range' | null): PrefixCell {
  if (/^\d{1,32}$/.test(cell) && cell.charCodeAt(0) !== 0x30) return { prefixes: [cell] };
  if (cell === '') return { problem: 'the prefix is empty' };
  if (/^\d+(?:[.,]\d+)?[eE][+-]?\d+$/.test(cell)) {
    return { problem: `${quoted(cell)} is what a spreadsheet made of a long number; the digits are lost` };
  }
  if (/^\d+\.\d+$/.test(cell)) {
    return { problem: `${quoted(cell)} is a decimal number; a prefix must be stored as text` };
  }
  const items = cell.split(/[;,/|]/).map(item => item.trim());
  if (items.length > 1 && items.at(-1) === '') items.pop();
  const spread = spreadHead(items);
  if (typeof spread === 'string') return { problem: spread };
  const prefixes: string[] = [];
  for (const item of spread) {
    const problem = readItem(item, hyphen, prefixes);
    if (problem !== null) return { problem };
  }
  return { prefixes };
}

/** `44 77`, `78` → `44 77`, `44 78`; a problem when it could mean two things. */
function spreadHead(items: readonly string[]): readonly string[] | string {
  const [first, ...others] = items as [string, ...string[]];
  const head = /^(\+?\d{1,4}) +\d+$/.exec(first)?.[1];
  if (head === undefined || others.length === 0 || others.some(item => /\s/.test(item))) return items;
  const digits = head.replace('+', '');
  const whole = others.find(item => item.replace('+', '').startsWith(digits));
  if (whole === undefined) return [first, ...others.map(item => `${head} ${item}`)];
  return `${quoted(items.join(';'))} is unclear: ${quoted(whole)} may be a whole prefix or belong behind ${digits}; write each prefix in full`;
}

/**
 * `1,242` is what a spreadsheet makes of 1242, or a list of 1 and 242: the price would count for other countries. The
 * reason why that cannot be read, or null.
 */
export function unclearGrouping(cell: string): string | null {
  if (!/^\+?\d{1,2}(?:,\d{3})+$/.test(cell)) return null;
  return `${quoted(cell)} may be one number as a spreadsheet groups its digits, or a list; write it without commas, or the list with semicolons`;
}

/** Adds the prefixes of one item of a list; a problem, or null. */
function readItem(item: string, hyphen: 'join' | 'range' | null, prefixes: string[]): string | null {
  const ends = item.split(/\s*[-–—]\s*/);
  if (ends.length === 1) return addOne(item, item, prefixes);
  if (ends.length > 2) {
    // 1-242-357 has too many hyphens for a range.
    if (hyphen === 'range') return `${quoted(item)} is no range of prefixes`;
    return addOne(ends.join(''), item, prefixes);
  }
  const from = plain(ends[0]!);
  const to = plain(ends[1]!);
  if (!/^\d+$/.test(from) || !/^\d+$/.test(to)) return notAPrefix(item);
  const meaning = hyphen ?? meaningOfHyphen(from, to);
  if (meaning === 'join') return addOne(from + to, item, prefixes);
  if (meaning === 'range') return addRange(from, to, item, prefixes);
  return `${quoted(item)} may be a range or one prefix with a hyphen; say --hyphen range or --hyphen join`;
}

function meaningOfHyphen(from: string, to: string): 'join' | 'range' | null {
  if (from.length === to.length) {
    if (to <= from) return from.length <= 3 ? 'join' : null;
    return from.length >= 4 && from[0] === to[0] ? 'range' : null;
  }
  // A country code has at most three digits, and no range ends with fewer digits than it begins with.
  return from.length <= 3 ? 'join' : null;
}

function addRange(from: string, written: string, item: string, prefixes: string[]): string | null {
  // 447700-09 repeats only the digits that change.
  const to = written.length < from.length ? from.slice(0, from.length - written.length) + written : written;
  if (to.length !== from.length || to < from) return `${quoted(item)} is no range of prefixes`;
  if (from.length > maxPrefixLength || from.startsWith('0')) return notAPrefix(item);
  const count = BigInt(to) - BigInt(from) + 1n;
  if (count > mostOfRange) {
    return `the range ${quoted(item)} has more than ${grouped(mostOfRange)} prefixes; write shorter ones`;
  }
  for (let i = 0n; i < count; i++) prefixes.push((BigInt(from) + i).toString());
  return null;
}

function addOne(text: string, item: string, prefixes: string[]): string | null {
  const prefix = plain(text);
  if (!/^[\d*#]+$/.test(prefix) || prefix.length > maxPrefixLength) return notAPrefix(item);
  if (prefix.startsWith('0')) {
    return `${quoted(item)} begins with 0, which no country code does: prefixes are wanted as in +44…, without + or 00`;
  }
  prefixes.push(prefix);
  return null;
}

function notAPrefix(item: string): string {
  return item === ''
    ? 'an item of the list of prefixes is empty'
    : `${quoted(item)} is no prefix: at most ${maxPrefixLength} digits, with or without a leading + or 00`;
}

/** Without blanks, brackets and dots between the digits, and without the international prefix (`+`, `00`). */
function plain(text: string): string {
  const compact = text.replace(/[\s().]/g, '');
  if (compact.startsWith('+')) return compact.slice(1);
  return compact.startsWith('00') ? compact.slice(2) : compact;
}
