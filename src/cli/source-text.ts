/** Where the configurations of a running switch come from, for people. */
import type { GitSourceReport, SourceReport } from '../live/sources/source-report.ts';
import { shortTime } from './table.ts';

/** One line. */
export function sourceText(source: SourceReport): string {
  if (source.kind === 'directory') {
    return source.polling ? `${source.path}, looked at every few seconds` : source.path;
  }
  const { repository, branch, directory, commit, lastSuccessAt, nextFetchAt, playing } = source;
  const folder = directory === '.' ? '' : `, ${directory}`;
  const seen = lastSuccessAt === null ? 'not seen yet' : `seen ${shortTime(lastSuccessAt)} UTC`;
  const next = nextFetchAt === null ? '' : `, next look ${shortTime(nextFetchAt)}`;
  const good = commit === null ? '' : `, good ${commit.slice(0, 12)}`;
  const played =
    playing === null
      ? ''
      : `; scenarios of ${playing.commit.slice(0, 12)} played since ${shortTime(playing.since)}`;
  return `${repository} ${branch}${folder}${good}; ${seen}${next}${played}`;
}

/** What an operator has to know of it. */
export function sourceProblems(source: SourceReport): readonly string[] {
  if (source.kind === 'directory') return [];
  return [...awayText(source), ...refusedText(source)];
}

function awayText({ lastError, failures, lastSuccessAt }: GitSourceReport): readonly string[] {
  if (lastError === null) return [];
  const seen =
    lastSuccessAt === null ? 'was not seen since the start' : `was seen last ${shortTime(lastSuccessAt)} UTC`;
  return [`the repository ${seen} (${failures} failures in a row): ${lastError}`];
}

function refusedText({ refused }: GitSourceReport): readonly string[] {
  return refused === null ? [] : [`commit ${refused.commit.slice(0, 12)} is refused: ${refused.reason}`];
}
