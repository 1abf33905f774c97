/** Prints diagnostics. A printer is a function; adding a format is adding a line to `printers`. */
import type { Diagnostic } from './diagnostic.ts';
import { printGithub } from './print-github.ts';
import { printGitlab } from './print-gitlab.ts';
import { printJson } from './print-json.ts';
import { printJunit } from './print-junit.ts';
import { printSarif } from './print-sarif.ts';
import { printText } from './print-text.ts';
import type { PrintOptions } from './shown-file.ts';

export type { PrintOptions } from './shown-file.ts';

export type Printer = (diagnostics: readonly Diagnostic[], options: PrintOptions) => string;

const printers = {
  text: printText,
  json: printJson,
  github: printGithub,
  gitlab: printGitlab,
  sarif: printSarif,
  junit: printJunit,
} satisfies Record<string, Printer>;

export type Format = keyof typeof printers;

export const formats = Object.keys(printers) as readonly Format[];

export function isFormat(text: string): text is Format {
  return Object.hasOwn(printers, text);
}

/** The whole output, ending in a newline unless it is empty. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: Format,
  options: PrintOptions = {},
): string {
  return printers[format](diagnostics, options);
}
