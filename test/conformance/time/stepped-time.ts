/**
 * Time that stands still while datagrams are under way and jumps to the next timer when everything is quiet, so that
 * hours of calls pass in a moment and a datagram takes no time at all. Whatever the switch, its SIP server and its
 * peers wait for, they wait for on this one clock, retransmissions included.
 *
 * Nothing can prove that a datagram is not still under way between two sockets: quiet is what has been so for several
 * turns of the event loop and `quietMs` of real time. Where that was too hasty, the world is played again more slowly.
 */
import type { DriverTime } from '../../../src/edge/sockets/driver.ts';
import type { Timers } from '../../../src/live/clock.ts';
import { type Movement, nextTurn, type WorldTime } from './world-time.ts';

interface Timer {
  readonly atMs: number;
  readonly isOfSwitch: boolean;
  readonly work: () => void;
}

/** How often the edge looks at its timers while nothing else happens; its retransmissions are that exact. */
const edgeStepMs = 10;
/** The same while it has dialogs at most, whose timers are minutes. */
const idleStepMs = 1000;
const quietTurns = 6;
const stuckMs = 60_000;

export class SteppedTime implements WorldTime {
  readonly #quietMs: number;
  readonly #waitsForDisk: boolean;
  /** In the order of their times; among equal ones those of the switch are first, then who was set first. */
  readonly #timers: Timer[] = [];
  readonly #tickers = new Set<() => void>();
  #nowMs: number;

  /**
   * `waitsForDisk` has every heartbeat durable before the next one is due, as it is in service: for worlds in which the
   * last one counts.
   */
  constructor(startMs: number, quietMs: number, waitsForDisk: boolean) {
    this.#nowMs = startMs;
    this.#quietMs = quietMs;
    this.#waitsForDisk = waitsForDisk;
  }

  readonly clock = (): number => this.#nowMs;

  readonly timers: Timers = {
    after: (milliseconds, work) => this.#set(milliseconds, work, true),
  };

  readonly peerTimers: Timers = {
    after: (milliseconds, work) => this.#set(milliseconds, work, false),
  };

  readonly driver: DriverTime = {
    now: this.clock,
    every: (_milliseconds, work) => {
      this.#tickers.add(work);
      return () => this.#tickers.delete(work);
    },
  };

  async passUntil(isOver: () => boolean, movement: Movement, limitMs: number): Promise<void> {
    const lastMs = this.#nowMs + limitMs;
    for (;;) {
      await this.#quiet(movement);
      if (isOver()) return;
      if (this.#nowMs > lastMs)
        throw new Error(`the world was not over after ${limitMs / 1000} s of its time`);
      await this.#move(isOver, movement, lastMs);
    }
  }

  #set(milliseconds: number, work: () => void, isOfSwitch: boolean): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, Math.ceil(milliseconds)), work, isOfSwitch };
    let place = this.#timers.length;
    while (place > 0 && comesBefore(timer, this.#timers[place - 1]!)) place--;
    this.#timers.splice(place, 0, timer);
    return () => {
      const found = this.#timers.indexOf(timer);
      if (found >= 0) this.#timers.splice(found, 1);
    };
  }

  /** Goes on until something has happened on the wire, in the switch or at a peer, or nothing is left to happen. */
  async #move(isOver: () => boolean, movement: Movement, lastMs: number): Promise<void> {
    const before = movement.count();
    let turnAtMs = this.#nowMs + idleStepMs;
    while (movement.count() === before && !movement.isBusy() && this.#nowMs <= lastMs) {
      const next = this.#timers[0];
      if (next !== undefined && next.atMs <= this.#nowMs) {
        if (!next.isOfSwitch && this.#isBehind(movement)) {
          await nextTurn();
          continue;
        }
        this.#timers.shift();
        next.work();
        if (next.isOfSwitch) continue;
        return;
      }
      const everyMs = movement.isInTransaction() ? edgeStepMs : idleStepMs;
      const stepMs = (Math.floor(this.#nowMs / everyMs) + 1) * everyMs;
      this.#nowMs = Math.min(stepMs, next?.atMs ?? stepMs);
      for (const tick of this.#tickers) tick();
      if (this.#nowMs < turnAtMs) continue;
      turnAtMs = this.#nowMs + idleStepMs;
      do await nextTurn();
      while (this.#isBehind(movement));
      if (isOver()) return;
    }
  }

  /** A heartbeat is not durable that would be in service. */
  #isBehind(movement: Movement): boolean {
    return this.#waitsForDisk && movement.isWriting();
  }

  async #quiet(movement: Movement): Promise<void> {
    const startedAt = performance.now();
    let count = movement.count();
    let since = startedAt;
    let turns = 0;
    while (turns < quietTurns || performance.now() - since < this.#quietMs) {
      await nextTurn();
      const now = performance.now();
      if (movement.count() === count && !movement.isBusy() && !movement.isWriting()) {
        turns++;
        continue;
      }
      if (now - startedAt > stuckMs) throw new Error('the world does not come to rest');
      count = movement.count();
      since = now;
      turns = 0;
    }
  }
}

function comesBefore(timer: Timer, other: Timer): boolean {
  if (timer.atMs !== other.atMs) return timer.atMs < other.atMs;
  return timer.isOfSwitch && !other.isOfSwitch;
}
