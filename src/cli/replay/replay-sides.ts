/** The two configurations of a replay, compiled. */
import { resolve } from 'node:path';
import type { Snapshot } from '../../config/snapshot.ts';
import { type ChosenSide, chooseSides } from '../../plan/sides/choose-side.ts';
import { loadChosenSides, nameSides } from '../chosen-sides.ts';
import type { Io } from '../io.ts';

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
  const sides = await nameSides(directory, chosen);
  const loaded = await loadChosenSides('replay', directory, sides, io);
  return loaded === null ? null : { ...sides, ...loaded };
}

/** That of the new side, in the configuration directory. */
export function ownDatabase(directory: string, { switch: { store } }: Snapshot): string {
  return resolve(directory, store.path);
}
