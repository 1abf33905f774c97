import type { Activation, History } from '../../history/history.ts';
import type { GivenUp } from './rollouts.ts';

/** As far back as a crash loop may have started the switch since. */
const looksBack = 1000;
/** A change that is tried when the switch dies may be the reason. Once is an accident. */
const deathsMax = 2;

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
  const decisions = activations.filter(({ cause }) => cause !== 'start');
  const [last, tried] = decisions;
  if (last?.cause !== 'rolloutAborted') return deadlyTrial(decisions);
  if (tried === undefined || tried.sharePercent === 100) return null;
  return { hash: tried.hash, by: last.by, reason: last.reason ?? '' };
}

/** `decisions` are newest first, without the starts between them. */
function deadlyTrial(decisions: readonly Activation[]): GivenUp | null {
  const trials = decisions.slice(0, deathsMax);
  const [{ hash } = { hash: '' }] = trials;
  const wasKilled = (activation: Activation): boolean =>
    activation.hash === hash && activation.sharePercent < 100 && activation.endedAtMs === null;
  if (trials.length < deathsMax || !trials.every(wasKilled)) return null;
  return {
    hash,
    by: 'class4',
    reason: `the switch was killed ${deathsMax} times in a row while it was tried`,
  };
}
