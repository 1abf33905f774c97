/**
 * A switch that takes calls: store, call core, SIP server, adapter and engine, put together and started in their
 * order. Where its configuration comes from, and who asks it questions, is left to the daemon.
 */
import { randomBytes } from 'node:crypto';
import { closeInterrupted } from '../call/interrupted.ts';
import { Switch, type SwitchOptions } from '../call/switch.ts';
import type { Snapshot } from '../config/snapshot.ts';
import type { Logger } from '../diagnostics/logger.ts';
import { SipAdapter, type SipAdapterOptions } from '../sip/adapter.ts';
import type { SipPort } from '../sip/port.ts';
import { SqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { createCallIds } from './call-ids.ts';
import type { Clock, Timers } from './clock.ts';
import { Engine } from './engine.ts';
import { messageOf } from './performer.ts';
import type { Releasers } from './releasers.ts';
import { type SipServer, type SipServerOptions, startSipServer } from './sip-server.ts';

export interface LiveSwitchOptions {
  /** The configuration directory, which secret files are relative to. */
  readonly directory: string;
  readonly snapshot: Snapshot;
  readonly storePath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Takes everything that was opened, also when the start fails. */
  readonly releasers: Releasers;
  readonly surroundings?: Surroundings;
}

/** What stands around a switch that plays a scenario in place of the real thing. Each may be left out. */
export interface Surroundings {
  readonly newSeed?: () => number;
  readonly startEdge?: SipServerOptions['startEdge'];
  /** Stands between the engine and the SIP adapter. */
  readonly createSip?: (options: SipAdapterOptions) => SipPort;
  /** What the core is made with besides snapshot and balances. */
  readonly core?: Omit<SwitchOptions, 'snapshot' | 'balances'>;
}

export interface LiveSwitch {
  readonly core: Switch;
  readonly engine: Engine;
  readonly store: SqliteStore;
  readonly sip: SipPort;
  readonly sipServer: SipServer;
}

/** Everything that can fail comes before the first call is taken. */
export async function startLiveSwitch(options: LiveSwitchOptions): Promise<LiveSwitch> {
  const { directory, snapshot, storePath, env, log, clock, timers, releasers, surroundings = {} } = options;
  const { newSeed, startEdge } = surroundings;
  const store = await SqliteStore.open({ path: storePath, sole: true, log });
  releasers.add('store', () => store.close());
  await closeInterruptedCalls(store, log);
  // What the predecessor noted must not become the end of our calls: its clock may have been ahead.
  await store.heartbeat(clock());
  const core = new Switch({ ...surroundings.core, snapshot, balances: await store.balances() });
  const sipServer = await startSipServer({
    ...{ directory, snapshot, env, log, timers },
    ...(startEdge === undefined ? {} : { startEdge }),
  });
  releasers.add('SIP server', () => sipServer.close());
  const createSip = surroundings.createSip ?? (adapterOptions => new SipAdapter(adapterOptions));
  const sip = createSip({
    server: sipServer,
    embedded: sipServer.kind === 'embedded',
    deliver: input => engine.deliver(input),
    log,
    newCallId: createCallIds(clock(), randomBytes(4)),
  });
  const engine = new Engine({
    ...{ core, sip, store, log, clock, timers },
    ...(newSeed === undefined ? {} : { newSeed }),
  });
  releasers.add('engine', () => engine.stop());
  releasers.add('SIP adapter', () => sip.close());
  await connect(sip, sipServer, log);
  // The first questions to gateways have their times from now on, whether a call comes or not.
  engine.handle({ type: 'tick' });
  return { core, engine, store, sip, sipServer };
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
async function connect(sip: SipPort, server: SipServer, log: Logger): Promise<void> {
  const connected = sip.connect();
  if (server.kind === 'embedded') return connected;
  log.info('Connecting to the SIP server', { host: server.host, port: server.port });
  connected.catch((error: unknown) => {
    log.error('The SIP server cannot be used', { error: messageOf(error) });
  });
}
