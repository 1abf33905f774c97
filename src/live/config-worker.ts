/** Worker thread: loads one configuration directory whenever it is asked to. */
import { parentPort, workerData } from 'node:worker_threads';
import { ConfigurationLoader } from '../config/load.ts';

const loader = new ConfigurationLoader(workerData as string);

parentPort!.on('message', () => parentPort!.postMessage(loader.load({ forManyCalls: true })));
