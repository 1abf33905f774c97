/** Prints diagnostics. A printer is a function; adding a format is adding a line to `printers`. */
import type { Diagnostic } from './diagnostic.ts';
import { printJson } from './print-json.ts';
import { printText } from './print-text.ts';

export interface PrintOptions {
  /** Escape codes for a terminal; only the text format uses them. */
  readonly colour?: boolean;
  /** Put before every path, for example `config/`, so that a reader can open it from where he stands. */
  readonly pathPrefix?: string;
}

export type Printer = (diagnostics: readonly Diagnostic[], options: PrintOptions) => string;

const printers = { text: printText, json: printJson } satisfies Record<string, Printer>;

export type Format = keyof typeof printers;

export const formats = Object.keys(printers) as readonly Format[];

export function isFormat(text: string): text is Format {
  return Object.hasOwn(printers, text);
}

/** The path of a finding as the reader can open it; the directory itself for a finding about all of it. */
export function shownFile(file: string, options: PrintOptions): string {
  const prefix = options.pathPrefix ?? '';
  return file === '.' && prefix !== '' ? prefix.replace(/\/$/, '') : `${prefix}${file}`;
}

/** The whole output, ending in a newline unless it is empty. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  format: Format,
  options: PrintOptions = {},
): string {
  return printers[format](diagnostics, options);
}
