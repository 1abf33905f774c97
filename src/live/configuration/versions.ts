/** Finds the version that an operator names. */
import { suggest } from '../../config/schema/suggest.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { Activation, History } from '../../history/history.ts';
import { OperationError } from '../operations.ts';

export interface RestoredVersion {
  /** What the history calls it. */
  readonly hash: string;
  readonly snapshot: Snapshot;
}

/** A crash loop starts the same version again and again; what served before it is looked for this far back. */
const looksBack = [100, 100_000] as const;
const candidatesShown = 5;

/**
 * The version that served all calls before the one with `currentHash`, and differs from it. `null` for `currentHash`:
 * the one that served last. What another release compiled from the same files has another name, and is the same all
 * the same: that shows when it is brought back.
 * @throws OperationError when there is none; what `restore` rejects with
 */
export async function previousVersion(
  history: Pick<History, 'activations'>,
  currentHash: string | null,
  restore: (hash: string) => Promise<Snapshot>,
): Promise<RestoredVersion> {
  const same = new Set<string>();
  for (const limit of looksBack) {
    const activations = await history.activations(limit);
    for (const { hash, servedHash = hash, sharePercent } of activations) {
      if (sharePercent < 100 || hash === currentHash || servedHash === currentHash || same.has(hash))
        continue;
      const snapshot = await restore(hash);
      if (snapshot.hash !== currentHash) return { hash, snapshot };
      same.add(hash);
    }
    if (activations.length < limit) break;
  }
  throw new OperationError(
    'notFound',
    'no other version served before the one that serves',
    'see `class4 history`',
  );
}

/** @throws OperationError that names what could have been meant */
export async function namedVersion(
  history: Pick<History, 'activations' | 'hashOf'>,
  name: string,
): Promise<string> {
  const hash = await history.hashOf(name);
  if (hash !== null) return hash;
  throw new OperationError(
    'notFound',
    `there is no version "${name}" in the history`,
    await hintFor(history, name),
  );
}

async function hintFor(history: Pick<History, 'activations'>, name: string): Promise<string> {
  const newest = new Map<string, Activation>();
  for (const activation of await history.activations(looksBack[0])) {
    if (!newest.has(activation.hash)) newest.set(activation.hash, activation);
  }
  if (newest.size === 0) return 'the history is empty';
  const names = [...newest.values()].flatMap(({ id, hash }) => [String(id), shortHash(hash, name.length)]);
  const similar = suggest(name, ['previous', ...names]);
  const shown = [...newest.values()].slice(0, candidatesShown).map(versionText).join(', ');
  return `${similar === null ? '' : `did you mean "${similar}"? `}The newest versions: ${shown}; see \`class4 history\``;
}

function versionText({ id, hash, cause, beganAtMs }: Activation): string {
  return `${id} or ${shortHash(hash)} (${cause}, ${new Date(beganAtMs).toISOString().slice(0, 16)}Z)`;
}

/** As long as what was typed, so that a slip of a finger is found. */
export function shortHash(hash: string, length = 12): string {
  return hash.slice(0, Math.max(length, 8));
}
