/** Worker thread: loads one configuration directory, so that a million rate rows hold up no call. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadConfiguration } from '../config/load.ts';

parentPort!.postMessage(loadConfiguration(workerData as string));
