/** Notices that files or folders changed, whatever is in them. */
import { basename } from 'node:path';
import { watch } from 'chokidar';

export interface PathsWatching {
  close(): Promise<void>;
}

/**
 * `paths` are absolute; one that is not there yet is noticed when it comes. Hidden files do not count. Resolves when
 * every change from now on is noticed.
 */
export async function watchPaths(
  paths: readonly string[],
  onChange: () => void,
  onError: (error: unknown) => void,
): Promise<PathsWatching> {
  const named = new Set(paths);
  const watcher = watch([...paths], {
    ignoreInitial: true,
    ignored: path => !named.has(path) && basename(path).startsWith('.'),
  });
  watcher.on('all', onChange);
  watcher.on('error', onError);
  await new Promise<void>(resolve => {
    watcher.once('ready', resolve);
    watcher.once('error', () => resolve());
  });
  return { close: () => watcher.close() };
}
