/** Sides of a plan that a switch serves or served. */
import { putTogether } from '../config/handover/whole.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { readFiles } from '../history/file-packs.ts';
import { restoreCompiled } from '../history/restore.ts';
import { writeFiles } from '../history/scratch.ts';
import type { VersionRow } from '../history/version-table.ts';
import type { SideName } from '../plan/report/report.ts';
import type { ChosenSide, ServedSide } from '../plan/sides/choose-side.ts';
import type { ChosenSides } from './chosen-sides.ts';
import { listOf, shortHash, versionNamed, withHistory } from './history-reading.ts';
import { liveSnapshot } from './live-snapshot.ts';

/**
 * Versions of the history by their whole hashes, with what people need to know of them.
 * @throws HistoryError, StoreError
 */
export async function nameVersions(directory: string, sides: ChosenSides): Promise<ChosenSides> {
  return withHistory(directory, async ({ table }) => {
    const named = async (side: ChosenSide): Promise<ChosenSide> => {
      if (side.kind !== 'version') return side;
      const row = await versionNamed(table, side.version);
      return versionSide(side.version, row, side.name.name);
    };
    return { from: await named(sides.from), to: await named(sides.to) };
  });
}

/** `typed` is what the user called it, and `name` how a plan would be asked for it. */
export function versionSide(
  typed: string,
  { hash, commit }: VersionRow,
  name = `history:${typed}`,
): Extract<ServedSide, { kind: 'version' }> {
  // Hashes are named by four characters at least.
  const isHash = typed.length >= 4 && hash.startsWith(typed.toLowerCase());
  const called = isHash ? '' : /^\d+$/.test(typed) ? `number ${typed}` : typed;
  const known = [called, commit === null ? '' : `commit ${shortHash(commit.commit)}`].filter(
    text => text !== '',
  );
  const label = `version ${shortHash(hash)}${known.length === 0 ? '' : ` (${known.join(', ')})`}`;
  return { kind: 'version', name: { kind: 'version', name, label } satisfies SideName, version: hash };
}

/**
 * Compiled; or null when only its files are kept that this class4 can use, which are then in the directory.
 * @throws UnreachableError, RefusedError; HistoryError, StoreError
 */
export async function servedSnapshot(
  directory: string,
  side: ServedSide,
  makeDirectory: () => string,
): Promise<Snapshot | null> {
  if (side.kind === 'live') return liveSnapshot(directory);
  return withHistory(directory, async ({ table, blobs }) => {
    const row = await versionNamed(table, side.version);
    const compiled = restoreCompiled(blobs, row);
    if ('whole' in compiled) return putTogether(compiled.whole) as Snapshot;
    writeFiles(readFiles(blobs, listOf(row)), makeDirectory());
    return null;
  });
}
