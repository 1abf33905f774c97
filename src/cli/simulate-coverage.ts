/** The part of `class4 simulate` that tells which elements of the configuration the scenarios exercised. */
import type { Coverage } from '../sim/coverage/coverage.ts';
import { coverageJson } from '../sim/coverage/print-json.ts';
import { coverageLcov } from '../sim/coverage/print-lcov.ts';
import { coverageMarkdown } from '../sim/coverage/print-markdown.ts';
import { coverageText } from '../sim/coverage/print-text.ts';
import { type CoverageReport, isEnough, percentText } from '../sim/coverage/report.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { exitCodes, type Io } from './io.ts';
import { addToJobSummary } from './job-summary.ts';
import { readersPrefix } from './readers-place.ts';
import { reportPath, writeReport } from './report-file.ts';

export const coverageFormats = ['text', 'json', 'lcov'] as const;

export type CoverageFormat = (typeof coverageFormats)[number];

export interface CoverageRequest {
  readonly format: CoverageFormat;
  /** Absolute; null for the screen, which takes text only. */
  readonly output: string | null;
  /** 0–100; null asks for none. */
  readonly minimumPercent: number | null;
  /** Whether the summary page of the job tells it, too. */
  readonly summary: boolean;
}

export const coverageHelp = `  --coverage         tells which gateways, prefixes, rules, rates and limits the scenarios exercised
  --coverage-format F  ${coverageFormats.slice(0, -1).join(', ')} or ${coverageFormats.at(-1)} (default: text); json and lcov need a file
  --coverage-output FILE  the coverage goes into FILE
  --min-coverage PCT exit code 1 when less of the configuration is covered`;

export const coverageArguments = {
  coverage: 'flag',
  'coverage-format': 'value',
  'coverage-output': 'value',
  'min-coverage': 'value',
} as const;

/** null when nobody asks for coverage; each of its options does. @throws UsageError */
export function coverageRequest(args: Arguments, io: Io): CoverageRequest | null {
  const [format, minimum] = ['coverage-format', 'min-coverage'].map(name => args.value(name));
  const output = reportPath('coverage-output', args, io);
  if (!args.flag('coverage') && format === undefined && output === null && minimum === undefined) {
    return null;
  }
  const wanted = formatOf(format ?? 'text');
  if (wanted !== 'text' && output === null) {
    throw new UsageError(
      `--coverage-format ${wanted} is for programs: say with --coverage-output where it goes`,
    );
  }
  return {
    format: wanted,
    output,
    minimumPercent: minimum === undefined ? null : percentOf(minimum),
    summary: args.value('format') === 'github',
  };
}

/**
 * Tells the coverage, and returns the exit code. `write` takes what is for the screen: where the report of the run
 * itself is for a program, it must not be standard output. @throws UsageError when the file cannot be written.
 */
export function reportCoverage(
  coverage: Coverage,
  { format, output, minimumPercent, summary }: CoverageRequest,
  directory: string,
  write: (text: string) => void,
  io: Io,
): number {
  const report = coverage.report();
  if (output === null) write(`\n${coverageText(withPrefix(report, readersPrefix('text', directory, io)))}`);
  else {
    writeReport(output, printed(coverage, report, format, directory, io));
    write(`\nCoverage: ${percentText(report.percent)} %\n`);
  }
  if (summary) {
    const shown = withPrefix(report, readersPrefix('github', directory, io));
    addToJobSummary('simulate', limitBytes => coverageMarkdown(shown, limitBytes), io);
  }
  if (minimumPercent === null || isEnough(report, minimumPercent)) return exitCodes.ok;
  io.err(
    `class4 simulate: coverage is ${percentText(report.percent)} %, less than the ${minimumPercent} % of --min-coverage\n`,
  );
  return exitCodes.unexpected;
}

function printed(
  coverage: Coverage,
  report: CoverageReport,
  format: CoverageFormat,
  directory: string,
  io: Io,
): string {
  if (format === 'lcov') {
    // Whoever shows tracefiles counts paths from the top of the repository.
    const prefix = readersPrefix('github', directory, io);
    return coverageLcov(coverage, file => `${prefix}${file}`);
  }
  const shown = withPrefix(report, readersPrefix('text', directory, io));
  return format === 'json' ? coverageJson(shown) : coverageText(shown);
}

function withPrefix(report: CoverageReport, prefix: string): CoverageReport {
  const prefixed = <Item extends { readonly file: string }>(item: Item): Item => ({
    ...item,
    file: `${prefix}${item.file}`,
  });
  const { uncovered, rateTables } = report;
  return { ...report, uncovered: uncovered.map(prefixed), rateTables: rateTables.map(prefixed) };
}

function formatOf(text: string): CoverageFormat {
  const format = coverageFormats.find(one => one === text);
  if (format !== undefined) return format;
  throw new UsageError(`there is no coverage format "${text}": use ${coverageFormats.join(', ')}`);
}

function percentOf(text: string): number {
  const percent = /^\d{1,3}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (percent <= 100) return percent;
  throw new UsageError(`--min-coverage must be a percentage from 0 to 100, not "${text}"`);
}
