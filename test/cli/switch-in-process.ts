/** A switch with a small network that runs in this process, for commands that are typed in beside it. */
import * as assert from 'uvu/assert';
import { type Daemon, startDaemon } from '../../src/live/daemon.ts';
import type { StatusReport } from '../../src/live/operations.ts';
import { FakeLog } from '../live/fakes.ts';
import { freePort, writeNetwork, writeRates } from '../live/network.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { typeIn } from './example-directory.ts';

export interface Context {
  directory: TemporaryDirectory;
  log: FakeLog;
  daemon: Daemon | null;
  port: number;
}

const never = new Promise<void>(() => {});

/** Of nobody's switch yet. */
export async function makeNetwork(context: Context, address: string): Promise<void> {
  context.directory = temporaryDirectory();
  context.log = new FakeLog();
  context.port = await freePort(address);
  writeNetwork(context.directory.path, { address, port: context.port });
  context.daemon = null;
}

export async function removeNetwork(context: Context): Promise<void> {
  await stop(context);
  context.directory.remove();
}

export async function start(context: Context): Promise<string> {
  context.daemon = await startDaemon({ directory: context.directory.path, log: context.log, env: {} });
  // A version whose files are edited before they could be kept is kept without them.
  await until(async () => (await status(context)).decisions.pending === 0);
  return context.daemon.snapshotHash;
}

export async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await isSo()) return;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('it did not come about in 10 s');
}

export async function stop(context: Context): Promise<void> {
  await context.daemon?.stop(0, never);
  context.daemon = null;
}

export async function status({ directory }: Context): Promise<StatusReport> {
  return JSON.parse((await typeIn(directory, ['status', '--json'])).out) as StatusReport;
}

/** Starts with one price, edits it, and gives the hashes of both. */
export async function startAndEdit(context: Context): Promise<readonly [string, string]> {
  const first = await start(context);
  writeRates(context.directory.path, 'retail', '0.75');
  assert.is((await typeIn(context.directory, ['reload'])).code, 0);
  return [first, (await status(context)).snapshot.hash];
}
