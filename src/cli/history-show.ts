import { printable } from '../diagnostics/printable.ts';
import { readFileOf } from '../history/file-packs.ts';
import type { VersionFile } from '../history/history.ts';
import { HistoryError } from '../history/history-error.ts';
import type { VersionRow } from '../history/version-table.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { type ActivationReport, activationReports, historyTable, keptOf } from './history.ts';
import {
  filesOf,
  isSwitchRunning,
  listOf,
  type ReadableHistory,
  shortHash,
  versionNamed,
  withHistory,
} from './history-reading.ts';
import { exitCodes, type Io } from './io.ts';
import { shortTime } from './table.ts';

const filesShown = 30;
/** Of these the ones of the version are shown. */
const activationsSearched = 10_000;

export const historyShow: Command = {
  name: 'history show',
  usage: 'VERSION [--file PATH] [--config DIR] [--json]',
  summary: 'one version: its commit, its files, and when it served',
  help: `Shows one version of the history: its commit, its files, when it served and what came of the calls then.

  VERSION        the number of a row of \`class4 history\`, \`previous\`, or at least four characters of the hash
  --file PATH    only this file as it was, on standard output
${commonHelp}
Exit codes: 0, 2 when there is no such version or file.`,
  arguments: { options: { ...commonOptions, file: 'value' }, required: ['the version'] },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const file = args.value('file');
    return withHistory(directory, async readable => {
      const row = await versionNamed(readable.table, args.positionals[0]!);
      if (file !== undefined) return printFile(readable, row, file, io);
      const running = await isSwitchRunning(directory);
      const limit = activationsSearched;
      const served = await activationReports(readable, { limit, running, hash: row.hash });
      const files = row.files === null ? null : filesOf(readable, row);
      if (args.flag('json')) printJson(io, jsonOf(row, files, served));
      else io.out(versionText(row, files, served));
      return exitCodes.ok;
    });
  },
};

function printFile({ blobs }: ReadableHistory, row: VersionRow, path: string, io: Io): number {
  const bytes = readFileOf(blobs, listOf(row), path);
  if (bytes === null) {
    const hint = `see \`class4 history show ${shortHash(row.hash)}\``;
    throw new HistoryError(`the version ${shortHash(row.hash)} has no file ${path}`, hint);
  }
  io.out(Buffer.from(bytes).toString('utf8'));
  return exitCodes.ok;
}

function jsonOf(
  row: VersionRow,
  files: readonly VersionFile[] | null,
  served: readonly ActivationReport[],
): object {
  const { hash, commit, keptAtMs } = row;
  return { hash, commit, keptAt: new Date(keptAtMs).toISOString(), kept: keptOf(row), files, served };
}

function versionText(
  row: VersionRow,
  files: readonly VersionFile[] | null,
  served: readonly ActivationReport[],
): string {
  const { hash, commit } = row;
  const going =
    row.compiled === null
      ? 'its files only; going back compiles them'
      : 'compiled; going back takes a moment';
  const facts: readonly (readonly [string, string])[] = [
    ['version', hash],
    ['kept', going],
    ['commit', commit === null ? '-' : commit.commit],
    ...(commit === null
      ? []
      : ([
          ['author', commit.author],
          ['committed', `${shortTime(new Date(commit.committedAtMs).toISOString())} UTC`],
          ['subject', commit.subject],
        ] as const)),
  ];
  const head = facts.map(([name, value]) => `${name.padEnd(11)}${printable(value)}\n`).join('');
  const times = served.length === 0 ? 'It has not served.\n' : historyTable(served, Date.now());
  return `${head}\n${times}\n${filesText(files)}`;
}

function filesText(files: readonly VersionFile[] | null): string {
  if (files === null) return 'Its files were not kept: they had changed again before they could be.\n';
  const lines = files
    .slice(0, filesShown)
    .map(({ path, bytes }) => `  ${printable(path)} (${bytes} bytes)\n`);
  const more = files.length - lines.length;
  const rest = more > 0 ? `  and ${more} more; --json lists all\n` : '';
  return `${files.length} ${files.length === 1 ? 'file' : 'files'}\n${lines.join('')}${rest}`;
}
