/** Where the configuration of a switch comes from: a directory that people edit, or a branch that is followed. */
import type { VersionCommit } from '../../history/history.ts';
import type { LoadedConfiguration } from '../loading-thread.ts';

export interface ConfigurationSource {
  /** Changes whenever what would be loaded may be something else. Two equal ones around a load: nothing moved. */
  fingerprint(): Promise<string>;
  /** Somebody is writing what would be loaded. */
  isBusy(): boolean;
  /** Reads, checks and compiles what is there now. Rejects with what people can read when that cannot be done. */
  load(): Promise<LoadedConfiguration>;
  /** Looks for something new at once; resolves to what kept it from looking, or null. */
  refresh(): Promise<string | null>;
  /** From now on `onChange` is called when there may be something new. */
  watch(onChange: () => void): Promise<void>;
  /** What git knows of a commit that was loaded from here; null for all others. */
  commit(hash: string): VersionCommit | null;
  status(): SourceReport;
  counters(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export type SourceReport = DirectorySourceReport | GitSourceReport;

export interface DirectorySourceReport {
  readonly kind: 'directory';
  readonly path: string;
  /** The system tells of no changes (any more), so that the files are looked at every few seconds only. */
  readonly polling: boolean;
}

/** Times are ISO 8601 UTC. */
export interface GitSourceReport {
  readonly kind: 'git';
  /** Without credentials. */
  readonly repository: string;
  readonly branch: string;
  readonly directory: string;
  /** The newest commit that was found good. */
  readonly commit: string | null;
  /** What the branch was at when it was looked at last. */
  readonly head: string | null;
  readonly lastFetchAt: string | null;
  readonly lastSuccessAt: string | null;
  readonly lastError: string | null;
  /** How often in a row. */
  readonly failures: number;
  readonly nextFetchAt: string | null;
  /** The head of the branch when it does not serve, and why. */
  readonly refused: { readonly commit: string; readonly reason: string } | null;
  /** Where pokes are heard; null without a webhook. */
  readonly webhook: string | null;
}
