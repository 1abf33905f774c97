/** Puts a switch together, starts it, and takes it apart again in the opposite order. */
import { resolve } from 'node:path';
import type { Snapshot } from '../config/snapshot.ts';
import { ControlSocketError } from '../control/control-socket-error.ts';
import { type ControlServer, openControlServer } from '../control/server.ts';
import type { Logger } from '../diagnostics/logger.ts';
import type { History, Hold } from '../history/history.ts';
import type { Keeping, SwitchHistory } from '../history/switch-history.ts';
import { StoreError } from '../store/store-error.ts';
import { type Clock, createClock, realTimers, type Timers } from './clock.ts';
import { collectWithoutHelpers } from './collections.ts';
import { logDiagnostics } from './configuration/findings-log.ts';
import { writeLastStore } from './configuration/last-store.ts';
import { openHistory } from './configuration/open-history.ts';
import { prepareCalls } from './configuration/prepare.ts';
import { Reloader } from './configuration/reloader.ts';
import { ServingVersion } from './configuration/serving-version.ts';
import { findStartVersion, type PlacedStartVersion } from './configuration/start-version.ts';
import { type DrainOutcome, drain } from './drain.ts';
import { EventLoopWatch } from './event-loop.ts';
import { type LiveSwitch, startLiveSwitch } from './live-switch.ts';
import { LoadingThread } from './loading-thread.ts';
import { messageOf } from './performer.ts';
import { Releasers } from './releasers.ts';
import { lastGivenUp } from './rollout/given-up.ts';
import type { GivenUp } from './rollout/rollouts.ts';
import { RunningOperations } from './running-operations.ts';
import { openSource } from './sources/open-source.ts';
import { StartError } from './start-error.ts';
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
  collectWithoutHelpers();
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
  const loading = new LoadingThread(directory);
  releasers.add('loading thread', () => loading.close());
  const claim = claimOnce(directory, log, releasers);
  const opened = await openSource({ directory, claim, loading, env, log, clock, timers, releasers });
  const keeping = opened.keepingWith(loading);
  const recall = (hash: string) => loading.recall(hash);
  const found = await findStartVersion({
    loadSource: async () => {
      const first = await opened.first();
      logDiagnostics(log, first.diagnostics);
      return first.snapshot;
    },
    ...{ directory, keeping, log, clock },
  });
  const { snapshot, sourceHash } = found;
  const control = await claim();
  const storePath = resolve(directory, found.storePath);
  const live = await startLiveSwitch({ directory, snapshot, storePath, env, log, clock, timers, releasers });
  const { core, engine, store, sip, sipServer } = live;
  const { serving, history, lastApplyMs } = await startDeciding({
    directory,
    found,
    storePath,
    live,
    keeping,
    recall,
    log,
    releasers,
    clock,
    timers,
  });
  const reloader = new Reloader({ source: opened.source, serving, sourceHash, log, clock, timers });
  releasers.add('reloader', () => reloader.close());
  await opened.begin();
  releasers.add('clock', watchClock(clock, timers, log));
  const eventLoop = new EventLoopWatch(timers);
  releasers.add('event loop watch', async () => eventLoop.stop());
  const startedAtMs = clock();
  const operations = new RunningOperations({
    ...{ core, engine, store, storePath, sip, sipServer, reloader, serving },
    ...{ source: opened, process: { eventLoop, loading, lastApplyMs }, clock, startedAtMs },
  });
  control.serve(operations);
  serving.begin();
  if (sourceHash !== null && sourceHash !== snapshot.hash) void reloader.reloadNow();
  void history.sweep(snapshot.switch.history);
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

/** Takes the control socket when it is first wanted. Who has it has the directory, and everything in its var/. */
function claimOnce(directory: string, log: Logger, releasers: Releasers): () => Promise<ControlServer> {
  let claimed: Promise<ControlServer> | null = null;
  async function claim(): Promise<ControlServer> {
    const control = await openControlServer(directory, log);
    releasers.add('control socket', () => control.close());
    return control;
  }
  return () => {
    claimed ??= claim();
    return claimed;
  };
}

interface DecidingParts {
  readonly directory: string;
  readonly found: PlacedStartVersion;
  readonly storePath: string;
  readonly live: LiveSwitch;
  readonly keeping: Keeping;
  readonly recall: (hash: string) => Snapshot | null;
  readonly log: Logger;
  readonly releasers: Releasers;
  readonly clock: Clock;
  readonly timers: Timers;
}

interface Deciding {
  readonly serving: ServingVersion;
  readonly history: SwitchHistory;
  /** How long it took to put the last snapshot into service; null when none was since the start. */
  readonly lastApplyMs: () => number | null;
}

async function startDeciding(parts: DecidingParts): Promise<Deciding> {
  const { directory, found, storePath, live, keeping, recall, releasers, log, clock, timers } = parts;
  const { snapshot, hold } = found;
  const { engine, sipServer } = live;
  const history = await openHistory(live.store, { storePath, keeping, log, clock });
  releasers.add('history', () => history.close());
  await refuseStaleStart(history, hold);
  writeLastStore(directory, found.storePath);
  let lastApplyMs: number | null = null;
  const serving = new ServingVersion({
    initial: snapshot,
    boot: { ...snapshot.switch, store: { ...snapshot.switch.store, path: found.storePath } },
    recall,
    prepare: next => prepareCalls(next, clock()),
    apply(next) {
      const beganAtMs = performance.now();
      engine.handle({ type: 'snapshot', snapshot: next });
      sipServer.useSnapshot(next);
      lastApplyMs = performance.now() - beganAtMs;
    },
    trying: {
      tryOut(candidate, sharePercent) {
        engine.handle({ type: 'snapshot', snapshot: candidate, sharePercent });
        sipServer.useSnapshot(live.core.snapshot, candidate);
      },
      takeCompared: so => live.core.takeCompared(so),
    },
    givenUp: await givenUpOf(history, found),
    ...{ history, hold, log, clock, timers },
  });
  releasers.add('decisions', () => serving.close());
  return { serving, history, lastApplyMs: () => lastApplyMs };
}

/** Files that were changed since are another change. */
async function givenUpOf(history: History, { sourceHash }: PlacedStartVersion): Promise<GivenUp | null> {
  const givenUp = await lastGivenUp(history);
  return sourceHash === null || givenUp?.hash === sourceHash ? givenUp : null;
}

/** Somebody decided between our look at the history and our taking hold of it. @throws StartError */
async function refuseStaleStart(history: History, hold: Hold | null): Promise<void> {
  const now = await history.hold();
  if (now?.hash === hold?.hash && now?.sinceMs === hold?.sinceMs) return;
  throw new StartError('what is held was changed while the switch was starting', { hint: 'start it again' });
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
