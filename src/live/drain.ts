/** The orderly end of a switch. */
import type { Logger } from '../diagnostics/logger.ts';
import type { SqliteStore } from '../store/sqlite-store.ts';
import type { Timers } from './clock.ts';
import type { Engine } from './engine.ts';
import { messageOf, recordJson } from './performer.ts';
import type { Releasers } from './releasers.ts';

export interface DrainOptions {
  readonly engine: Pick<Engine, 'handle' | 'idle' | 'openCalls' | 'recordsPending'>;
  readonly store: Pick<SqliteStore, 'unwritten' | 'health'>;
  readonly releasers: Releasers;
  readonly log: Logger;
  readonly timers: Timers;
  /** How long calls may go on. */
  readonly limitMs: number;
  /** Resolves when somebody loses patience. */
  readonly hurry: Promise<void>;
}

/** `incomplete`: a call or a record was left over; the log says which. */
export type DrainOutcome = 'drained' | 'incomplete';

/** After the calls were ended: for the BYEs to leave and for the records to become durable. */
const settleLimitMs = 5000;
/** BYEs are given this long to be answered, so that their retransmission is not cut off. */
const farewellMs = 1000;

export async function drain(options: DrainOptions): Promise<DrainOutcome> {
  const { engine, log, timers, limitMs, hurry } = options;
  log.info('Draining: no new calls', { active: engine.openCalls, limitSeconds: limitMs / 1000 });
  engine.handle({ type: 'drain' });
  const hadCalls = engine.openCalls > 0;
  const drained = engine.idle();
  const inTime = await firstOf(timers, limitMs, [drained.then(() => true), hurry.then(() => false)]);
  if (inTime !== true) {
    log.warn('Calls that are still up are ended', { active: engine.openCalls });
    engine.handle({ type: 'shutdown' });
    await firstOf(timers, settleLimitMs, [drained.then(() => true)]);
  }
  if (hadCalls) await firstOf(timers, farewellMs, []);
  return closeAll(options);
}

async function closeAll(options: DrainOptions): Promise<DrainOutcome> {
  const { engine, store, releasers, log, timers } = options;
  const left = { calls: engine.openCalls, records: engine.recordsPending };
  if (left.records > 0) logUnwritten(store, log);
  // A store that cannot write would wait for ever; its records stand in the log by now.
  const released = await firstOf(timers, settleLimitMs, [releasers.releaseAll()]);
  for (const { name, error } of released ?? []) {
    log.error('Something could not be closed', { what: name, error: messageOf(error) });
  }
  if (left.calls === 0 && left.records === 0 && released !== null && released.length === 0) {
    log.info('Drained: every call has ended and every record is stored');
    return 'drained';
  }
  log.error('The switch ends without having drained', left);
  return 'incomplete';
}

function logUnwritten(store: DrainOptions['store'], log: Logger): void {
  const { lastError } = store.health();
  for (const write of store.unwritten()) {
    if (write.kind === 'alive' || write.kind === 'journal') continue;
    log.error('A record could not be stored; it stands in this line', {
      error: lastError,
      record: recordJson(write),
    });
  }
}

/** The first result, or null when none comes in time. */
async function firstOf<Result>(
  timers: Timers,
  limitMs: number,
  promises: readonly Promise<Result>[],
): Promise<Result | null> {
  let cancel = (): void => {};
  const timeout = new Promise<null>(resolve => {
    cancel = timers.after(limitMs, () => resolve(null));
  });
  const result = await Promise.race([timeout, ...promises]);
  cancel();
  return result;
}
