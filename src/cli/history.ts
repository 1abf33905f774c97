import { printable } from '../diagnostics/printable.ts';
import type { Activation, Hold } from '../history/history.ts';
import type { ActivationFigures, VersionRow } from '../history/version-table.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { isSwitchRunning, type ReadableHistory, shortHash, withHistory } from './history-reading.ts';
import { exitCodes } from './io.ts';
import { percentText } from './quality-text.ts';
import { formatDuration, formatTable, shortTime } from './table.ts';

const limitMax = 10_000;
const limitDefault = 20;

/** A time in which a version served, with what came of its calls. */
export interface ActivationReport extends ActivationFigures {
  readonly id: number;
  readonly hash: string;
  /** The hash that records of its calls carry: another one where another release compiled the version first. */
  readonly servedHash: string;
  readonly cause: Activation['cause'];
  readonly by: string;
  readonly reason: string | null;
  readonly sharePercent: number;
  readonly beganAt: string;
  readonly endedAt: string | null;
  /** `killed`: nobody could write down when it ended. */
  readonly state: 'serving' | 'ended' | 'killed';
  readonly held: boolean;
  /** What one can go back to: at once, by compiling its files, or not any more. */
  readonly kept: 'compiled' | 'files' | 'dropped';
  readonly commit: VersionRow['commit'];
}

export const history: Command = {
  name: 'history',
  usage: '[--limit N] [--config DIR] [--json]',
  summary: 'which configurations served, when, why, and how well',
  help: `Lists the times in which a configuration served, newest first: since when and for how long, its version and
commit, why it began to serve and who saw to it, and what came of the calls of customers meanwhile (ASR is
answered calls of all calls). It reads the database and the files beside it, whether or not a switch runs.

  --limit N      at most so many (default ${limitDefault}, at most ${limitMax})
${commonHelp}
A version is named by the number of one of its rows, by \`previous\`, or by at least four characters of its hash.
Exit codes: 0, 2 when there is no history or the command line is wrong.`,
  arguments: { options: { ...commonOptions, limit: 'value' }, required: [] },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const limit = args.wholeNumber('limit', 1, limitMax) ?? limitDefault;
    const running = await isSwitchRunning(directory);
    return withHistory(directory, async readable => {
      const reports = await activationReports(readable, { limit, running });
      if (args.flag('json')) printJson(io, reports);
      else if (reports.length === 0) io.out('nothing has served yet\n');
      else io.out(`${historyTable(reports, Date.now())}${heldText(await readable.table.hold())}`);
      return exitCodes.ok;
    });
  },
};

export interface ReportOptions {
  readonly limit: number;
  /** A switch runs, so that what was not ended serves. */
  readonly running: boolean;
  /** Only of this version. */
  readonly hash?: string;
}

export async function activationReports(
  { table }: ReadableHistory,
  { limit, running, hash }: ReportOptions,
): Promise<readonly ActivationReport[]> {
  const activations = await table.activations(limit);
  const hold = await table.hold();
  const reports: ActivationReport[] = [];
  for (const [index, activation] of activations.entries()) {
    if (hash !== undefined && activation.hash !== hash && activation.servedHash !== hash) continue;
    const newer = activations.slice(0, index);
    const row = await table.version(activation.hash);
    const isServing = running && activation.endedAtMs === null && servesStill(activation, newer);
    // What was killed served until somebody started the switch again, at the latest.
    const endedAtMs = activation.endedAtMs ?? (isServing ? null : (newer.at(-1)?.beganAtMs ?? null));
    const served = activation.servedHash ?? activation.hash;
    const figures = await table.figures(served, activation.beganAtMs, endedAtMs);
    reports.push({ ...reportOf(activation, row, hold, isServing), ...figures });
  }
  return reports;
}

/** Nothing that came later took its calls: at most a trial took a share of them. */
function servesStill({ sharePercent }: Activation, newer: readonly Activation[]): boolean {
  return newer.every(other => other.sharePercent < 100 && sharePercent === 100);
}

function reportOf(
  activation: Activation,
  row: VersionRow | null,
  hold: Hold | null,
  isServing: boolean,
): Omit<ActivationReport, keyof ActivationFigures> {
  const { id, hash, servedHash = hash, cause, by, reason, sharePercent, beganAtMs, endedAtMs } = activation;
  return {
    ...{ id, hash, servedHash, cause, by, reason, sharePercent },
    beganAt: new Date(beganAtMs).toISOString(),
    endedAt: endedAtMs === null ? null : new Date(endedAtMs).toISOString(),
    state: endedAtMs !== null ? 'ended' : isServing ? 'serving' : 'killed',
    held: hold?.hash === hash && isServing,
    kept: keptOf(row),
    commit: row?.commit ?? null,
  };
}

export function keptOf(row: VersionRow | null): ActivationReport['kept'] {
  if (row === null) return 'dropped';
  return row.compiled === null ? 'files' : 'compiled';
}

export function historyTable(reports: readonly ActivationReport[], nowMs: number): string {
  const columns = ['id', 'began (UTC)', 'for', 'version', 'cause', 'by'].map(title => ({ title }));
  return formatTable(
    [
      ...columns,
      { title: 'calls', align: 'right' },
      { title: 'ASR', align: 'right' },
      { title: 'PDD', align: 'right' },
      { title: 'commit' },
      { title: 'why' },
    ],
    reports.map(report => [
      String(report.id),
      shortTime(report.beganAt),
      lengthText(report, nowMs),
      `${shortHash(report.hash)}${report.kept === 'dropped' ? ' (dropped)' : ''}`,
      report.sharePercent === 100 ? report.cause : `${report.cause} ${report.sharePercent} %`,
      report.by,
      String(report.calls),
      percentText(report.answerSeizureRatio),
      report.postDialDelayMs === null ? '' : `${(report.postDialDelayMs / 1000).toFixed(2)} s`,
      report.commit?.commit.slice(0, 8) ?? '',
      report.reason ?? report.commit?.subject ?? '',
    ]),
  );
}

/** A hold outlives the switch: the next one starts with it. */
function heldText(hold: Hold | null): string {
  if (hold === null) return '';
  const { hash, by, reason, sinceMs } = hold;
  const since = shortTime(new Date(sinceMs).toISOString());
  return `\n${shortHash(hash)} is held by ${printable(by)} since ${since} UTC: ${printable(reason)}\n`;
}

function lengthText({ beganAt, endedAt, state, held }: ActivationReport, nowMs: number): string {
  if (state === 'killed') return 'killed';
  const endMs = endedAt === null ? nowMs : Date.parse(endedAt);
  const length = formatDuration(Math.max(0, Math.round((endMs - Date.parse(beganAt)) / 1000)));
  if (state === 'ended') return length;
  return held ? `${length}, held` : `${length}, serves`;
}
