/** The command line: finds the command, runs it, and turns what went wrong into words and an exit code. */
import { suggest } from '../config/schema/suggest.ts';
import { parseArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { allCommands, commands } from './commands.ts';
import { exitCodes, type Io } from './io.ts';

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
    const { explainError } = await import('./command-error.ts');
    return explainError(error, command, io);
  }
}

/** The longest name that the command line starts with. */
async function findCommand(
  args: readonly string[],
): Promise<{ readonly command: Command; readonly rest: readonly string[] } | null> {
  for (const words of [2, 1]) {
    const load = commands.get(args.slice(0, words).join(' '));
    if (load !== undefined) return { command: await load(), rest: args.slice(words) };
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
