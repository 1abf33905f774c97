/** A rollout in words and columns. */
import { printable } from '../diagnostics/printable.ts';
import type { GivenUp, RolloutReport } from '../live/operations.ts';
import type { SideFigures } from '../rollout/judge.ts';
import { paint, shortTime } from './table.ts';

export function rolloutLines(report: RolloutReport, colour: boolean): readonly string[] {
  const { hash, sharePercent, beganAt, secondsLeft, stable, candidate, suspicions } = report;
  return [
    `ROLLOUT   ${hash} on ${sharePercent} % of the new calls since ${shortTime(beganAt)} UTC, ${leftText(secondsLeft)} left`,
    `            ${'calls'.padStart(9)}${'refused'.padStart(9)}${'ASR'.padStart(9)}${'PDD'.padStart(9)}`,
    `  stable    ${sideText(stable)}`,
    `  candidate ${sideText(candidate)}`,
    `  verdict   ${verdictText(report)}`,
    ...suspicions.map(({ text }) => paint(`  suspicion ${printable(text)}`, 'yellow', colour)),
  ];
}

export function givenUpLine({ hash, by, reason }: GivenUp): string {
  return printable(
    `taken back by ${by}: ${hash}, which is not tried again until the files change: ${reason}`,
  );
}

function sideText({ calls, refused, asr, postDialDelayMs }: SideFigures): string {
  const ratio = asr === null ? '-' : `${(100 * asr).toFixed(1)} %`;
  const delay = postDialDelayMs === null ? '-' : `${(postDialDelayMs / 1000).toFixed(2)} s`;
  return [String(calls), String(refused), ratio, delay].map(text => text.padStart(9)).join('');
}

function verdictText({ hasEnoughCalls, minimumCalls, extension, suspicions }: RolloutReport): string {
  const longer = extension === null ? '' : '; it lasts longer for that';
  if (!hasEnoughCalls) return `none yet: fewer than ${minimumCalls} calls on a side${longer}`;
  return suspicions.length === 0 ? 'nothing speaks against it so far' : `not certain yet${longer}`;
}

function leftText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
