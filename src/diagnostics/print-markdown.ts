/** All findings as a table for the summary page of a job. Not a format of its own: it comes with the annotations. */
import { inReadingOrder } from './collect.ts';
import { counted, countedFindings } from './count.ts';
import type { Diagnostic } from './diagnostic.ts';
import { printable } from './printable.ts';
import { type PrintOptions, shownFile } from './shown-file.ts';

/** At most `limitBytes` of UTF-8; what has no room any more, the least severe, is counted. */
export function printMarkdown(
  diagnostics: readonly Diagnostic[],
  limitBytes: number,
  options: PrintOptions = {},
): string {
  if (diagnostics.length === 0) return fitting('### class4: nothing to complain about\n', limitBytes);
  const head = `### class4: ${countedFindings(diagnostics)}\n\n| | code | place | finding |\n|---|---|---|---|\n`;
  const rows = inReadingOrder(diagnostics).map(diagnostic => row(diagnostic, options));
  const room = limitBytes - bytesOf(head);
  const whole = rows.join('');
  if (bytesOf(whole) <= room) return `${head}${whole}`;
  // No tail is longer than the one that counts them all.
  let left = room - bytesOf(tail(rows.length));
  const kept: string[] = [];
  for (const text of rows) {
    left -= bytesOf(text);
    if (left < 0) break;
    kept.push(text);
  }
  return fitting(`${head}${kept.join('')}${tail(rows.length - kept.length)}`, limitBytes);
}

function row({ severity, code, place, message, hint }: Diagnostic, options: PrintOptions): string {
  const position = `${shownFile(place.file, options)}:${place.line}:${place.column}`;
  const said =
    hint === undefined ? escapeMarkdown(message) : `${escapeMarkdown(message)}<br>→ ${escapeMarkdown(hint)}`;
  return `| ${severity} | ${code} | ${escapeMarkdown(position)} | ${said} |\n`;
}

function tail(count: number): string {
  return `\n… and ${counted(count, 'more finding')}. \`class4 validate\` lists them all.\n`;
}

/** Text that means nothing to Markdown or HTML. */
export function escapeMarkdown(text: string): string {
  return printable(text).replace(/[&<>|\\`*_[\]~#@!$]/g, character => `&#${character.charCodeAt(0)};`);
}

function fitting(text: string, limitBytes: number): string {
  return bytesOf(text) <= limitBytes ? text : '';
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

/** Text that shows when its title is clicked, as it is: Markdown and HTML within it mean nothing. */
export function foldedText(title: string, text: string): string {
  const shown = text.replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`);
  return `<details><summary>${title}</summary>\n\n<pre>\n${shown}</pre>\n</details>\n`;
}
