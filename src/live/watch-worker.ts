/** Worker thread: is told by the system what changed in a directory, and passes it on. */
import { relative } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { watch } from 'chokidar';
import { standBack } from './background-thread.ts';
import { isConfigurationFile, mayHoldConfiguration } from './config-files.ts';
import type { WatchMessage, WatchThreadData } from './watch-thread.ts';

/** A checkout of thousands of files is told in a few messages. */
const gatherMs = 20;
const pathsAtOnce = 500;

const { directory } = workerData as WatchThreadData;
let changed = new Set<string>();

standBack();
const watcher = watch(directory, {
  ignoreInitial: true,
  ignored: (path, stats) => {
    const inside = relative(directory, path);
    if (inside === '') return false;
    if (stats === undefined) return false;
    return stats.isDirectory() ? !mayHoldConfiguration(inside) : !isConfigurationFile(inside);
  },
});
watcher.on('all', (_event, path) => {
  if (changed.size === 0) setTimeout(tellChanged, gatherMs);
  changed.add(relative(directory, path));
});
watcher.on('ready', () => tell({ kind: 'ready' }));
// Thousands of files that cannot be watched are as many errors, and the first one ends the watching.
watcher.once('error', error => {
  const { message, code = null } = error as NodeJS.ErrnoException;
  tell({ kind: 'failed', message, code });
});
watcher.on('error', () => undefined);

function tellChanged(): void {
  const paths = [...changed];
  changed = new Set();
  for (let at = 0; at < paths.length; at += pathsAtOnce) {
    tell({ kind: 'changed', paths: paths.slice(at, at + pathsAtOnce) });
  }
}

function tell(message: WatchMessage): void {
  parentPort!.postMessage(message);
}
