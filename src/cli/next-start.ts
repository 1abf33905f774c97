/** What the next start of a switch would serve if nothing were held. */
import type { Snapshot } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { silentLogger } from '../diagnostics/logger.ts';
import { realTimers } from '../live/clock.ts';
import type { LoadingThread } from '../live/loading-thread.ts';
import { Releasers } from '../live/releasers.ts';
import { openSource } from '../live/sources/open-source.ts';
import { StartError } from '../live/start-error.ts';

export interface NextStart {
  /** null when it would not start. */
  readonly snapshot: Snapshot | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Why it would not start, where the diagnostics do not say it. */
  readonly failure: string | null;
}

/** Reads the files, or the commit that was good last. The caller has the directory for itself. */
export async function loadNextStart(directory: string, loading: LoadingThread): Promise<NextStart> {
  const releasers = new Releasers();
  try {
    const opened = await openSource({
      ...{ directory, loading, env: process.env, log: silentLogger },
      ...{ clock: Date.now, timers: realTimers, releasers },
      claim: async () => undefined,
    });
    const { snapshot, diagnostics } = await opened.first();
    return { snapshot, diagnostics, failure: null };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const { diagnostics, message } = error;
    return { snapshot: null, diagnostics, failure: diagnostics.length > 0 ? null : message };
  } finally {
    await releasers.releaseAll();
  }
}
