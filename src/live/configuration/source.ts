/** Where the configurations of a switch come from: it notices what is new, and reads, checks and loads it. */
import type { Snapshot } from '../../config/snapshot.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ActivationCause, VersionCommit } from '../../history/history.ts';

/** A good configuration that a source found. Whether it serves is decided elsewhere. */
export interface Candidate {
  readonly snapshot: Snapshot;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
  readonly cause: Extract<ActivationCause, 'edit' | 'git'>;
  /** The author of the commit, or `class4` when nobody can say who it was. */
  readonly by: string;
  /** From a source that knows more of the commit than the Snapshot, which has its hash. */
  readonly commit?: VersionCommit;
}

export type Reading =
  /** The same as at the last reading, which was not repeated. */
  | { readonly outcome: 'unread' }
  /** What is there changed while it was read, or is being changed; it is not to be trusted. */
  | { readonly outcome: 'moving' }
  | {
      readonly outcome: 'refused';
      readonly diagnostics: readonly Diagnostic[];
      /** Why it could not be read at all; null when the diagnostics say what is wrong. */
      readonly failure: string | null;
    }
  | { readonly outcome: 'good'; readonly candidate: Candidate };

export interface ConfigurationSource {
  /** Counts the changes that were noticed, so that one during a reading is not lost. */
  readonly changes: number;
  /** The listener is told of each change, which need not be the last one. */
  onChange(listener: () => void): void;
  /** Resolves when what changed has come to rest and can be read. */
  rest(): Promise<void>;
  /** `forced`: somebody wants to know, whether or not anything changed. */
  read(forced: boolean): Promise<Reading>;
  /** Ends every wait; nothing is noticed any more. */
  close(): Promise<void>;
}
