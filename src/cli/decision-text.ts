/** Decisions about what serves, in words. */
import { printable } from '../diagnostics/printable.ts';
import type { DecisionResult, HoldReport } from '../live/operations.ts';
import { paint, shortTime } from './table.ts';

/** One line: who holds what since when, and why. */
export function holdText({ hash, by, reason, since }: HoldReport): string {
  return `${hash} is held by ${printable(by)} since ${shortTime(since)} UTC: ${printable(reason)}`;
}

/** How the files differ from what is held. */
export function heldFilesText(servingHash: string, sourceHash: string | null): string {
  if (sourceHash === null) return 'the files are broken, or were not read yet';
  if (sourceHash === servingHash) return 'the files mean the same';
  return `the files are ${sourceHash}, and wait for \`class4 resume\``;
}

/** What an operator must know besides what serves; each line on its own. */
export function warningsText({ durable, problem, restartNeeded }: DecisionResult, colour: boolean): string {
  const lines = [
    ...(durable
      ? []
      : [
          `It serves, but a restart would undo it: the disk does not take the decision (${printable(problem ?? '')}).`,
          'The switch goes on trying; `class4 status` shows when it is safe.',
        ]),
    ...(restartNeeded.length === 0 ? [] : [`A restart is needed for ${restartNeeded.join(', ')}.`]),
  ];
  return lines.map(line => `${paint(line, 'red', colour)}\n`).join('');
}
