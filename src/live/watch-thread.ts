/**
 * Listens to a directory in a thread of its own. Each change makes chokidar look at the folder and at the file, and a
 * checkout that touches thousands of them would hold the thread that takes calls for tenths of a second.
 */
import { Worker } from 'node:worker_threads';

/** What the thread is started with. */
export interface WatchThreadData {
  readonly directory: string;
}

export type WatchMessage =
  | { readonly kind: 'ready' }
  /** Relative to the directory; each once, however often it changed. */
  | { readonly kind: 'changed'; readonly paths: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | null };

export interface ListeningCallbacks {
  /** Whatever changes from now on is told. */
  readonly onReady: () => void;
  readonly onChange: (path: string) => void;
  /** Nothing more is told. */
  readonly onError: (error: unknown) => void;
}

export function listenInThread(
  directory: string,
  { onReady, onChange, onError }: ListeningCallbacks,
): { close(): Promise<void> } {
  const workerData: WatchThreadData = { directory };
  const worker = new Worker(new URL('./watch-worker.js', import.meta.url), { workerData, name: 'watch' });
  let isClosed = false;
  worker.on('message', (message: WatchMessage) => {
    if (isClosed) return;
    if (message.kind === 'ready') onReady();
    else if (message.kind === 'changed') for (const path of message.paths) onChange(path);
    else onError(Object.assign(new Error(message.message), { code: message.code }));
  });
  worker.on('error', error => {
    if (!isClosed) onError(error);
  });
  worker.on('exit', code => {
    if (!isClosed) onError(new Error(`the thread that watches ${directory} ended with ${code}`));
  });
  return {
    async close() {
      isClosed = true;
      await worker.terminate();
    },
  };
}
