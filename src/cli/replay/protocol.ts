/** What the command and its threads say to each other. */
import type { Snapshot } from '../../config/snapshot.ts';
import type { Part } from '../../replay/parts.ts';
import type { Learned, PartResult } from '../../replay/play-part.ts';
import type { LearnedBehaviour } from '../../replay/vendor-model.ts';
import type { PastSpan } from '../../store/past-calls.ts';

/** What a thread is started with. */
export interface ReplayThreadData {
  /** The database: absolute. */
  readonly path: string;
  readonly span: PastSpan;
  readonly seed: number;
  /** Calls come so much later than they were recorded (ms). */
  readonly laterMs: number;
  /** The side that it plays. */
  readonly snapshot: Snapshot;
}

export type ReplayRequest =
  | { readonly kind: 'learn' }
  /** Before the first part: what was learned. */
  | { readonly kind: 'know'; readonly behaviour: LearnedBehaviour }
  | { readonly kind: 'play'; readonly part: Part }
  /** The thread ends as soon as it has left the database: in the middle of a question, that cannot be ended from outside. */
  | { readonly kind: 'stop' };

export type ReplayReply =
  /** So many more calls were worked on. */
  | { readonly kind: 'progress'; readonly calls: number }
  | { readonly kind: 'learned'; readonly learned: Learned }
  | { readonly kind: 'played'; readonly result: PartResult }
  /** `hint` is null for a bug of ours. */
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null };
