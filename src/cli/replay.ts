/** `class4 replay`: calls that were made, played again with two configurations. */
import { resolve } from 'node:path';
import type { Snapshot } from '../config/snapshot.ts';
import { checkGuards, guardedFigures, guardOf, type ReplayGuard } from '../replay/guards.ts';
import { usualPartSize } from '../replay/parts.ts';
import { type ReplayReport, reportOf } from '../replay/report.ts';
import { databaseExists } from '../store/sqlite-store.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, configurationDirectory } from './command.ts';
import { exitCodes, type Io } from './io.ts';
import { type ReplayOutput, replayFormats, reportReplay } from './replay/replay-output.ts';
import { ReplayProgress } from './replay/replay-progress.ts';
import { InterruptedError, type Replayed, runReplay } from './replay/replay-run.ts';
import { ownDatabase, type ReplaySides, replaySides } from './replay/replay-sides.ts';
import { checkReportPaths, outputPath, reportPath } from './report-file.ts';

/** What shells say of a program that ended by Ctrl-C. */
const interruptedCode = 130;

export const replay: Command = {
  name: 'replay',
  usage: '[--from SIDE] [--to SIDE] [--config DIR] [--database FILE] [--since TIME] [--until TIME] …',
  summary: 'calls that were made, played again with two configurations',
  help: `Plays recorded calls with two configurations, by the code that routes calls: the same callers at the same times,
and vendors that behave as recorded. Says what becomes of completion, post-dial delay, cost, margin and lines, by
customer and by vendor, and which calls would be refused; and how well the old configuration agrees with the record.

  --from SIDE          what is compared with (default: where the default branch was left)
  --to SIDE            what is to be (default: the files in the configuration directory)
                       a SIDE is a directory, a branch, tag or commit, or live, as for \`class4 plan\`
  --config DIR         the configuration directory (default: the current one)
  --database FILE      whose calls (default: the database of the new side in the configuration directory)
  --since TIME         calls from then on (default: 24 hours before the last one): 2026-01-31T12:00:00Z
  --until TIME         calls before then (default: up to the last one)
  --as-of TIME         they come whole weeks later, from then on: with the rates and calendars of that time
  --seed N             decides what chance decides (default: 1)
  --whole              plays all calls at once, however many, and not in parts: an interruption begins anew
  --fresh              begins anew, whatever an interrupted replay has left

  --fail-on WHAT,WHAT  exit code 1 when one of ${guardedFigures.join(', ')} gets worse; with a limit: completion:1%

  --format FORMAT      ${replayFormats.join(', ')} (default: text); --json is --format json
  --output FILE        the report goes into FILE, and standard output says the same as text
  --markdown FILE      the report goes into FILE as Markdown, too
  --json-file FILE     the report goes into FILE as JSON, too, whatever the format
  --all                text tells every customer and vendor, not ten of each
  --help               this text

An interrupted replay goes on where it was when the same command is typed again.
Exit codes: 0, 1 a guard does not let it pass, 2 a side does not compile or the command line is wrong, 4 the switch
cannot be reached. docs/replay.md explains what is played, and the report.`,
  arguments: {
    options: {
      ...{ from: 'value', to: 'value', config: 'value', database: 'value', since: 'value', until: 'value' },
      ...{ seed: 'value', 'as-of': 'value', whole: 'flag', fresh: 'flag', 'fail-on': 'value' },
      ...{ format: 'value', output: 'value', markdown: 'value', 'json-file': 'value', all: 'flag' },
      ...{ json: 'flag', help: 'flag' },
    },
    required: [],
  },
  async run(args, io) {
    const [guards, output, span] = [guardsOf(args), outputOf(args, io), spanOf(args)];
    const seed = args.wholeNumber('seed', 0, Number.MAX_SAFE_INTEGER) ?? 1;
    checkReportPaths(args, io);
    const directory = configurationDirectory(args, io);
    const [from, to] = [sideOf(args, 'from'), sideOf(args, 'to')];
    const typedDatabase = await typedDatabaseOf(args, io);
    const sides = await replaySides({ directory, from, to }, io);
    if (sides === null) return exitCodes.wrong;
    const path = typedDatabase ?? (await databaseOf(directory, sides.after));
    const question = {
      ...{ ...span, ...sides, path, seed, asOfMs: args.time('as-of') ?? null, fresh: args.flag('fresh') },
      least: args.flag('whole') ? null : usualPartSize,
    };
    const workDirectory = resolve(directory, 'var', 'replay');
    const replayed = await untilInterrupted(io, (interrupted, progress) =>
      runReplay({ ...question, workDirectory }, around(io, interrupted, progress)),
    );
    if (replayed === null) return interruptedCode;
    const told = tellOf(replayed, sides, { database: args.value('database') ?? path, seed });
    const findings = checkGuards(told, guards);
    reportReplay({ ...told, guards: findings }, output, io);
    replayed.tidy();
    return findings.length > 0 ? exitCodes.unexpected : exitCodes.ok;
  },
};

function around(
  io: Io,
  interrupted: Promise<void>,
  progress: ReplayProgress,
): Parameters<typeof runReplay>[1] {
  return {
    progress,
    nowMs: Date.now(),
    interrupted,
    begun({ isKept, done, all }) {
      if (!isKept) io.err('An interruption would begin anew: nothing can be written to var/replay.\n');
      else if (done > 0) io.err(`Goes on where it was interrupted: ${done} of ${all} pieces are done.\n`);
    },
  };
}

/** null after Ctrl-C, which has been told. */
async function untilInterrupted(
  io: Io,
  work: (interrupted: Promise<void>, progress: ReplayProgress) => Promise<Replayed>,
): Promise<Replayed | null> {
  const progress = new ReplayProgress(io, () => performance.now());
  let interrupt = (): void => {};
  const interrupted = new Promise<void>(resolve => {
    interrupt = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  try {
    return await work(interrupted, progress);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    progress.clear();
    io.err('Interrupted. The same command goes on with what is not done yet; with --fresh it begins anew.\n');
    return null;
  } finally {
    progress.clear();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
}

function tellOf(
  { comparison, extent, parts, unreadable, laterMs, examples }: Replayed,
  { from, to, before, after }: ReplaySides,
  { database, seed }: { readonly database: string; readonly seed: number },
): Omit<ReplayReport, 'guards'> {
  const head = {
    from: from.name,
    to: to.name,
    database,
    since: isoOf(extent.firstMs),
    until: isoOf(extent.lastMs),
    daysLater: laterMs / 86_400_000,
    unreadable,
    parts,
    seed,
    currencies: { before: before.switch.currency, after: after.switch.currency },
  };
  return reportOf(head, comparison, examples);
}

function isoOf(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

async function typedDatabaseOf(args: Arguments, io: Io): Promise<string | null> {
  const typed = args.value('database');
  if (typed === undefined) return null;
  const path = resolve(io.workingDirectory, typed);
  if (await databaseExists(path)) return path;
  throw new UsageError(`there is no database ${typed}`);
}

async function databaseOf(directory: string, snapshot: Snapshot): Promise<string> {
  const path = ownDatabase(directory, snapshot);
  if (await databaseExists(path)) return path;
  throw new UsageError(`there is no database ${path}; name one with --database`);
}

function spanOf(args: Arguments): { readonly sinceMs: number | null; readonly untilMs: number | null } {
  const [sinceMs, untilMs] = [args.time('since') ?? null, args.time('until') ?? null];
  if (sinceMs !== null && untilMs !== null && untilMs <= sinceMs)
    throw new UsageError('--until is not later than --since');
  return { sinceMs, untilMs };
}

function sideOf(args: Arguments, name: string): string | null {
  const side = args.value(name) ?? null;
  if (side === '') throw new UsageError(`--${name} is empty text`);
  return side;
}

function guardsOf(args: Arguments): readonly ReplayGuard[] {
  const text = args.value('fail-on');
  if (text === undefined) return [];
  return text.split(',').map(item => {
    const guard = guardOf(item.trim());
    if (guard !== null) return guard;
    const figures = guardedFigures.join(', ');
    throw new UsageError(`--fail-on takes ${figures}, each with a limit as in completion:1%, not "${item}"`);
  });
}

function outputOf(args: Arguments, io: Io): ReplayOutput {
  const asked = args.value('format') ?? (args.flag('json') ? 'json' : 'text');
  const format = replayFormats.find(one => one === asked);
  if (format === undefined)
    throw new UsageError(`there is no format "${asked}": use ${replayFormats.join(', ')}`);
  if (args.flag('json') && format !== 'json')
    throw new UsageError('either --json or another --format, not both');
  return {
    format,
    output: outputPath(args, io),
    markdown: reportPath('markdown', args, io),
    jsonFile: reportPath('json-file', args, io),
    all: args.flag('all'),
  };
}
