/** The command line: finds the command, runs it, and turns what went wrong into words and an exit code. */
import { suggest } from '../config/schema/suggest.ts';
import { RefusedError, UnreachableError } from '../control/client.ts';
import { ControlSocketError } from '../control/server.ts';
import { ExplainError } from '../explain/explain-error.ts';
import { HistoryError } from '../history/history-error.ts';
import { OperationError } from '../live/operations.ts';
import { SideError } from '../plan/sides/side-error.ts';
import { StoreError } from '../store/store-error.ts';
import { parseArguments, UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { findingsText } from './findings-text.ts';
import { exitCodes, type Io } from './io.ts';
import { ConfigurationError } from './offline.ts';
import { paint } from './table.ts';

/** What people and pipelines run after every change starts without what all other commands are made of. */
const quick: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['explain', async () => (await import('./explain.ts')).explain],
  ['fmt', async () => (await import('./fmt.ts')).fmt],
  ['plan', async () => (await import('./plan.ts')).plan],
  ['validate', async () => (await import('./validate.ts')).validate],
]);

/** Runs one command line (without the program's name) and returns the exit code. */
export async function runCommandLine(args: readonly string[], io: Io): Promise<number> {
  const [first] = args;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    io.out(overview(await allCommands()));
    return first === undefined ? exitCodes.wrong : exitCodes.ok;
  }
  const found = await findCommand(args);
  if (found === null) return unknownCommand(args, await allCommands(), io);
  const { command } = found;
  if (found.rest.some(argument => argument === '--help' || argument === '-h')) {
    io.out(`class4 ${command.name} ${command.usage}\n\n${command.help}\n`);
    return exitCodes.ok;
  }
  try {
    return await command.run(parseArguments(found.rest, command.arguments), io);
  } catch (error) {
    return explainError(error, command, io);
  }
}

async function allCommands(): Promise<readonly Command[]> {
  return (await import('./commands.ts')).commands;
}

/** The longest name that the command line starts with. */
async function findCommand(
  args: readonly string[],
): Promise<{ readonly command: Command; readonly rest: readonly string[] } | null> {
  const quickly = quick.get(args[0]!);
  if (quickly !== undefined) return { command: await quickly(), rest: args.slice(1) };
  const commands = await allCommands();
  for (const words of [2, 1]) {
    const command = commands.find(({ name }) => name === args.slice(0, words).join(' '));
    if (command !== undefined) return { command, rest: args.slice(words) };
  }
  return null;
}

function unknownCommand(args: readonly string[], commands: readonly Command[], io: Io): number {
  const [first, second] = args as [string, string | undefined];
  const group = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length > 0) return explainGroup(first, second, group, io);
  const names = commands.map(({ name }) => name.split(' ')[0]!);
  io.err(`class4: unknown command "${first}"${similarTo(first, names)}\nTry class4 --help.\n`);
  return exitCodes.wrong;
}

/** `class4 cdr` alone, or with a second word that is none of its commands. */
function explainGroup(first: string, second: string | undefined, group: readonly Command[], io: Io): number {
  const lines = group.map(({ name, usage }) => `  class4 ${name} ${usage}\n`).join('');
  if (second === '--help' || second === '-h') {
    io.out(lines);
    return exitCodes.ok;
  }
  if (second !== undefined && !second.startsWith('-')) {
    const names = group.map(({ name }) => name.slice(first.length + 1));
    io.err(`class4: unknown command "${first} ${second}"${similarTo(second, names)}\n`);
  }
  io.err(`class4 ${first} needs one of these:\n${lines}`);
  return exitCodes.wrong;
}

function similarTo(word: string, names: readonly string[]): string {
  const similar = names.find(name => name.startsWith(word)) ?? suggest(word, names);
  return similar === null ? '' : ` (did you mean "${similar}"?)`;
}

function overview(commands: readonly Command[]): string {
  const lines = commands.map(({ name, summary }) => `  class4 ${name.padEnd(17)}${summary}\n`).join('');
  return `class4, a class-4 voice softswitch whose whole behaviour is versioned YAML

${lines}
Every command takes --config DIR (default: the current directory) and --help; those that print facts take --json.
Exit codes: 0 as expected, 1 an expectation failed, 2 the configuration or the command line is wrong, 3 an
invariant broke, 4 the switch cannot be reached or did not drain.
`;
}

/** An error that an operator can do something about; anything else is a bug and goes up. */
function explainError(error: unknown, command: Command, io: Io): number {
  const say = (message: string, hint: string | null): void => {
    io.err(`${paint(`class4 ${command.name}:`, 'red', io.colour)} ${message}\n`);
    if (hint !== null) io.err(`  → ${hint}\n`);
  };
  if (error instanceof UsageError) {
    say(error.message, `class4 ${command.name} ${command.usage}`);
    return exitCodes.wrong;
  }
  if (error instanceof UnreachableError) {
    say(error.message, error.hint);
    return exitCodes.unreachable;
  }
  if (error instanceof ConfigurationError) {
    io.err(findingsText(error.diagnostics, error.directory, io));
    say(error.message, 'see `class4 validate`');
    return exitCodes.wrong;
  }
  if (
    error instanceof RefusedError ||
    error instanceof OperationError ||
    error instanceof StoreError ||
    error instanceof SideError ||
    error instanceof HistoryError ||
    error instanceof ExplainError ||
    error instanceof ControlSocketError
  ) {
    say(error.message, error.hint);
    return exitCodes.wrong;
  }
  throw error;
}
