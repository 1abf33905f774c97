/** `class4 validate`: everything that is wrong with a configuration directory, at once. */
import { resolve } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Format, formats, isFormat, printDiagnostics } from '../diagnostics/print.ts';
import { type Arguments, UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { exitCodes, type Io } from './io.ts';
import { pathPrefixOf } from './offline.ts';

export const validate: Command = {
  name: 'validate',
  usage: `[DIR] [--config DIR] [--format ${formats.join('|')}] [--strict]`,
  summary: 'everything that is wrong with a configuration',
  help: `Checks a configuration directory and reports every problem with its place and what to do about it.

  DIR, --config DIR   the directory (default: the current one)
  --format FORMAT     ${formats.join(' or ')} (default: text)
  --strict            warnings fail, too
  --help              this text

Exit codes: 0 the configuration is good, 2 it is not (or the command line is wrong).
Each code is explained in docs/diagnostics.md.`,
  arguments: {
    options: { config: 'value', format: 'value', strict: 'flag', help: 'flag' },
    required: [],
    optional: ['the configuration directory'],
  },
  async run(args, io) {
    const format = formatOf(args);
    const directory = directoryOf(args, io);
    const { diagnostics, snapshot } = loadConfiguration(directory);
    const pathPrefix = pathPrefixOf(directory, io);
    io.out(printDiagnostics(diagnostics, format, { colour: io.colour, pathPrefix }));
    if (format === 'text') io.out(`${summary(diagnostics, snapshot)}\n`);
    const failed = snapshot === null || (args.flag('strict') && diagnostics.length > 0);
    return failed ? exitCodes.wrong : exitCodes.ok;
  },
};

function formatOf(args: Arguments): Format {
  const format = args.value('format') ?? 'text';
  if (isFormat(format)) return format;
  throw new UsageError(`there is no format "${format}": use ${formats.join(' or ')}`);
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

function summary(diagnostics: readonly Diagnostic[], snapshot: Snapshot | null): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const found = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
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

function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}
