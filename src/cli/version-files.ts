/** The files of a version, from the history beside the database, whether or not a switch runs. */
import { resolve } from 'node:path';
import { silentLogger } from '../diagnostics/logger.ts';
import { HistoryError } from '../history/history-error.ts';
import { readLastStore } from '../live/configuration/last-store.ts';
import { openHistoryToRead } from '../live/configuration/open-history.ts';
import { LoadingThread } from '../live/loading-thread.ts';

export interface FileOfVersion {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface VersionContent {
  readonly files: readonly FileOfVersion[];
  /** null when it is none. */
  readonly commit: string | null;
}

/** @throws HistoryError, StoreError */
export async function filesOfVersion(directory: string, hash: string): Promise<VersionContent> {
  const storePath = resolve(directory, readLastStore(directory) ?? 'var/class4.db');
  const keeping = new LoadingThread(directory);
  const history = await openHistoryToRead({ storePath, keeping, log: silentLogger, clock: Date.now });
  if (history === null) throw new HistoryError(`there is no history at ${storePath}`);
  try {
    const version = await history.find(hash);
    const files = version?.files ?? null;
    if (files === null) {
      throw new HistoryError(
        `the files of the version ${hash.slice(0, 12)} were not kept`,
        'put them back by hand',
      );
    }
    const found: FileOfVersion[] = [];
    for (const { path } of files) found.push({ path, bytes: await history.file(hash, path) });
    return { files: found, commit: version?.commit?.commit ?? null };
  } finally {
    await history.close();
  }
}
