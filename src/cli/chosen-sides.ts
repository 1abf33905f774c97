/** The two sides that a command compares. What histories, switches and broken sides need is loaded when there is one. */
import type { ChosenSide } from '../plan/sides/choose-side.ts';
import { type LoadedSides, loadSides } from '../plan/sides/load-sides.ts';
import type { Io } from './io.ts';

export interface ChosenSides {
  readonly from: ChosenSide;
  readonly to: ChosenSide;
}

/**
 * Versions of the history by their whole hashes, with what people need to know of them.
 * @throws HistoryError, StoreError
 */
export async function nameSides(directory: string, sides: ChosenSides): Promise<ChosenSides> {
  if (sides.from.kind !== 'version' && sides.to.kind !== 'version') return sides;
  const { nameVersions } = await import('./served-sides.ts');
  return nameVersions(directory, sides);
}

/**
 * null when a side does not compile, which has been told then; `command` is what it cannot be compared for.
 * @throws SideError, HistoryError, StoreError, UnreachableError, RefusedError
 */
export function loadChosenSides(
  command: string,
  directory: string,
  sides: ChosenSides,
  io: Io,
): Promise<LoadedSides | null> {
  return loadSides(
    sides,
    async (side, makeDirectory) => {
      const { servedSnapshot } = await import('./served-sides.ts');
      return servedSnapshot(directory, side, makeDirectory);
    },
    async broken => {
      const { tellBroken } = await import('./broken-side.ts');
      tellBroken(command, broken, io);
    },
  );
}
