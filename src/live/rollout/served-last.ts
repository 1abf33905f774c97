import { restartKeys } from '../../config/restart-keys.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import type { History } from '../../history/history.ts';
import { messageOf } from '../performer.ts';
import { lastGivenUp } from './given-up.ts';

const looksBack = 1000;

/**
 * What served all calls before the switch was stopped, when the files are another configuration that is to be rolled out
 * first: a restart is no way around a rollout, and a switch that is killed in one comes back with what most calls
 * went by. null when the switch starts with the files: they are what served, nothing said how to roll them out, or they
 * change what only a restart can change, and were not tried and given up before.
 */
export async function servedLast(
  history: Pick<History, 'activations' | 'restore'>,
  files: Snapshot,
  log: Logger,
): Promise<Snapshot | null> {
  try {
    const activations = await history.activations(looksBack);
    const last = activations.find(({ sharePercent }) => sharePercent === 100);
    if (last === undefined || last.hash === files.hash) return null;
    const snapshot = await history.restore(last.hash);
    if (snapshot.switch.rollout === undefined) return null;
    const isGivenUp = (await lastGivenUp(history))?.hash === files.hash;
    if (!isGivenUp && restartKeys(snapshot.switch, files.switch).length > 0) return null;
    log.info('The switch starts with the version that served last; the files are rolled out from there', {
      ...{ hash: last.hash, files: files.hash },
    });
    return snapshot;
  } catch (error) {
    log.error('The version that served last cannot be restored; the switch starts with the files', {
      error: messageOf(error),
    });
    return null;
  }
}
