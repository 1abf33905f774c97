/** Puts a switch together, starts it, and takes it apart again in the opposite order. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { closeInterrupted } from '../call/interrupted.ts';
import { Switch } from '../call/switch.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { ControlSocketError, openControlServer } from '../control/server.ts';
import type { Logger } from '../diagnostics/logger.ts';
import { SipAdapter } from '../sip/adapter.ts';
import { SqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { createCallIds } from './call-ids.ts';
import { type Clock, createClock, realTimers, type Timers } from './clock.ts';
import { fingerprint, isGitBusy } from './config-files.ts';
import { type DrainOutcome, drain } from './drain.ts';
import { Engine } from './engine.ts';
import { LoadingThread } from './loading-thread.ts';
import { messageOf } from './performer.ts';
import { Releasers } from './releasers.ts';
import { logDiagnostics, Reloader } from './reloader.ts';
import { RunningOperations } from './running-operations.ts';
import { type SipServer, startSipServer } from './sip-server.ts';
import { StartError } from './start-error.ts';
import { watchConfiguration } from './watch.ts';
import { watchClock } from './watch-clock.ts';

export interface DaemonOptions {
  /** The configuration directory. */
  readonly directory: string;
  readonly log: Logger;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Daemon {
  /** `udp/127.0.0.1:5060` … */
  readonly listening: readonly string[];
  readonly snapshotHash: string;
  /** Reads the configuration now; the log tells what came of it. */
  reload(): Promise<void>;
  /**
   * Takes no new calls, waits for those in progress, ends what is left at the limit or as soon as `hurry` resolves,
   * makes every record durable and closes everything.
   */
  stop(limitMs: number, hurry: Promise<void>): Promise<DrainOutcome>;
}

/**
 * Everything that can fail comes before the first call is taken; on failure nothing stays open.
 * @throws StartError
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const releasers = new Releasers();
  try {
    return await start({ ...options, directory: resolve(options.directory) }, releasers);
  } catch (error) {
    await releasers.releaseAll();
    throw asStartError(error);
  }
}

async function start(options: DaemonOptions, releasers: Releasers): Promise<Daemon> {
  const { directory, log, env } = options;
  const clock = createClock();
  const timers = realTimers;
  const printAtStart = await fingerprint(directory);
  const loading = new LoadingThread(directory);
  releasers.add('loading thread', () => loading.close());
  const snapshot = await loadAtStart(loading, directory, log);
  const control = await openControlServer(directory, log);
  releasers.add('control socket', () => control.close());
  const storePath = resolve(directory, snapshot.switch.store.path);
  const store = await SqliteStore.open({ path: storePath, sole: true, log });
  releasers.add('store', () => store.close());
  await closeInterruptedCalls(store, log);
  // What the predecessor noted must not become the end of our calls: its clock may have been ahead.
  await store.heartbeat(clock());
  const core = new Switch({ snapshot, balances: await store.balances() });
  const sipServer = await startSipServer({ directory, snapshot, env, log, timers });
  releasers.add('SIP server', () => sipServer.close());
  const sip = new SipAdapter({
    server: sipServer,
    embedded: sipServer.kind === 'embedded',
    deliver: input => engine.deliver(input),
    log,
    newCallId: createCallIds(clock(), randomBytes(4)),
  });
  const engine = new Engine({ core, sip, store, log, clock, timers });
  releasers.add('engine', () => engine.stop());
  releasers.add('SIP adapter', () => sip.close());
  await connect(sip, sipServer, log);
  // The first questions to gateways have their times from now on, whether a call comes or not.
  engine.handle({ type: 'tick' });
  const reloader = createReloader(options, { loading, snapshot, engine, sipServer, clock, timers });
  const watching = await watchConfiguration({
    directory,
    onChange: () => reloader.noticeChange(),
    log,
    timers,
  });
  releasers.add('watching', async () => {
    await watching.close();
    await reloader.close();
  });
  // Nobody watched while the rest was started.
  if ((await fingerprint(directory)) !== printAtStart) reloader.noticeChange();
  releasers.add('clock', watchClock(clock, timers, log));
  const startedAtMs = clock();
  const operations = new RunningOperations({
    ...{ core, engine, store, storePath, sip, sipServer, reloader, clock, startedAtMs },
  });
  control.serve(operations);
  log.info('The switch is ready', {
    name: snapshot.switch.name,
    listening: sipServer.listening.join(' '),
    hash: snapshot.hash,
  });
  return {
    listening: sipServer.listening,
    snapshotHash: snapshot.hash,
    async reload() {
      await reloader.reloadNow();
    },
    stop: (limitMs, hurry) => drain({ engine, store, releasers, log, timers, limitMs, hurry }),
  };
}

/** By the thread that reloads later, which remembers the files from now on. */
async function loadAtStart(loading: LoadingThread, directory: string, log: Logger): Promise<Snapshot> {
  const { snapshot, diagnostics } = await loading.load();
  if (snapshot === null) {
    throw new StartError(`the configuration in ${directory} has errors`, { diagnostics });
  }
  logDiagnostics(log, diagnostics);
  return snapshot;
}

/** Calls that were up when the switch was killed last time get their record and their charge before anything else. */
export async function closeInterruptedCalls(
  store: Pick<Store, 'interruptedCalls' | 'finishCall'>,
  log: Logger,
): Promise<void> {
  const { calls, lastAliveMs } = await store.interruptedCalls();
  if (calls.length === 0) return;
  await Promise.all(
    calls.map(call => {
      const { cdr, ledger } = closeInterrupted(call, lastAliveMs);
      return store.finishCall(cdr, ledger);
    }),
  );
  log.warn('Calls that were up when the switch was killed are closed as Interrupted', {
    calls: calls.length,
    lastAliveAt: new Date(lastAliveMs).toISOString(),
  });
}

/** Our own edge answers at once; another server may still be starting, and is waited for without holding us up. */
async function connect(sip: SipAdapter, server: SipServer, log: Logger): Promise<void> {
  const connected = sip.connect();
  if (server.kind === 'embedded') return connected;
  log.info('Connecting to the SIP server', { host: server.host, port: server.port });
  connected.catch((error: unknown) => {
    log.error('The SIP server cannot be used', { error: messageOf(error) });
  });
}

interface ReloadedParts {
  readonly loading: LoadingThread;
  readonly snapshot: Snapshot;
  readonly engine: Engine;
  readonly sipServer: SipServer;
  readonly clock: Clock;
  readonly timers: Timers;
}

function createReloader({ directory, log }: DaemonOptions, parts: ReloadedParts): Reloader {
  const { loading, snapshot, engine, sipServer, clock, timers } = parts;
  return new Reloader({
    load: () => loading.load(),
    fingerprint: () => fingerprint(directory),
    isGitBusy: () => isGitBusy(directory),
    initial: snapshot,
    apply(next) {
      engine.handle({ type: 'snapshot', snapshot: next });
      sipServer.useSnapshot(next);
    },
    log,
    clock,
    timers,
  });
}

function asStartError(error: unknown): StartError {
  if (error instanceof StartError) return error;
  if (error instanceof ControlSocketError) {
    const kind = error.kind === 'running' ? 'running' : 'wrong';
    return new StartError(error.message, { kind, hint: error.hint, cause: error });
  }
  if (error instanceof StoreError) return new StartError(error.message, { hint: error.hint, cause: error });
  return new StartError(messageOf(error), { cause: error });
}
