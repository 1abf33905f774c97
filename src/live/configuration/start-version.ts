/** What a switch starts with. */
import { resolve } from 'node:path';
import type { Snapshot } from '../../config/snapshot.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { History, Hold } from '../../history/history.ts';
import type { Keeping } from '../../history/switch-history.ts';
import type { Clock } from '../clock.ts';
import { messageOf } from '../performer.ts';
import { servedLast } from '../rollout/served-last.ts';
import { StartError } from '../start-error.ts';
import { readLastStore } from './last-store.ts';
import { openHistoryToRead } from './open-history.ts';

export interface StartVersion {
  readonly snapshot: Snapshot;
  /** Set when it is a version that somebody went back to. */
  readonly hold: Hold | null;
}

export interface PlacedStartVersion extends StartVersion {
  /** `store.path`; a version that is held never moves the switch to another database, where nobody knows of the hold. */
  readonly storePath: string;
  /** Of the files; null when they were not read. */
  readonly sourceHash: string | null;
}

export interface StartVersionOptions {
  readonly directory: string;
  /** @throws StartError when the files are not good */
  readonly loadSource: () => Promise<Snapshot>;
  readonly keeping: Keeping;
  readonly log: Logger;
  readonly clock: Clock;
}

/** @throws StartError, StoreError */
export async function findStartVersion(options: StartVersionOptions): Promise<PlacedStartVersion> {
  const last = readLastStore(options.directory);
  const held = last === null ? null : await heldIn(last, options);
  if (held !== null) return held;
  const snapshot = await options.loadSource();
  const storePath = snapshot.switch.store.path;
  const elsewhere = storePath === last ? null : await heldIn(storePath, options);
  if (elsewhere !== null) return elsewhere;
  for (const path of new Set([last ?? storePath, storePath])) {
    const served = await lookInto(path, options, history => servedLast(history, snapshot, options.log));
    if (served !== null) return { snapshot: served, hold: null, storePath: path, sourceHash: snapshot.hash };
  }
  return { snapshot, hold: null, storePath, sourceHash: snapshot.hash };
}

async function heldIn(storePath: string, options: StartVersionOptions): Promise<PlacedStartVersion | null> {
  const held = await lookInto(storePath, options, history => restoreHeldVersion(history, options.log));
  return held === null ? null : { ...held, storePath, sourceHash: null };
}

async function lookInto<Found>(
  storePath: string,
  options: StartVersionOptions,
  look: (history: Pick<History, 'hold' | 'restore' | 'activations'>) => Promise<Found | null>,
): Promise<Found | null> {
  const { directory } = options;
  const history = await openHistoryToRead({ ...options, storePath: resolve(directory, storePath) });
  if (history === null) return null;
  try {
    return await look(history);
  } finally {
    await history.close();
  }
}

/**
 * What is held, or null. Files that an operator has taken out of service do not come back by a restart, not even when
 * what is held cannot be restored: whether an outage or the files are worse only people can say.
 * @throws StartError saying what to do
 */
export async function restoreHeldVersion(
  history: Pick<History, 'hold' | 'restore'>,
  log: Logger,
): Promise<StartVersion | null> {
  const hold = await history.hold();
  if (hold === null) return null;
  const { hash, by, reason, sinceMs } = hold;
  let snapshot: Snapshot;
  try {
    snapshot = await history.restore(hash);
  } catch (error) {
    throw new StartError(
      `the version ${hash}, which ${by} holds (${reason}), cannot be restored: ${messageOf(error)}`,
      {
        hint: 'choose another one with `class4 rollback VERSION --reason TEXT`, or start with the files by `class4 resume`',
        cause: error,
      },
    );
  }
  const since = new Date(sinceMs).toISOString();
  log.warn('The switch starts with a version that is held, and not with the files, until `class4 resume`', {
    ...{ hash, by, reason, since },
  });
  return { snapshot, hold };
}
