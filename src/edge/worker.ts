import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.ts';
import { type Running, startDriver } from './sockets/driver.ts';

/** The edge's thread. It is started by `startEdge` and by nothing else. */

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function serve(running: Running): void {
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'sources') running.core.setKnownSources(message.sources);
    else if (message.kind === 'counters')
      tell({ kind: 'counters', id: message.id, values: running.core.counters() });
    else {
      void running.stop().then(() => {
        tell({ kind: 'closed' });
        parentPort?.close();
      });
    }
  });
}

startDriver(workerData as WorkerOptions).then(
  running => {
    serve(running);
    tell({ kind: 'ready', control: running.control, listening: running.listening });
  },
  error => {
    tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
    parentPort?.close();
  },
);
