/** How a run is told, the same in every format. */
import type { Explanation } from '../../explain/explanation.ts';

export interface ReportOptions {
  /** Escape codes for a terminal; only the text format uses them. */
  readonly colour: boolean;
  /** Put before every path, for example `config/`, so that a reader can open it from where they stand. */
  readonly pathPrefix: string;
  /** The whole of every story, and every one. */
  readonly verbose: boolean;
  /** Why the switch decided so, for people: lines with their ends. */
  readonly decision: (explanation: Explanation) => string;
  /** How to play one scenario again, for people: the command for its file and name. */
  readonly again: (file: string, name: string) => string;
}
