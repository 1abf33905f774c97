/** Prints a run. A printer is a function; adding a format is adding a line to `printers`. */
import type { Run } from './outcome.ts';
import { printGithub } from './print-github.ts';
import { printJson } from './print-json.ts';
import { printJunit } from './print-junit.ts';
import { printTap } from './print-tap.ts';
import { printText } from './print-text.ts';
import type { ReportOptions } from './report-options.ts';

const printers = {
  text: printText,
  json: printJson,
  junit: printJunit,
  github: printGithub,
  tap: printTap,
} satisfies Record<string, (run: Run, options: ReportOptions) => string>;

export type ReportFormat = keyof typeof printers;

export const reportFormats = Object.keys(printers) as readonly ReportFormat[];

export function isReportFormat(text: string): text is ReportFormat {
  return Object.hasOwn(printers, text);
}

/** The whole report, ending in a newline. */
export function printRun(run: Run, format: ReportFormat, options: ReportOptions): string {
  return printers[format](run, options);
}
