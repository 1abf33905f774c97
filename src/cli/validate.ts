/** `class4 validate`: everything that is wrong with a configuration directory, at once. */

import { resolve } from 'node:path';
import { defaultLimits } from '../config/limits.ts';
import { lintAsOf } from '../config/lint/lint-as-of.ts';
import { type LoadedConfiguration, loadConfiguration } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { counted, countOf } from '../diagnostics/count.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Format, formats, isFormat, type PrintOptions, printDiagnostics } from '../diagnostics/print.ts';
import { printMarkdown } from '../diagnostics/print-markdown.ts';
import { type Arguments, UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { explainCode } from './explain-code.ts';
import { findingsText } from './findings-text.ts';
import { exitCodes, type Io } from './io.ts';
import { addToJobSummary } from './job-summary.ts';
import { readersPrefix } from './readers-place.ts';
import { checkReportPaths, outputPath, reportPath, writeReport } from './report-file.ts';
import { sourceLines } from './source-lines.ts';
import { programVersion } from './version.ts';

export const validate: Command = {
  name: 'validate',
  usage: `[DIR] [--config DIR] [--format ${formats.join('|')}] [--output FILE] [--junit FILE] [--strict] | --explain CODE`,
  summary: 'everything that is wrong with a configuration',
  help: `Checks a configuration directory and reports every problem with its place and what to do about it.

  DIR, --config DIR   the directory (default: the current one)
  --format FORMAT     ${formats.slice(0, -1).join(', ')} or ${formats.at(-1)} (default: text)
  --output FILE       the report goes into FILE, and standard output says the same as text
  --junit FILE        the report goes into FILE for JUnit as well, whatever the format
  --strict            warnings fail, too
  --explain CODE      only says what a code such as C4301 means and what to do about it
  --help              this text

Exit codes: 0 the configuration is good, 2 it is not (or the command line is wrong).
Each code is explained in docs/diagnostics.md, and the formats in docs/ci.md.`,
  arguments: {
    options: {
      config: 'value',
      format: 'value',
      output: 'value',
      junit: 'value',
      strict: 'flag',
      explain: 'value',
      help: 'flag',
    },
    required: [],
    optional: ['the configuration directory'],
  },
  async run(args, io) {
    const explained = args.value('explain');
    if (explained !== undefined) {
      io.out(explainCode(explained));
      return exitCodes.ok;
    }
    const format = formatOf(args);
    const directory = directoryOf(args, io);
    const to = { output: outputPath(args, io), junit: reportPath('junit', args, io) };
    checkReportPaths(args, io);
    const loaded = loadConfiguration(directory, defaultLimits, { lint: lintAsOf(Date.now()) });
    report(loaded, format, directory, to, io);
    const failed = loaded.snapshot === null || (args.flag('strict') && loaded.diagnostics.length > 0);
    return failed ? exitCodes.wrong : exitCodes.ok;
  },
};

function report(
  { diagnostics, snapshot, files, silenced }: LoadedConfiguration,
  format: Format,
  directory: string,
  { output, junit }: { readonly output: string | null; readonly junit: string | null },
  io: Io,
): void {
  const colour = io.colour && output === null;
  const pathPrefix = readersPrefix(format, directory, io);
  const sourceLine = sourceLines(directory, diagnostics);
  const options: PrintOptions = { colour, pathPrefix, sourceLine, files, version: programVersion() };
  const text = printDiagnostics(diagnostics, format, options);
  const end = `${summary(diagnostics, snapshot, silenced)}\n`;
  if (junit !== null) {
    const prefix = readersPrefix('junit', directory, io);
    writeReport(
      junit,
      printDiagnostics(diagnostics, 'junit', { ...options, colour: false, pathPrefix: prefix }),
    );
  }
  if (output === null) io.out(format === 'text' ? `${text}${end}` : text);
  else {
    writeReport(output, format === 'text' ? `${text}${end}` : text);
    io.out(`${findingsText(diagnostics, directory, io)}${end}`);
  }
  if (format === 'github') {
    addToJobSummary('validate', limitBytes => printMarkdown(diagnostics, limitBytes, options), io);
  }
}

function formatOf(args: Arguments): Format {
  const format = args.value('format') ?? 'text';
  if (isFormat(format)) return format;
  throw new UsageError(`there is no format "${format}": use ${formats.join(', ')}`);
}

/** Absolute. */
function directoryOf(args: Arguments, io: Io): string {
  const [positional] = args.positionals;
  const option = args.value('config');
  if (positional !== undefined && option !== undefined) {
    throw new UsageError('either DIR or --config DIR, not both');
  }
  const directory = option ?? positional ?? '.';
  if (directory === '') throw new UsageError('the directory is empty text');
  return resolve(io.workingDirectory, directory);
}

function summary(diagnostics: readonly Diagnostic[], snapshot: Snapshot | null, silenced: number): string {
  const [errors, warnings] = [countOf(diagnostics, 'error'), countOf(diagnostics, 'warning')];
  const found = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(silenced > 0 ? [`${counted(silenced, 'warning')} silenced`] : []),
  ].join(', ');
  if (snapshot === null) return found;
  const rows = snapshot.rateTables.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const contents = [
    counted(snapshot.mappingGateways.length, 'mapping gateway'),
    counted(snapshot.routingGateways.length, 'routing gateway'),
    counted(snapshot.accounts.length, 'account'),
    `${counted(snapshot.rateTables.length, 'rate table')} with ${counted(rows, 'row')}`,
  ].join(', ');
  return `${found === '' ? 'good' : `good, with ${found}`}: ${contents}; hash ${snapshot.hash.slice(0, 12)}`;
}
