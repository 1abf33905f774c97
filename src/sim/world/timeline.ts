/** Everything that is still to happen in a world: what the scenario plans, and what comes of it on the way. */
import type { Snapshot } from '../../config/snapshot.ts';
import type { Scenario, ScenarioCall, ScenarioEvent } from '../scenario/scenario.ts';
import type { ActiveCall, Leg } from './active-call.ts';
import { EventHeap } from './event-heap.ts';
import type { PlannedReload } from './play-options.ts';
import type { OptionsAnswer } from './surroundings.ts';

/** The calls of a burst that are still to come. */
export interface Burst {
  readonly kind: 'burst';
  readonly call: ScenarioCall;
  readonly callIndex: number;
  /** Of the next one, from 0. */
  next: number;
}

/** Another configuration takes the place of the one before. */
export interface Reload {
  readonly kind: 'snapshot';
  readonly snapshot: Snapshot;
  readonly sharePercent?: number;
}

type Planned = Burst | ScenarioEvent | Reload;
export type WorldEvent = Planned | ActiveCall | Leg | OptionsAnswer;

export class Timeline extends EventHeap<WorldEvent> {
  /** Bursts that have calls to come, events and reloads. */
  toCome = 0;
  /** When the last thing is that anybody but the switch is known to do, past or to come (ms since 1970 UTC). */
  lastPlannedMs: number;
  readonly #startMs: number;
  readonly #bursts: readonly Burst[];

  /** What happens to the switch comes before the calls of the same time. */
  constructor({ startMs, events, calls }: Scenario, reloads: readonly PlannedReload[]) {
    super();
    this.#startMs = startMs;
    this.lastPlannedMs = startMs;
    for (const event of events) this.#plan(event.atMs, event);
    for (const { atMs, ...reload } of reloads) this.#plan(atMs, { kind: 'snapshot', ...reload });
    this.#bursts = calls.map((call, callIndex) => ({ kind: 'burst', call, callIndex, next: 0 }));
    for (const burst of this.#bursts) {
      const { atMs, count, intervalMs } = burst.call;
      if (count > 0) this.#plan(atMs, burst);
      this.#plannedUntil(atMs + (count - 1) * intervalMs);
    }
  }

  /** A caller or a gateway does something next at `atMs`. */
  await(atMs: number, who: ActiveCall | Leg): void {
    this.add(atMs, who);
    if (atMs > this.lastPlannedMs) this.lastPlannedMs = atMs;
  }

  /** A call of the burst has begun. Returns whether the next one begins at the same time; later ones are planned. */
  hasMoreNow(burst: Burst, steadyMs: number): boolean {
    const { atMs, count, intervalMs } = burst.call;
    burst.next++;
    if (burst.next >= count) {
      this.toCome--;
      return false;
    }
    const nextMs = this.#startMs + atMs + Math.floor(burst.next * intervalMs);
    if (nextMs <= steadyMs) return true;
    this.add(nextMs, burst);
    return false;
  }

  /** The id of the next call of a burst: counted from 1, as people do. */
  callIdOf({ call, callIndex, next }: Burst): string {
    return call.count === 1 ? `call-${callIndex + 1}` : `call-${callIndex + 1}.${next + 1}`;
  }

  /** Whether the call has begun at any time. */
  hasBegun(callId: string): boolean {
    const [, index, place] = /^call-(\d+)(?:\.(\d+))?$/.exec(callId) ?? [];
    const burst = this.#bursts[Number(index) - 1];
    return burst !== undefined && Number(place ?? 1) <= burst.next;
  }

  #plan(atMs: number, planned: Planned): void {
    this.toCome++;
    this.add(this.#startMs + atMs, planned);
    this.#plannedUntil(atMs);
  }

  #plannedUntil(atMs: number): void {
    this.lastPlannedMs = Math.max(this.lastPlannedMs, this.#startMs + atMs);
  }
}
