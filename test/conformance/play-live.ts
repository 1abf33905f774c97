/** Plays a scenario against a real live switch over real sockets, and tells what came of it like the simulator does. */
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { type Money, money, noMoney } from '../../src/rating/money.ts';
import type { Played, PlayedCall } from '../../src/sim/scenario/played.ts';
import type { Scenario } from '../../src/sim/scenario/scenario.ts';
import type { Store } from '../../src/store/store.ts';
import { SteppedTime } from './time/stepped-time.ts';
import { WallTime } from './time/wall-time.ts';
import { LiveWorld, type SeenCall } from './world/live-world.ts';

export interface LiveOptions {
  /**
   * `stepped`: time stands still while something happens and jumps ahead otherwise, so that scenarios of any length are
   * played in a moment. `wall`: the time on the wall, with the SIP server in its own thread, as in service.
   */
  readonly time: 'stepped' | 'wall';
  /** Stepped time goes on after so much real time without any movement. */
  readonly quietMs: number;
}

export interface PlayedLive extends Played {
  /** Every message that the peers saw, and the log of the switch. */
  readonly story: string;
}

const mostRecords = 1_000_000;
const longestStepped = 7 * 24 * 3_600_000;

export async function playLive(
  snapshot: Snapshot,
  scenario: Scenario,
  options: LiveOptions,
): Promise<PlayedLive> {
  const { seed, startMs } = scenario;
  const isWall = options.time === 'wall';
  const wall = new WallTime(startMs);
  const isKilled = scenario.events.some(({ kind }) => kind === 'restart');
  const time = isWall ? wall : new SteppedTime(startMs, options.quietMs, isKilled);
  const world = new LiveWorld({
    snapshot,
    scenario,
    seed,
    time,
    threaded: isWall,
    onReady: () => wall.begin(),
  });
  try {
    await world.play(isWall ? wallLimitMs(scenario) : longestStepped);
    return await told(world, snapshot, scenario, time.clock());
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`${reason}\n${storyOf(world)}`, { cause: error });
  } finally {
    await world.close();
  }
}

/** Generous: a slow machine is no difference between two worlds. */
function wallLimitMs(scenario: Scenario): number {
  const ends = scenario.calls.map(({ atMs, count, intervalMs }) => atMs + count * intervalMs);
  return Math.max(0, ...ends) + 300_000;
}

async function told(
  world: LiveWorld,
  snapshot: Snapshot,
  scenario: Scenario,
  endedAtMs: number,
): Promise<PlayedLive> {
  const { store } = world.live;
  const records = new Map<string, CallDetailRecord>();
  for (const record of await store.cdrs({ limit: mostRecords })) {
    if (records.has(record.callId))
      world.watcher.violate('twoRecords', `two records of ${record.callId}`, null);
    records.set(record.callId, record);
  }
  const balances = new Map<string, Money>();
  const lowestBalances = new Map<string, Money>();
  for (const { name } of snapshot.accounts) {
    balances.set(name, await store.balance(name));
    lowestBalances.set(name, await lowestBalance(store, name, scenario));
  }
  const seenIds = new Set(world.calls.map(({ callId }) => callId));
  for (const { callId } of records.values()) {
    if (!seenIds.has(callId)) world.watcher.violate('recordOfNobody', `a record of ${callId}`, callId);
  }
  const calls = world.calls
    .toSorted((a, b) => a.callIndex - b.callIndex || a.burstIndex - b.burstIndex)
    .map(seen => playedCall(seen, records));
  return {
    scenario,
    seed: scenario.seed,
    calls,
    balances,
    lowestBalances,
    gatewayPeakLines: world.peaks.lines,
    peakCalls: world.peaks.calls,
    endedAtMs,
    mostCallsAtOnce: null,
    violations: world.watcher.violations,
    trace: null,
    story: storyOf(world),
  };
}

/** The ledger tells: what was given is its first line. */
async function lowestBalance(store: Store, account: string, scenario: Scenario): Promise<Money> {
  let balance: Money = scenario.given.balances.get(account) ?? noMoney;
  let lowest = balance;
  const entries = (await store.ledger(account, mostRecords)).toReversed();
  for (const { amount } of balance === noMoney ? entries : entries.slice(1)) {
    balance = money(balance + amount);
    if (balance < lowest) lowest = balance;
  }
  return lowest;
}

function playedCall(seen: SeenCall, records: ReadonlyMap<string, CallDetailRecord>): PlayedCall {
  const { callIndex, burstIndex, caller, attempts } = seen;
  const { placed, startedAtMs, firstResponseAtMs, finalStatus, finalReason, answeredAtMs, endedAtMs } =
    caller;
  const callId = seen.callId ?? placed.sipCallId;
  return {
    call: placed.call,
    callIndex,
    burstIndex,
    callId,
    caller: placed.caller,
    callee: placed.callee,
    ...{ startedAtMs, firstResponseAtMs, finalStatus, finalReason, answeredAtMs, endedAtMs, attempts },
    record: records.get(callId) ?? null,
    isGivenUp: false,
  };
}

function storyOf(world: LiveWorld): string {
  return `${world.watcher.story()}\n${world.log.join('\n')}`;
}
