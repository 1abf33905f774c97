import { counted } from '../diagnostics/count.ts';
import { printable } from '../diagnostics/printable.ts';
import { readFileOf } from '../history/file-packs.ts';
import type { VersionFile } from '../history/history.ts';
import { HistoryError } from '../history/history-error.ts';
import type { VersionRow } from '../history/version-table.ts';
import { printPlanText } from '../plan/report/print-text.ts';
import type { PlanReport } from '../plan/report/report.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import {
  filesOf,
  listOf,
  type ReadableHistory,
  shortHash,
  versionNamed,
  withHistory,
} from './history-reading.ts';
import { exitCodes, type Io } from './io.ts';
import { rowsShown } from './plan-output.ts';
import { planOfSides } from './plan-question.ts';
import { versionSide } from './served-sides.ts';
import { lineChanges, unifiedDiff } from './unified-diff.ts';

/** How one file differs. */
export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Lines of decks and lists, whose order says nothing; null for YAML that changed. */
  readonly rows: { readonly removed: number; readonly added: number } | null;
  /** Of YAML that changed; null otherwise. */
  readonly diff: string | null;
}

export const historyDiff: Command = {
  name: 'history diff',
  usage: 'A [B] [--files] [--at TIME] [--all] [--config DIR] [--json]',
  summary: 'what is different between two versions: files, and what becomes of calls',
  help: `Names the files of version B that are not those of version A, and says what that does to every number that can be
dialled, as \`class4 plan\` does: routes won and lost, prices, margins, each with the line that did it.

  A, B           numbers of rows of \`class4 history\`, \`previous\`, or at least four characters of a hash; without
                 B, what serves
  --files        the files alone: YAML as a unified diff, rate decks and lists of numbers by how many lines went
                 and came
  --at TIME      what becomes of calls from then on (default: now): 2026-01-31T12:00:00Z
  --all          every prefix, not the ten worst rows of each kind
${commonHelp}
For guards, Markdown or traffic, versions are sides of a plan: class4 plan --from history:A --to history:B.
Exit codes: 0, 2 when there is no such version, or neither its files nor its compiled form are of use.`,
  arguments: {
    options: { ...commonOptions, files: 'flag', at: 'value', all: 'flag' },
    required: ['the version to compare with'],
    optional: ['the other version'],
  },
  async run(args, io) {
    const asked = questionOf(args, configurationDirectory(args, io));
    const found = await findVersions(asked);
    const isJson = args.flag('json');
    const isSame = found.before.hash === found.after.hash;
    if (asked.filesOnly || (isSame && !isJson)) {
      if (isJson) printJson(io, jsonOf(found));
      else io.out(diffText(found, true));
      return exitCodes.ok;
    }
    if (!isJson) io.out(`${diffText(found, false)}\n`);
    const report = await planBetween(found, asked, io);
    if (report === null) return exitCodes.wrong;
    if (isJson) printJson(io, { ...jsonOf(found), plan: report });
    else io.out(printPlanText(report, { colour: io.colour, most: asked.most }));
    return exitCodes.ok;
  },
};

interface Question {
  /** The configuration directory: absolute. */
  readonly directory: string;
  /** As they were typed; null for what serves. */
  readonly first: string;
  readonly second: string | null;
  readonly filesOnly: boolean;
  /** ms since 1970 UTC */
  readonly nowMs: number;
  /** Rows of each group; null for all. */
  readonly most: number | null;
}

function questionOf(args: Arguments, directory: string): Question {
  const [first, second] = args.positionals as [string, string | undefined];
  const atMs = args.time('at');
  const filesOnly = args.flag('files');
  if (filesOnly && (atMs !== undefined || args.flag('all'))) {
    throw new UsageError('--files looks at no calls, so --at and --all say nothing');
  }
  const most = args.flag('all') ? null : rowsShown;
  return { directory, first, second: second ?? null, filesOnly, nowMs: atMs ?? Date.now(), most };
}

function findVersions({ directory, first, second, filesOnly }: Question): Promise<Found> {
  return withHistory(directory, async readable => {
    const before = await versionNamed(readable.table, first);
    const after = await versionNamed(readable.table, second ?? (await servingName(readable)));
    return { before, after, changes: changesBetween(readable, before, after, filesOnly) };
  });
}

/** null when one of them does not compile any more, which has been told then. */
async function planBetween(
  { before, after }: Found,
  { directory, first, second, nowMs }: Question,
  io: Io,
): Promise<PlanReport | null> {
  const to =
    second === null
      ? versionSide('what serves', after, `history:${shortHash(after.hash)}`)
      : versionSide(second, after);
  const sides = { from: versionSide(first, before), to };
  const options = { directory, nowMs, down: [], database: null, sinceMs: null };
  const made = await planOfSides('history diff', sides, options, io);
  return made === null ? null : { ...made, guards: [] };
}

/** Two versions and their files. */
interface Found {
  readonly before: VersionRow;
  readonly after: VersionRow;
  /** null when the files of one of them were not kept: then its compiled form alone tells what it was. */
  readonly changes: readonly FileChange[] | null;
}

function jsonOf({ before, after, changes }: Found): object {
  return { from: before.hash, to: after.hash, files: changes };
}

async function servingName({ table }: ReadableHistory): Promise<string> {
  const { serving } = await table.roles();
  if (serving === null) throw new HistoryError('nothing has served yet', 'name two versions');
  return serving;
}

function changesBetween(
  readable: ReadableHistory,
  before: VersionRow,
  after: VersionRow,
  filesOnly: boolean,
): readonly FileChange[] | null {
  if (!filesOnly && (before.files === null || after.files === null)) return null;
  const [old, young] = [byPath(filesOf(readable, before)), byPath(filesOf(readable, after))];
  const paths = [...new Set([...old.keys(), ...young.keys()])].sort();
  return paths.flatMap(path => {
    const [was, is] = [old.get(path), young.get(path)];
    if (was?.sha256 === is?.sha256) return [];
    const texts = [
      was === undefined ? '' : textOf(readable, before, path),
      is === undefined ? '' : textOf(readable, after, path),
    ] as const;
    const change = was === undefined ? 'added' : is === undefined ? 'removed' : 'changed';
    const isYaml = path.endsWith('.yaml');
    return [
      {
        ...{ path, change },
        rows: isYaml && change === 'changed' ? null : lineChanges(...texts),
        diff: isYaml && change === 'changed' ? unifiedDiff(...texts) : null,
      } satisfies FileChange,
    ];
  });
}

function byPath(files: readonly VersionFile[]): ReadonlyMap<string, VersionFile> {
  return new Map(files.map(file => [file.path, file]));
}

function textOf({ blobs }: ReadableHistory, row: VersionRow, path: string): string {
  const bytes = readFileOf(blobs, listOf(row), path);
  if (bytes === null) throw new Error(`${path} is listed and not there`);
  return Buffer.from(bytes).toString('utf8');
}

function diffText({ before, after, changes }: Found, withLines: boolean): string {
  const [from, to] = [shortHash(before.hash), shortHash(after.hash)];
  if (changes === null) {
    const lost = before.files === null ? from : to;
    return `The files of the version ${lost} were not kept, so only what becomes of calls can be compared.\n`;
  }
  if (changes.length === 0) {
    return from === to ? `${from} is the same version.\n` : `The files of ${from} and ${to} are the same.\n`;
  }
  const count = `${changes.length} ${changes.length === 1 ? 'file differs' : 'files differ'}`;
  const texts = withLines ? changes.map(change => `\n${changeText(change)}`) : changes.map(nameText);
  return `${count} from ${from} to ${to}\n${texts.join('')}`;
}

function changeText({ path, change, rows, diff }: FileChange): string {
  const name = printable(path);
  return diff === null ? `${rowsText(change, name, rows!)}\n` : `--- ${name}\n+++ ${name}\n${diff}`;
}

function nameText({ path, change, rows }: FileChange): string {
  const name = printable(path);
  return `  ${rows === null ? `${change} ${name}` : rowsText(change, name, rows)}\n`;
}

function rowsText(
  change: FileChange['change'],
  name: string,
  { removed, added }: NonNullable<FileChange['rows']>,
): string {
  const lines = [
    ...(removed > 0 ? [`${counted(removed, 'line')} went`] : []),
    ...(added > 0 ? [`${counted(added, 'line')} came`] : []),
  ];
  return `${change} ${name}: ${lines.length === 0 ? 'the order of its lines' : lines.join(', ')}`;
}
