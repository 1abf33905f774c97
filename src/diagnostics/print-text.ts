/** For people: one finding per paragraph, `file:line:column` first, so that terminals and editors can jump to it. */
import type { Diagnostic, Place } from './diagnostic.ts';
import { type PrintOptions, shownFile } from './shown-file.ts';

const styles = { error: '\u001b[31m', warning: '\u001b[33m', faint: '\u001b[2m', none: '\u001b[0m' } as const;

export function printText(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  return diagnostics.map(diagnostic => paragraph(diagnostic, options)).join('');
}

function paragraph(diagnostic: Diagnostic, options: PrintOptions): string {
  const head = `${diagnostic.severity} ${diagnostic.code}`;
  const lines = [
    `${position(diagnostic.place, options)} ${paint(head, diagnostic.severity, options)} ${printable(diagnostic.message)}`,
    ...(diagnostic.related ?? []).map(
      related =>
        `  ${paint(`${position(related, options)} ${printable(related.message)}`, 'faint', options)}`,
    ),
    ...(diagnostic.hint === undefined ? [] : [`  → ${printable(diagnostic.hint)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function position(place: Place, options: PrintOptions): string {
  return `${printable(shownFile(place.file, options))}:${place.line}:${place.column}`;
}

function paint(text: string, style: keyof typeof styles, options: PrintOptions): string {
  return options.colour === true ? `${styles[style]}${text}${styles.none}` : text;
}

/** Text of a broken file must not move the cursor or start a line of its own. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
