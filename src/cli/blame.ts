import { resolve } from 'node:path';
import type { Activation } from '../history/history.ts';
import type { VersionRow } from '../history/version-table.ts';
import { moneyText } from '../rating/money.ts';
import {
  type ChangePoint,
  type ChangeRule,
  chanceMax,
  changePoints,
  meanOf,
  type Sample,
} from '../rollout/change-points.ts';
import { databaseExists } from '../store/sqlite-store.ts';
import { SqliteVersionTable } from '../store/sqlite-version-table.ts';
import {
  type HourOfVersion,
  type VersionQuality,
  type VersionQualityQuery,
  versionQuality,
} from '../store/version-quality.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { blameText } from './blame-text.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { storePathOf } from './history-reading.ts';
import { exitCodes } from './io.ts';
import { Progress } from './progress.ts';

/** The calls of one version while it served once. */
export interface BlamedVersion {
  /** The number of that time in the history; null when the history does not know it. */
  readonly activation: number | null;
  /** What the history calls it. */
  readonly hash: string;
  /** The hash that records carry: another one where another release compiled the version first. */
  readonly servedHash: string;
  readonly commit: VersionRow['commit'];
  readonly cause: Activation['cause'] | null;
  readonly by: string | null;
  readonly reason: string | null;
  /** When it began to serve; when its first call came where the history does not know it. */
  readonly from: string;
  /** null while it serves, or when nobody knows. */
  readonly to: string | null;
  readonly calls: number;
  readonly answered: number;
  readonly answerSeizureRatio: number;
  /** null when no call was answered. */
  readonly averageCallDurationSeconds: number | null;
  readonly postDialDelayMs: number | null;
  readonly profit: string;
  /** Of talk; null without any. */
  readonly profitPerMinute: string | null;
}

/** A figure of which the change can be told from chance. */
export type BlamedFigure = 'answerSeizureRatio' | 'postDialDelayMs' | 'averageCallDurationSeconds';

export interface BlamedChange {
  /** Index into `versions` of the first one that was different. */
  readonly version: number;
  readonly figure: BlamedFigure;
  /** The figure of the versions up to there, back to the change before, and since, up to the next one. */
  readonly before: number;
  readonly after: number;
  /** That chance alone makes such a difference, 0–1. */
  readonly chance: number;
}

export interface BlameReport {
  readonly since: string;
  readonly until: string;
  readonly versions: readonly BlamedVersion[];
  /** By version. */
  readonly changes: readonly BlamedChange[];
  readonly test: {
    readonly chanceMax: number;
    readonly callsMin: number;
    /** False: there are too few calls to blame any version, whatever changed. */
    readonly isEnough: boolean;
  };
}

const callsMin = 50;
/** Means of figures without a bound need more to be trusted. */
const valuesMin = 200;

interface Figure {
  readonly figure: BlamedFigure;
  readonly rule: Omit<ChangeRule, 'figures'>;
  readonly sample: (hour: HourOfVersion) => Sample;
}

const figures: readonly Figure[] = [
  {
    figure: 'answerSeizureRatio',
    rule: { countMin: callsMin, differenceMin: { absolute: 0.02 } },
    sample: ({ calls, answered }) => ({ count: calls, sum: answered, sumOfSquares: answered }),
  },
  {
    figure: 'postDialDelayMs',
    rule: { countMin: valuesMin, differenceMin: { absolute: 200 } },
    sample: hour => ({ count: hour.delayed, sum: hour.delayMs, sumOfSquares: hour.squaredDelays }),
  },
  {
    figure: 'averageCallDurationSeconds',
    rule: { countMin: valuesMin, differenceMin: { relative: 0.1 } },
    sample: hour => ({ count: hour.answered, sum: hour.talkSeconds, sumOfSquares: hour.squaredTalks }),
  },
];

const sinceDefaultMs = 24 * 3_600_000;
const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

export const blame: Command = {
  name: 'blame',
  usage:
    '[--prefix P] [--gateway NAME] [--account NAME] [--since TIME] [--until TIME] [--config DIR] [--json]',
  summary: 'quality by version of the configuration, and which one changed it',
  help: `Shows what came of calls by the version of the configuration that decided them, in the order in which the versions
served, and names the ones with which the share of answered calls (ASR), the post-dial delay (PDD) or the mean talk
(ACD) changed, for worse or better. It reads the database, whether or not a switch runs.

  --prefix P       calls to numbers that begin with this, as rated
  --gateway NAME   calls from this mapping gateway, or tried last at this routing gateway
  --account NAME   calls that this account pays for or is owed for
  --since TIME     calls that came at this time or later: 90m, 24h or 7d ago, 2026-01-31 or 2026-01-31T12:00:00Z (default 24h)
  --until TIME     calls that came before this time
${commonHelp}
A change is a difference that chance alone makes in fewer than one of ${1 / chanceMax} questions (chance being what hours of one
version differ by), of 2 points of ASR, 0.2 s of PDD or a tenth of the ACD at least, most of which shows at once. It takes
${callsMin} calls on each side, and ${valuesMin} with a PDD, or answered ones. Profit is shown and not judged.
Exit codes: 0, 2 when there are no records yet or the command line is wrong.`,
  arguments: {
    options: {
      ...commonOptions,
      prefix: 'value',
      gateway: 'value',
      account: 'value',
      since: 'value',
      until: 'value',
    },
    required: [],
  },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const query = queryOf(args, Date.now());
    const path = resolve(directory, storePathOf(directory));
    if (!(await databaseExists(path))) {
      io.err(`There are no records yet: a switch that starts begins them at ${path}\n`);
      return exitCodes.wrong;
    }
    const progress = new Progress(io, Date.now, 'hour');
    const report = await blameReport(path, query, (index, count, calls) => progress.at(index, count, calls));
    progress.done();
    if (args.flag('json')) printJson(io, report);
    else io.out(blameText(report, io.colour));
    return exitCodes.ok;
  },
};

/** @throws StoreError */
export async function blameReport(
  path: string,
  query: VersionQualityQuery,
  onProgress?: (index: number, count: number, calls: number) => void,
): Promise<BlameReport> {
  const found = await versionQuality(path, query, onProgress);
  const versions = await withVersions(path, found);
  const judged = figures.map(({ figure, rule, sample }) => {
    const samples = found.map(({ hours }) => hours.map(sample));
    return { figure, ...changePoints(samples, { ...rule, figures: figures.length }) };
  });
  const changes = judged.flatMap(({ figure, found }) => found.map(point => changeOf(figure, point)));
  return {
    since: isoTime(query.sinceMs),
    until: isoTime(query.untilMs),
    versions,
    changes: changes.sort((one, other) => one.version - other.version),
    test: { chanceMax, callsMin, isEnough: judged.some(({ isEnough }) => isEnough) },
  };
}

function changeOf(figure: BlamedFigure, { index, before, after, chance }: ChangePoint): BlamedChange {
  return { version: index, figure, before: meanOf(before), after: meanOf(after), chance };
}

async function withVersions(
  path: string,
  found: readonly VersionQuality[],
): Promise<readonly BlamedVersion[]> {
  const table = await SqliteVersionTable.open({ path, readOnly: true });
  try {
    const hasHistory = await table.exists();
    const versions: BlamedVersion[] = [];
    for (const quality of found) {
      const { hash, activation: id } = quality;
      const activation = id === null ? null : await table.activation(id);
      const row = hasHistory ? await table.version(activation?.hash ?? hash) : null;
      versions.push(blamedVersion(quality, activation, row));
    }
    return versions;
  } finally {
    await table.close();
  }
}

function blamedVersion(
  quality: VersionQuality,
  activation: Activation | null,
  row: VersionRow | null,
): BlamedVersion {
  const { hash: servedHash, calls, answered, postDialDelayMs, talkSeconds, profit, firstCallMs } = quality;
  const endedAtMs = activation?.endedAtMs ?? null;
  const minutes = talkSeconds / 60;
  return {
    activation: quality.activation,
    hash: activation?.hash ?? servedHash,
    servedHash,
    commit: row?.commit ?? null,
    cause: activation?.cause ?? null,
    by: activation?.by ?? null,
    reason: activation?.reason ?? null,
    from: isoTime(activation?.beganAtMs ?? firstCallMs),
    to: endedAtMs === null ? null : isoTime(endedAtMs),
    ...{ calls, answered, answerSeizureRatio: answered / calls },
    averageCallDurationSeconds: answered === 0 ? null : talkSeconds / answered,
    postDialDelayMs,
    profit: moneyText(profit),
    profitPerMinute: minutes === 0 ? null : (Number(moneyText(profit)) / minutes).toFixed(4),
  };
}

function queryOf(args: Arguments, nowMs: number): VersionQualityQuery {
  const sinceMs = timeOf(args, 'since', nowMs) ?? nowMs - sinceDefaultMs;
  const untilMs = timeOf(args, 'until', nowMs) ?? nowMs;
  if (sinceMs >= untilMs) throw new UsageError('--since must lie before --until');
  const given = {
    prefix: args.value('prefix'),
    gateway: args.value('gateway'),
    account: args.value('account'),
  };
  if (given.prefix === '') throw new UsageError('--prefix needs at least one digit');
  const stated = Object.entries(given).filter(([, value]) => value !== undefined);
  return { sinceMs, untilMs, ...Object.fromEntries(stated) };
}

/** ms since 1970 UTC: so long ago, or a time. @throws UsageError */
function timeOf(args: Arguments, name: string, nowMs: number): number | undefined {
  const ago = /^(\d{1,6})([mhd])$/.exec(args.value(name) ?? '');
  return ago === null ? args.time(name) : nowMs - Number(ago[1]) * unitsMs[ago[2]!]!;
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
