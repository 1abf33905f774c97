/** `class4 init`: a new configuration repository, ready for a team. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import { reasonOf } from '../config/read/file.ts';
import { printDiagnostics } from '../diagnostics/print.ts';
import { type Arguments, UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { type InitFile, initFiles } from './init-files.ts';
import { packageSource } from './init-source.ts';
import { exitCodes, type Io } from './io.ts';
import { pathPrefixOf } from './path-prefix.ts';

export const init: Command = {
  name: 'init',
  usage: 'DIR | --config DIR [--name NAME] [--package SPEC] [--no-git] [--force]',
  summary: 'a new configuration repository for a team',
  help: `Makes a repository out of nothing: an example network on loopback addresses that validates strictly, scenarios that
play calls through it, pipelines for GitHub and GitLab, a pre-commit hook, settings for editors, CODEOWNERS, and a README
that says how a change goes.
It makes a git repository and commits nothing: the first commit is yours.

  DIR, --config DIR   where; it need not be there yet
  --name NAME         the name of the switch (default: that of the directory)
  --package SPEC      what package.json depends on (default: this version, or this clone's commit)
  --no-git            no git repository
  --force             work in a directory with files: only what is missing is written
  --help              this text

Exit codes: 0 made, 2 the directory cannot be used, or the command line is wrong.`,
  arguments: {
    options: {
      config: 'value',
      name: 'value',
      package: 'value',
      'no-git': 'flag',
      force: 'flag',
      help: 'flag',
    },
    required: [],
    optional: ['the directory'],
  },
  async run(args, io) {
    const shown = directoryOf(args);
    const directory = resolve(io.workingDirectory, shown);
    const name = nameOf(args.value('name'), directory);
    const class4 = args.value('package');
    const source = class4 === undefined ? packageSource() : { spec: class4, remark: null };
    if (/["\\\s]/.test(source.spec) || source.spec === '')
      throw new UsageError('--package is no dependency of npm');
    const files = initFiles({ name, class4: source.spec });
    const force = args.flag('force');
    const present = refuseOthers(directory, shown, force);
    const { written, kept } = writeMissing(directory, files);
    if (present) for (const path of kept) io.out(`kept ${path}\n`);
    io.out(`${shown}: ${written.length} files written${kept.length > 0 ? `, ${kept.length} kept` : ''}\n`);
    const madeGit = !args.flag('no-git') && makeGit(directory, io);
    if (source.remark !== null) io.err(`${source.remark}\n`);
    reportValidity(directory, io);
    io.out(nextSteps(shown, madeGit));
    return exitCodes.ok;
  },
};

/** As written. @throws UsageError */
function directoryOf(args: Arguments): string {
  const [positional] = args.positionals;
  const option = args.value('config');
  if (positional !== undefined && option !== undefined) {
    throw new UsageError('either DIR or --config DIR, not both');
  }
  const directory = positional ?? option ?? '';
  // Not the current directory: nobody fills that by forgetting a word.
  if (directory === '') throw new UsageError('the directory is missing');
  return directory;
}

/** @throws UsageError */
function nameOf(given: string | undefined, directory: string): string {
  const name =
    given ??
    basename(directory)
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '');
  // Letters first, so that YAML reads it as text without quotes.
  if (/^[A-Za-z][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  if (given !== undefined) throw new UsageError(`"${given}" cannot be the name of a switch`);
  throw new UsageError(`no switch can be named after ${directory}; say --name`);
}

/** Whether anything but .git is there. @throws UsageError when something is, without `force`. */
function refuseOthers(directory: string, shown: string, force: boolean): boolean {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (!stat.isDirectory()) throw new UsageError(`${shown} is not a directory`);
  const present = readdirSync(directory).filter(entry => entry !== '.git');
  if (present.length === 0 || force) return present.length > 0;
  const listed = present.slice(0, 10).join(', ') + (present.length > 10 ? ', …' : '');
  throw new UsageError(
    `${shown} is not empty: ${listed}; with --force, only files that are missing are written`,
  );
}

function writeMissing(
  directory: string,
  files: readonly InitFile[],
): { readonly written: readonly string[]; readonly kept: readonly string[] } {
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path, contents, executable } of files) {
    const target = join(directory, path);
    try {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, contents, { flag: 'wx' });
      if (executable) chmodSync(target, 0o755);
      written.push(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !existsSync(target)) {
        throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
      }
      kept.push(path);
    }
  }
  return { written, kept };
}

/** Whether a repository was made. One that is there, or around the directory, is left alone. */
function makeGit(directory: string, io: Io): boolean {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, {
      cwd: directory,
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
      timeout: 10_000,
    });
  try {
    if (git('rev-parse', '--is-inside-work-tree').trim() === 'true') return false;
  } catch {
    // No repository, or no git; the next step tells which.
  }
  try {
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'core.hooksPath', '.githooks');
    return true;
  } catch {
    io.err('no git repository was made: git is not installed here, or it failed\n');
    return false;
  }
}

function reportValidity(directory: string, io: Io): void {
  const { diagnostics } = loadConfiguration(directory);
  if (diagnostics.length === 0) {
    io.out('the configuration is good\n');
    return;
  }
  const pathPrefix = pathPrefixOf(directory, io);
  io.out(printDiagnostics(diagnostics, 'text', { colour: io.colour, pathPrefix }));
}

function nextSteps(shown: string, madeGit: boolean): string {
  const git = madeGit ? '' : '  git config core.hooksPath .githooks   in the repository, to check commits\n';
  return `next:
  cd ${shown}
  npm install                           class4 itself; makes package-lock.json, which belongs into the commit
  npx class4 validate --strict
  npx class4 simulate
${git}  git add -A && git commit
README.md says how a change goes from there.
`;
}
