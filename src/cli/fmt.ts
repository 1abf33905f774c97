/** `class4 fmt`: one order and one layout for all files of a configuration. */
import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type FormattedFile, formatFile } from '../config/format/format-file.ts';
import { type Target, targetAt, targetsIn } from '../config/format/targets.ts';
import { defaultLimits } from '../config/limits.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Arguments, UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { findingsText } from './findings-text.ts';
import { withoutSecrets } from './hidden-secrets.ts';
import { exitCodes, type Io } from './io.ts';
import { rewriteFile } from './rewrite-file.ts';
import { shortDiff } from './short-diff.ts';

export const fmt: Command = {
  name: 'fmt',
  usage: '[DIR | FILE…] [--check] [--config DIR] | - --stdin-file PATH',
  summary: 'one order and one layout for all files',
  help: `Puts the keys of the files in the order of their schema, lays them out in one way and sorts decks by prefix. Comments
stay with what they speak of, and nothing changes its meaning. docs/formatting.md says what becomes of what.

  DIR, --config DIR    all files of a configuration, with their decks (default: the current directory)
  FILE…                these files only
  --check              write nothing, and show what would change
  -                    standard input to standard output, for editors
  --stdin-file PATH    where what comes in belongs
  --help               this text

Exit codes: 0 all is (or was) put in order, 1 --check found something to change, 2 a file cannot be read as YAML or CSV
(it is left alone), or the command line is wrong.`,
  arguments: {
    options: { config: 'value', check: 'flag', 'stdin-file': 'value', help: 'flag' },
    required: [],
    rest: true,
  },
  async run(args, io) {
    const stdinFile = args.value('stdin-file');
    if (args.positionals.includes('-')) return formatInput(args, stdinFile, io);
    if (stdinFile !== undefined) throw new UsageError('--stdin-file belongs to -, which is standard input');
    const { targets, diagnostics } = targetsOf(args, io);
    return formatAll(targets, diagnostics, args.flag('check'), io);
  },
};

interface Chosen {
  readonly targets: readonly Target[];
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
}

function targetsOf(args: Arguments, io: Io): Chosen {
  const config = args.value('config');
  const directory = config === undefined ? null : resolve(io.workingDirectory, config);
  const paths = args.positionals.map(path => resolve(io.workingDirectory, path));
  if (paths.length === 0) paths.push(directory ?? io.workingDirectory);
  const targets: Target[] = [];
  const diagnostics = new Map<string, readonly Diagnostic[]>();
  for (const [i, path] of paths.entries()) {
    const shown = args.positionals[i] ?? config ?? '.';
    const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory();
    if (isDirectory === undefined) throw new UsageError(`${shown} does not exist`);
    if (!isDirectory) {
      targets.push(fileTarget(path, shown, directory));
      continue;
    }
    const found = targetsIn(path, defaultLimits);
    targets.push(...found.targets);
    diagnostics.set(path, found.diagnostics);
  }
  return { targets, diagnostics };
}

function fileTarget(path: string, shown: string, directory: string | null): Target {
  const target = targetAt(path, directory, defaultLimits);
  if (target !== null) return target;
  throw new UsageError(
    shown.endsWith('.csv')
      ? `no rate table names the deck ${shown}, so its columns are not known`
      : `${shown} is no file of a configuration: its folder tells what a file is`,
  );
}

function formatAll(
  targets: readonly Target[],
  listed: ReadonlyMap<string, readonly Diagnostic[]>,
  check: boolean,
  io: Io,
): number {
  const problems = new Map([...listed].map(([directory, found]) => [directory, [...found]]));
  let [changed, failed] = [0, 0];
  for (const target of targets) {
    const formatted = formatFile(target, defaultLimits);
    if (formatted.text === undefined) {
      problems.set(target.directory, [...(problems.get(target.directory) ?? []), ...problemsOf(formatted)]);
      failed++;
      continue;
    }
    if (formatted.before?.equals(Buffer.from(formatted.text)) === true) continue;
    changed++;
    const path = join(target.directory, target.file);
    const shown = shownPath(path, io);
    if (check) {
      // The logs of pipelines are read by many.
      const shownText = target.form.kind === 'deck' ? (text: string) => text : withoutSecrets;
      const before = shownText(formatted.before?.toString() ?? '');
      io.out(`${shown}\n${shortDiff(before, shownText(formatted.text))}\n`);
    } else {
      rewriteFile(path, formatted.text);
      io.out(`${shown}\n`);
    }
  }
  let errors = 0;
  for (const [directory, found] of problems) {
    io.err(findingsText(found, directory, io));
    errors += found.filter(({ severity }) => severity === 'error').length;
  }
  io.out(`${summary(targets.length, changed, failed, check)}\n`);
  if (errors > 0) return exitCodes.wrong;
  return check && changed > 0 ? exitCodes.unexpected : exitCodes.ok;
}

function problemsOf(formatted: FormattedFile): readonly Diagnostic[] {
  return 'problems' in formatted ? formatted.problems : [];
}

function summary(total: number, changed: number, failed: number, check: boolean): string {
  const words = check ? 'would change' : 'formatted';
  const parts = [`${changed} ${words}`, `${total - changed - failed} as they should be`];
  if (failed > 0) parts.push(`${failed} left alone`);
  return `${total} file${total === 1 ? '' : 's'}: ${parts.join(', ')}`;
}

/** As the user would write it, as long as that is not a way up and down the tree. */
function shownPath(path: string, io: Io): string {
  const way = relative(io.workingDirectory, path);
  return way.startsWith('..') ? path : way;
}

async function formatInput(args: Arguments, stdinFile: string | undefined, io: Io): Promise<number> {
  if (args.positionals.length > 1)
    throw new UsageError('standard input and files cannot be formatted at once');
  if (stdinFile === undefined)
    throw new UsageError('- needs --stdin-file, the path that tells what the file is');
  if (args.flag('check')) throw new UsageError('--check is for files, not for standard input');
  if (io.input === undefined) throw new UsageError('there is no standard input');
  const config = args.value('config');
  const directory = config === undefined ? null : resolve(io.workingDirectory, config);
  const target = fileTarget(resolve(io.workingDirectory, stdinFile), stdinFile, directory);
  const formatted = formatFile(target, defaultLimits, await io.input());
  if (formatted.text === undefined) {
    io.err(findingsText(problemsOf(formatted), target.directory, io));
    return exitCodes.wrong;
  }
  io.out(formatted.text);
  return exitCodes.ok;
}
