/**
 * For people: one finding per paragraph, `file:line:column` first, so that terminals and editors can jump to it, then
 * the line itself with a caret under the column.
 */
import type { Diagnostic, Place } from './diagnostic.ts';
import { excerptOf, tokenAt } from './excerpt.ts';
import { printable } from './printable.ts';
import { type PrintOptions, shownFile } from './shown-file.ts';

const styles = { error: '\u001b[31m', warning: '\u001b[33m', faint: '\u001b[2m', none: '\u001b[0m' } as const;

export function printText(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  return diagnostics.map(diagnostic => paragraph(diagnostic, options)).join('');
}

function paragraph(diagnostic: Diagnostic, options: PrintOptions): string {
  const { place, severity, message } = diagnostic;
  const head = `${severity} ${diagnostic.code}`;
  const lines = [
    `${position(place, options)} ${paint(head, severity, options)} ${printable(message)}`,
    ...source(place, message, severity, options),
    ...(diagnostic.related ?? []).flatMap(related => [
      `  ${paint(`${position(related, options)} ${printable(related.message)}`, 'faint', options)}`,
      ...(isSameLine(related, place) ? [] : source(related, related.message, 'faint', options)),
    ]),
    ...(diagnostic.hint === undefined ? [] : [`  → ${printable(diagnostic.hint)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The line at a place with its caret; nothing for a finding about the whole file, or when the line cannot be had. */
function source(
  place: Place,
  message: string,
  style: keyof typeof styles,
  options: PrintOptions,
): readonly string[] {
  const line = options.sourceLine?.(place.file, place.line) ?? null;
  if (line === null || line.trim() === '' || isWholeFile(place, line, message)) return [];
  const { text, marker } = excerptOf(line, place.column);
  const number = String(place.line).padStart(6);
  return [
    `${paint(`${number} |`, 'faint', options)} ${text}`,
    `${paint(`${' '.repeat(number.length)} |`, 'faint', options)} ${paint(marker, style, options)}`,
  ];
}

/** 1:1 speaks of the whole file, unless the message speaks of the very word that stands there. */
function isWholeFile(place: Place, line: string, message: string): boolean {
  if (place.line !== 1 || place.column !== 1) return false;
  const word = tokenAt(line, 0).replace(/^(["'])(.*)\1$/, '$2');
  return word === '' || !message.includes(`"${word}"`);
}

function isSameLine(a: Place, b: Place): boolean {
  return a.file === b.file && a.line === b.line;
}

function position(place: Place, options: PrintOptions): string {
  return `${printable(shownFile(place.file, options))}:${place.line}:${place.column}`;
}

function paint(text: string, style: keyof typeof styles, options: PrintOptions): string {
  return options.colour === true ? `${styles[style]}${text}${styles.none}` : text;
}
