/** What the switch that runs for a directory has loaded. */
import type { Snapshot } from '../config/snapshot.ts';
import { askSwitchForBytes, RefusedError } from '../control/client.ts';
import { snapshotOfBytes } from '../live/snapshot-bytes.ts';

/** @throws UnreachableError, RefusedError */
export async function liveSnapshot(directory: string): Promise<Snapshot> {
  const snapshot = snapshotOfBytes(await askSwitchForBytes(directory, '/snapshot'));
  if (snapshot !== null) return snapshot;
  throw new RefusedError(
    'the running switch is another version of class4, so its configuration cannot be read',
    'use the class4 that runs there, or restart the switch with this one',
  );
}
