import { inTurns, turnsOfThread } from '../../config/handover/turns.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import { prepareRouting } from '../../routing/prepare-routing.ts';
import { prepareKnownSources } from '../known-sources.ts';
import { OperationError } from '../operations.ts';
import { messageOf } from '../performer.ts';

/** What the first call by a snapshot would wait for, worked out beside the calls that go by another one. */
export async function prepareCalls(snapshot: Snapshot, atMs: number): Promise<void> {
  await inTurns(steps(snapshot, atMs), turnsOfThread);
}

function* steps(snapshot: Snapshot, atMs: number): Generator<void, void> {
  yield* prepareRouting(snapshot, atMs);
  yield* prepareKnownSources(snapshot);
}

/**
 * What cannot be prepared would fail with each call, because the first one would do the same work.
 * @throws OperationError, so that whatever serves goes on
 */
export async function prepareOrRefuse(
  snapshot: Snapshot,
  { prepare, log }: { readonly prepare: (snapshot: Snapshot) => Promise<void>; readonly log: Logger },
): Promise<void> {
  try {
    await prepare(snapshot);
  } catch (error) {
    const { hash } = snapshot;
    log.error(
      'A snapshot could not be prepared, and does not serve; this is a bug, please report this line',
      {
        hash,
        error: messageOf(error),
      },
    );
    const problem = `no call can go by the version ${hash}, because of a bug: ${messageOf(error)}`;
    throw new OperationError('wrong', `${problem}; nothing was changed`, 'another version can serve');
  }
}
