/** Quality by version for people. */
import { printable } from '../diagnostics/printable.ts';
import type { BlamedChange, BlamedFigure, BlamedVersion, BlameReport } from './blame.ts';
import { shortHash } from './history-reading.ts';
import { percentText, secondsText } from './quality-text.ts';
import { formatTable, paint, shortTime } from './table.ts';

export function blameText({ since, until, versions, changes, test }: BlameReport, colour: boolean): string {
  const range = `from ${shortTime(since)} to ${shortTime(until)} UTC`;
  if (versions.length === 0) return `no calls ${range}\n`;
  const changed = new Set(changes.map(({ version }) => version));
  const table = formatTable(
    [
      ...['', 'id', 'version', 'served from (UTC)', 'to'].map(title => ({ title })),
      ...['calls', 'ASR', 'ACD', 'PDD', 'profit/min'].map(title => ({ title, align: 'right' }) as const),
      ...['commit', 'subject'].map(title => ({ title })),
    ],
    versions.map((version, index) => [changed.has(index) ? '>' : '', ...cellsOf(version)]),
  );
  const lines =
    changes.length === 0
      ? [unblamed(versions.length, test)]
      : changes.map(change =>
          paint(changeLine(change, versions[change.version]!), isWorse(change) ? 'red' : 'green', colour),
        );
  return `${table}\n${lines.join('\n')}\n`;
}

function cellsOf(version: BlamedVersion): readonly string[] {
  const { activation, hash, from, to, calls, commit, postDialDelayMs } = version;
  return [
    activation === null ? '' : String(activation),
    shortHash(hash),
    shortTime(from),
    to === null ? '' : shortTime(to),
    String(calls),
    percentText(version.answerSeizureRatio),
    secondsText(version.averageCallDurationSeconds, 1),
    secondsText(postDialDelayMs === null ? null : postDialDelayMs / 1000, 2),
    version.profitPerMinute ?? '',
    commit?.commit.slice(0, 8) ?? '',
    commit?.subject ?? version.reason ?? version.cause ?? '',
  ];
}

function unblamed(versions: number, { isEnough, callsMin }: BlameReport['test']): string {
  if (versions === 1) return 'one version alone: there is nothing to compare it with';
  return isEnough
    ? 'no version changed the quality by more than chance does'
    : `not enough calls to tell: a change takes ${callsMin} on each side of it`;
}

/** A change of the talk is neither: short calls may be false answers, and long ones calls that are not ended. */
function isWorse({ figure, before, after }: BlamedChange): boolean {
  return figure === 'answerSeizureRatio' ? after < before : after > before;
}

function changeLine(change: BlamedChange, version: BlamedVersion): string {
  const { figure, before, after, chance } = change;
  const { name, text } = figureWords[figure];
  const odds = `chance alone: ${chance < 1e-6 ? 'under 1 in a million' : `1 in ${Math.round(1 / chance)}`}`;
  return `quality changed with ${whatOf(version)}: ${name} ${text(before)} before, ${text(after)} since (${odds})`;
}

const figureWords: Readonly<
  Record<BlamedFigure, { readonly name: string; readonly text: (value: number) => string }>
> = {
  answerSeizureRatio: { name: 'ASR', text: percentText },
  postDialDelayMs: { name: 'PDD', text: milliseconds => secondsText(milliseconds / 1000, 2) },
  averageCallDurationSeconds: { name: 'ACD', text: seconds => secondsText(seconds, 1) },
};

function whatOf({ commit, hash, activation, cause, by, reason }: BlamedVersion): string {
  if (cause === 'rollback') {
    return printable(
      `the rollback ${activation} to ${shortHash(hash)} by ${by}${reason === null ? '' : ` (${reason})`}`,
    );
  }
  if (commit !== null) {
    return printable(`${commit.commit.slice(0, 8)} ${commit.subject} by ${commit.author}`);
  }
  const number = activation === null ? '' : ` ${activation}`;
  return printable(`version${number} ${shortHash(hash)}, which is no commit`);
}
