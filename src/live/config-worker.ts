/** Worker thread: loads one configuration directory whenever it is asked to. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Checkout, ConfigurationLoader } from '../config/load.ts';

const loader = new ConfigurationLoader(workerData as string);

parentPort!.on('message', (checkout: Checkout | null) => {
  parentPort!.postMessage(loader.load({ forManyCalls: true, ...(checkout === null ? {} : { checkout }) }));
});
