/** Notices that the configuration directory changed. */
import { relative } from 'node:path';
import { watch } from 'chokidar';
import type { Logger } from '../diagnostics/logger.ts';
import type { Timers } from './clock.ts';
import { fingerprint, isConfigurationFile, mayHoldConfiguration } from './config-files.ts';
import { messageOf } from './performer.ts';

export interface WatchOptions {
  readonly directory: string;
  readonly onChange: () => void;
  readonly log: Logger;
  readonly timers: Timers;
}

export interface Watching {
  close(): Promise<void>;
}

/**
 * Some file systems tell nothing (network mounts) and some replace a directory behind a link (Kubernetes), so the
 * files are also looked at this often.
 */
const pollMs = 5000;

export async function watchConfiguration(options: WatchOptions): Promise<Watching> {
  const { directory, onChange, log, timers } = options;
  const watcher = watch(directory, {
    ignoreInitial: true,
    ignored: (path, stats) => {
      const inside = relative(directory, path);
      if (inside === '') return false;
      if (stats === undefined) return false;
      return stats.isDirectory() ? !mayHoldConfiguration(inside) : !isConfigurationFile(inside);
    },
  });
  watcher.on('all', onChange);
  watcher.on('error', error => {
    log.warn(
      'Watching the configuration directory failed; changes are noticed by looking every few seconds',
      {
        error: messageOf(error),
      },
    );
  });
  const stopPolling = await startPolling(directory, onChange, timers);
  return {
    async close() {
      stopPolling();
      await watcher.close();
    },
  };
}

async function startPolling(directory: string, onChange: () => void, timers: Timers): Promise<() => void> {
  let known = await fingerprint(directory);
  let stopped = false;
  let cancel = (): void => {};
  function schedule(): void {
    cancel = timers.after(pollMs, () => {
      void look();
    });
  }
  async function look(): Promise<void> {
    const seen = await fingerprint(directory);
    if (stopped) return;
    if (seen !== known) {
      known = seen;
      onChange();
    }
    schedule();
  }
  schedule();
  return () => {
    stopped = true;
    cancel();
  };
}
