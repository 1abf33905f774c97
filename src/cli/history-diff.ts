import { counted } from '../diagnostics/count.ts';
import { printable } from '../diagnostics/printable.ts';
import { readFileOf } from '../history/file-packs.ts';
import type { VersionFile } from '../history/history.ts';
import { HistoryError } from '../history/history-error.ts';
import type { VersionRow } from '../history/version-table.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import {
  filesOf,
  listOf,
  type ReadableHistory,
  shortHash,
  versionNamed,
  withHistory,
} from './history-reading.ts';
import { exitCodes } from './io.ts';
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
  usage: 'A [B] [--config DIR] [--json]',
  summary: 'what differs between the files of two versions',
  help: `Shows how the files of version B differ from those of version A: YAML as a unified diff, rate decks and lists of
numbers by how many lines went and came.

  A, B           numbers of rows of \`class4 history\`, \`previous\`, or at least four characters of a hash; without
                 B, what serves
${commonHelp}
Exit codes: 0, 2 when there is no such version, or its files were not kept.`,
  arguments: {
    options: commonOptions,
    required: ['the version to compare with'],
    optional: ['the other version'],
  },
  async run(args, io) {
    const [first, second] = args.positionals as [string, string | undefined];
    return withHistory(configurationDirectory(args, io), async readable => {
      const before = await versionNamed(readable.table, first);
      const after = await versionNamed(readable.table, second ?? (await servingName(readable)));
      const changes = changesBetween(readable, before, after);
      if (args.flag('json')) printJson(io, { from: before.hash, to: after.hash, files: changes });
      else io.out(diffText(before, after, changes));
      return exitCodes.ok;
    });
  },
};

async function servingName({ table }: ReadableHistory): Promise<string> {
  const { serving } = await table.roles();
  if (serving === null) throw new HistoryError('nothing has served yet', 'name two versions');
  return serving;
}

function changesBetween(
  readable: ReadableHistory,
  before: VersionRow,
  after: VersionRow,
): readonly FileChange[] {
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

function diffText(before: VersionRow, after: VersionRow, changes: readonly FileChange[]): string {
  const [from, to] = [shortHash(before.hash), shortHash(after.hash)];
  if (changes.length === 0) {
    return from === to ? `${from} is the same version.\n` : `The files of ${from} and ${to} are the same.\n`;
  }
  const count = `${changes.length} ${changes.length === 1 ? 'file differs' : 'files differ'}`;
  return `${count} from ${from} to ${to}\n${changes.map(changeText).join('')}`;
}

function changeText({ path, change, rows, diff }: FileChange): string {
  const name = printable(path);
  if (diff !== null) return `\n--- ${name}\n+++ ${name}\n${diff}`;
  const lines = [
    ...(rows!.removed > 0 ? [`${counted(rows!.removed, 'line')} went`] : []),
    ...(rows!.added > 0 ? [`${counted(rows!.added, 'line')} came`] : []),
  ];
  return `\n${change} ${name}: ${lines.length === 0 ? 'the order of its lines' : lines.join(', ')}\n`;
}
