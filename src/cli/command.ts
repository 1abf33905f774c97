import { resolve } from 'node:path';
import type { ArgumentSpec, Arguments } from './arguments.ts';
import type { Io } from './io.ts';

/** A command whose arguments are read for it. */
export interface Command {
  /** `cdr list` */
  readonly name: string;
  /** What stands behind the name in help: `<callee> --via GATEWAY`. */
  readonly usage: string;
  readonly summary: string;
  /** What it does, its options and exit codes; lines of at most 100 characters. */
  readonly help: string;
  readonly arguments: ArgumentSpec;
  /** Returns the exit code. Errors that an operator can understand are thrown and printed by the caller. */
  run(args: Arguments, io: Io): Promise<number>;
}

/** Every command has these. */
export const commonOptions = { config: 'value', json: 'flag', help: 'flag' } as const;

export const commonHelp = `  --config DIR   the configuration directory (default: the current one)
  --json         facts as JSON
  --help         this text
`;

/** Absolute. */
export function configurationDirectory(args: Arguments, io: Io): string {
  return resolve(io.workingDirectory, args.value('config') ?? '.');
}

export function printJson(io: Io, value: unknown): void {
  io.out(`${JSON.stringify(value, null, 2)}\n`);
}
