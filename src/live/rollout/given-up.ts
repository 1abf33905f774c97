import type { Activation, History } from '../../history/history.ts';
import type { GivenUp } from './rollouts.ts';

/** As far back as a crash loop may have started the switch since. */
const looksBack = 1000;

/**
 * The change that was given up last, when nothing but starts came after it: a restart is no reason to try it again. A
 * history that cannot be read is no reason not to start.
 */
export async function lastGivenUp(history: Pick<History, 'activations'>): Promise<GivenUp | null> {
  let activations: readonly Activation[];
  try {
    activations = await history.activations(looksBack);
  } catch {
    return null;
  }
  const since = activations.findIndex(({ cause }) => cause !== 'start');
  const ended = activations[since];
  const tried = activations.slice(since + 1).find(({ cause }) => cause !== 'start');
  if (ended?.cause !== 'rolloutAborted' || tried === undefined || tried.sharePercent === 100) return null;
  return { hash: tried.hash, by: ended.by, reason: ended.reason ?? '' };
}
