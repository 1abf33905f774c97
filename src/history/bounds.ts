/** Which versions are kept no longer. */
import type { HistorySettings } from '../config/snapshot.ts';
import type { Hold } from './history.ts';
import type { Dropped, Roles, VersionRow } from './version-table.ts';

/** More would make every question about the history slower, and nobody reads them. */
export const activationsMax = 10_000;

const dayMs = 24 * 60 * 60 * 1000;

export interface Kept {
  /** Newest first by when they served last. */
  readonly versions: readonly VersionRow[];
  readonly roles: Roles;
  readonly hold: Hold | null;
  /** Hashes that somebody works with at the moment, and that calls in progress go by. */
  readonly inUse: ReadonlySet<string>;
  /** The program that runs, which can read the compiled forms that it made. */
  readonly program: string;
  readonly nowMs: number;
}

/** Those that stay whatever the bounds say: what serves, what is held, what one goes back to, what is in use. */
export function indispensable({
  roles,
  hold,
  inUse,
}: Pick<Kept, 'roles' | 'hold' | 'inUse'>): ReadonlySet<string | null> {
  return new Set([...inUse, hold?.hash ?? null, roles.serving, roles.previous, roles.tried]);
}

export function whatToDrop(kept: Kept, settings: HistorySettings): Dropped {
  const { versions, nowMs, program } = kept;
  const mustStay = indispensable(kept);
  const oldestMs = nowMs - settings.days * dayMs;
  const stays = versions.filter(
    ({ hash, lastBeganAtMs, keptAtMs }, index) =>
      mustStay.has(hash) || (index < settings.versions && (lastBeganAtMs ?? keptAtMs) >= oldestMs),
  );
  const hasForm = stays.filter(({ compiled }) => compiled !== null);
  const readable = hasForm.filter(row => row.program === program);
  const staysCompiled = new Set(
    readable.filter(({ hash }, index) => mustStay.has(hash) || index < settings.compiledVersions),
  );
  return {
    versions: versions.filter(row => !stays.includes(row)).map(({ hash }) => hash),
    // Where there are no files, the form that another program made is better than nothing.
    compiled: hasForm
      .filter(row => !staysCompiled.has(row) && (row.files !== null || row.program === program))
      .map(({ hash }) => hash),
    activationsBeforeMs: oldestMs,
    activationsMax,
  };
}
