import { inTurns, turnsOfThread } from '../../config/handover/turns.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { prepareRouting } from '../../routing/prepare-routing.ts';

/** What the first call by a snapshot would wait for, worked out beside the calls that go by another one. */
export async function prepareCalls(snapshot: Snapshot, atMs: number): Promise<void> {
  await inTurns(prepareRouting(snapshot, atMs), turnsOfThread);
}
