/** The part of the history that stands in the database. src/store has it on sqlite3. */
import type { Activation, Hold, NewActivation } from './history.ts';
import type { VersionBlobs } from './restore.ts';

/** The row of a version. */
export interface VersionRow extends VersionBlobs {
  readonly fileCount: number;
  readonly fileBytes: number;
  /** ms since 1970 UTC */
  readonly keptAtMs: number;
  /** When its newest activation began; null when it never served. */
  readonly lastBeganAtMs: number | null;
  readonly firstBeganAtMs: number | null;
}

/** Calls of customers that came while an activation served, and went by its version. */
export interface ActivationFigures {
  readonly calls: number;
  readonly answered: number;
  /** answered / calls; null without calls. */
  readonly answerSeizureRatio: number | null;
  /** Mean of the calls that have one; null when none has. */
  readonly postDialDelayMs: number | null;
  /** Mean talk of the answered ones; null when none was. */
  readonly averageCallDurationSeconds: number | null;
}

/** Each method is one transaction, durable when it resolves, and rejects with a StoreError. */
export interface VersionTable {
  version(hash: string): Promise<VersionRow | null>;
  /** All of them, newest first by when they served last. */
  versions(): Promise<readonly VersionRow[]>;
  /** Inserts, or replaces what was known of the same hash. */
  putVersion(row: Omit<VersionRow, 'lastBeganAtMs' | 'firstBeganAtMs'>): Promise<void>;
  /**
   * Drops versions, and forgets the compiled forms of others; activations that began before `activationsBeforeMs`, and
   * those beyond the newest `activationsMax`, go with them.
   */
  drop(what: Dropped): Promise<void>;
  /** `endedIds` end when the new one begins. */
  activate(activation: NewActivation, endedIds: readonly number[]): Promise<Activation>;
  end(ids: readonly number[], atMs: number): Promise<void>;
  hold(): Promise<Hold | null>;
  /** Newest first. */
  activations(limit: number): Promise<readonly Activation[]>;
  activation(id: number): Promise<Activation | null>;
  roles(): Promise<Roles>;
  /** Hashes of the versions by which calls in progress go, where a restart would know of them. */
  versionsOfCalls(): Promise<readonly string[]>;
  /** Of calls whose records carry `hash`, until `untilMs` (exclusive), or until now when it is null. */
  figures(hash: string, sinceMs: number, untilMs: number | null): Promise<ActivationFigures>;
  close(): Promise<void>;
}

/** Hashes of the versions that matter most; null where there is none. */
export interface Roles {
  /** The version that serves all calls that no trial takes, or did so when the switch ended. */
  readonly serving: string | null;
  /** The one that did so before it and is not the same files, compiled by another release. */
  readonly previous: string | null;
  /** The one that is tried on a share of the calls. */
  readonly tried: string | null;
}

export interface Dropped {
  readonly versions: readonly string[];
  readonly compiled: readonly string[];
  readonly activationsBeforeMs: number;
  readonly activationsMax: number;
}
