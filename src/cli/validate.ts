/** `class4 validate`: everything that is wrong with a configuration directory, at once. */
import { relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfiguration } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Format, formats, isFormat, printDiagnostics } from '../diagnostics/print.ts';
import { exitCodes, type Io } from './io.ts';

const help = `class4 validate [DIR] [--config DIR] [--format ${formats.join('|')}] [--strict]

Checks a configuration directory and reports every problem with its place and what to do about it.

  DIR, --config DIR   the directory (default: the current one)
  --format FORMAT     ${formats.join(' or ')} (default: text)
  --strict            warnings fail, too
  --help              this text

Exit codes: 0 the configuration is good, 2 it is not (or the command line is wrong).
Each code is explained in docs/diagnostics.md.
`;

interface Order {
  readonly directory: string;
  readonly format: Format;
  readonly strict: boolean;
}

/** Returns the exit code: 0, or 2 for an error (with --strict also for a warning) or a wrong command line. */
export async function validate(args: readonly string[], io: Io): Promise<number> {
  const order = readArguments(args);
  if (order === 'help') {
    io.out(help);
    return exitCodes.ok;
  }
  if (typeof order === 'string') {
    io.err(`class4 validate: ${order}\nTry class4 validate --help.\n`);
    return exitCodes.wrong;
  }
  const directory = resolve(io.workingDirectory, order.directory);
  const { diagnostics, snapshot } = loadConfiguration(directory);
  const pathPrefix = prefixOf(relative(io.workingDirectory, directory), directory);
  io.out(printDiagnostics(diagnostics, order.format, { colour: io.colour, pathPrefix }));
  if (order.format === 'text') io.out(`${summary(diagnostics, snapshot)}\n`);
  const failed = snapshot === null || (order.strict && diagnostics.length > 0);
  return failed ? exitCodes.wrong : exitCodes.ok;
}

/** What to do, or what is wrong with the command line. */
function readArguments(args: readonly string[]): Order | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        format: { type: 'string', default: 'text' },
        strict: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return 'help';
    if (positionals.length > 1) return `one directory at a time, not ${positionals.join(' and ')}`;
    if (positionals.length === 1 && values.config !== undefined)
      return 'either DIR or --config DIR, not both';
    if (!isFormat(values.format)) return `there is no format "${values.format}": use ${formats.join(' or ')}`;
    const directory = values.config ?? positionals[0] ?? '.';
    if (directory === '') return 'the directory is empty text';
    return { directory, format: values.format, strict: values.strict };
  } catch (error) {
    return (error as Error).message.split('\n', 1)[0]!;
  }
}

/** Paths as the reader can open them from where he stands; nothing for the current directory. */
function prefixOf(fromHere: string, directory: string): string {
  if (fromHere === '') return '';
  const shown = fromHere.startsWith('..') ? directory : fromHere;
  return `${shown.split(sep).join('/').replace(/\/$/, '')}/`;
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
