/** A replay for programs. docs/replay.md has the shape, which is stable. */
import type { ReplayReport } from './report.ts';

export function printReplayJson(report: ReplayReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
