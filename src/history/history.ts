/**
 * The history of a switch: every configuration that served, with its files and its compiled form, and when, why and
 * by whose hand each began to serve. What is kept is content-addressed, so that versions share what they have in common.
 */
import type { Snapshot } from '../config/snapshot.ts';

/** Why a version began to serve. */
export type ActivationCause =
  /** The switch was started with it. */
  | 'start'
  /** The files of the configuration directory changed. */
  | 'edit'
  /** A commit of the repository that the switch follows. */
  | 'git'
  /** An operator went back to it. */
  | 'rollback'
  /** An operator ended the hold of a rollback. */
  | 'resume'
  /** It was tried on a share of the calls and serves all of them now. */
  | 'rolloutPromoted'
  /** What was tried on a share of the calls was worse: back to this one. */
  | 'rolloutAborted';

export interface VersionFile {
  /** Relative to the configuration directory, with forward slashes. */
  readonly path: string;
  /** Of its bytes, hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** What git knows of a version. */
export interface VersionCommit {
  readonly commit: string;
  readonly author: string;
  /** The first line of the message. */
  readonly subject: string;
  /** ms since 1970 UTC */
  readonly committedAtMs: number;
}

/** One configuration that served, by the hash of its Snapshot. */
export interface Version {
  readonly hash: string;
  readonly commit: VersionCommit | null;
  /** null when they had changed again before they could be kept; the compiled form is kept all the same. */
  readonly files: readonly VersionFile[] | null;
  /** ms since 1970 UTC */
  readonly firstServedAtMs: number;
}

/** A time in which a version served. */
export interface Activation {
  /** Counts up; people name a version by the number of an activation, by `previous`, or by the beginning of its hash. */
  readonly id: number;
  readonly hash: string;
  /**
   * What records of its calls name it by, where that is not `hash`: another release of this program compiled the version
   * back then, and this one calls what it compiled from the same files otherwise.
   */
  readonly servedHash?: string;
  readonly cause: ActivationCause;
  /** `user@host` of the operator, the author of the commit, or `class4`. */
  readonly by: string;
  /** What the operator gave as the reason, or the evidence of an aborted rollout. */
  readonly reason: string | null;
  /** Of all calls: below 100 for a version that is being tried. */
  readonly sharePercent: number;
  /** ms since 1970 UTC */
  readonly beganAtMs: number;
  /** null while it serves, and when the switch was killed in it. */
  readonly endedAtMs: number | null;
}

/** While it is there, changes of the files are checked and told, and not applied. It survives a restart. */
export interface Hold {
  /** The version that serves until somebody resumes. */
  readonly hash: string;
  readonly by: string;
  readonly reason: string;
  /** ms since 1970 UTC */
  readonly sinceMs: number;
}

export interface NewActivation extends Omit<Activation, 'id' | 'endedAtMs'> {
  /** Set, replaced or ended in the same transaction; undefined leaves it as it is. */
  readonly hold?: Hold | null;
}

/**
 * What the switch asks of its history. Each method rejects with an error that people can read when the disk does not
 * take or give it; none of that may hold up a call.
 */
export interface History {
  /**
   * Keeps a version that was loaded, files and compiled form; durable when it resolves. Repeating it costs little.
   * `commit` is what the source knows of it; without one, the repository of the directory is asked.
   */
  keep(snapshot: Snapshot, commit?: VersionCommit | null): Promise<Omit<Version, 'files'>>;
  /** The version serves from now on, and the one before it no more. Durable when it resolves. */
  activate(activation: NewActivation): Promise<Activation>;
  hold(): Promise<Hold | null>;
  /**
   * The Snapshot of a version, from its compiled form or else from its files, without a look at the working tree. Its
   * hash is another one when another version of this program compiled the files back then, and reads more in them now.
   */
  restore(hash: string): Promise<Snapshot>;
  /** Newest first. */
  activations(limit: number): Promise<readonly Activation[]>;
  /**
   * By the number of an activation, `previous`, or at least four characters of its hash; null when there is none.
   * Rejects with a HistoryError that lists them when several are meant.
   */
  find(name: string): Promise<Version | null>;
  /** As `find`, without a look at its files. */
  hashOf(name: string): Promise<string | null>;
  /** The bytes of one file of a version. */
  file(hash: string, path: string): Promise<Uint8Array>;
}
