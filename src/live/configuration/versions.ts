/** Finds the version that an operator names. */
import { suggest } from '../../config/schema/suggest.ts';
import type { Activation, History } from '../../history/history.ts';
import { OperationError } from '../operations.ts';

/** A crash loop starts the same version again and again; what served before it is looked for this far back. */
const looksBack = [100, 100_000] as const;
const candidatesShown = 5;

/**
 * The hash of the version that served all calls before the one with `currentHash`, and differs from it. `null` for
 * `currentHash`: the one that served last.
 * @throws OperationError when there is none
 */
export async function previousVersion(
  history: Pick<History, 'activations'>,
  currentHash: string | null,
): Promise<string> {
  for (const limit of looksBack) {
    const activations = await history.activations(limit);
    const found = activations.find(({ hash, sharePercent }) => hash !== currentHash && sharePercent === 100);
    if (found !== undefined) return found.hash;
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
  history: Pick<History, 'activations' | 'find'>,
  name: string,
): Promise<string> {
  const version = await history.find(name);
  if (version !== null) return version.hash;
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
