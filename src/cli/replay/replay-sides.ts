/** The two configurations of a replay, compiled. */
import { resolve } from 'node:path';
import type { Snapshot } from '../../config/snapshot.ts';
import { type ChosenSide, chooseSides } from '../../plan/sides/choose-side.ts';
import { loadSides } from '../../plan/sides/load-sides.ts';
import { tellBroken } from '../broken-side.ts';
import type { Io } from '../io.ts';
import { nameVersions, servedSnapshot } from '../served-sides.ts';

export interface ReplaySides {
  readonly from: ChosenSide;
  readonly to: ChosenSide;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/** null when a side does not compile, which has been told then. @throws SideError, StoreError, UnreachableError … */
export async function replaySides(
  asked: { readonly directory: string; readonly from: string | null; readonly to: string | null },
  io: Io,
): Promise<ReplaySides | null> {
  const { directory } = asked;
  const chosen = chooseSides({ ...asked, workingDirectory: io.workingDirectory });
  const sides = await nameVersions(directory, chosen);
  const loaded = await loadSides(
    sides,
    (side, makeDirectory) => servedSnapshot(directory, side, makeDirectory),
    broken => tellBroken('replay', broken, io),
  );
  return loaded === null ? null : { ...sides, ...loaded };
}

/** That of the new side, in the configuration directory. */
export function ownDatabase(directory: string, { switch: { store } }: Snapshot): string {
  return resolve(directory, store.path);
}
