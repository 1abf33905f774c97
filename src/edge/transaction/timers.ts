/** Something that wants to be called at a point in time; it holds its own timer, so that setting one costs nothing. */
export interface Expiring {
  onTimer(now: number): void;
}

/** One timer. It belongs to its owner for life and is set and cleared any number of times. */
export class Timer {
  /** Milliseconds of the driver's clock; meaningful only while set. */
  at = 0;
  readonly owner: Expiring;
  previous: Timer | null = null;
  next: Timer | null = null;
  slot = -1;

  constructor(owner: Expiring) {
    this.owner = owner;
  }

  get isSet(): boolean {
    return this.slot >= 0;
  }
}

const TICK_MS = 10;
const SLOTS = 8192;

/**
 * A timing wheel: setting and clearing a timer is a few pointer writes, whatever their number. A busy edge keeps a
 * hundred thousand of them, nearly all of which are cleared or moved before they fire.
 */
export class TimerWheel {
  readonly #slots: (Timer | null)[] = new Array<Timer | null>(SLOTS).fill(null);
  #tick: number;
  #size = 0;

  constructor(now: number) {
    this.#tick = Math.floor(now / TICK_MS);
  }

  get size(): number {
    return this.#size;
  }

  /** Sets or moves a timer. A time in the past fires at the next `advance`. */
  set(timer: Timer, at: number): void {
    this.clear(timer);
    const tick = Math.max(Math.floor(at / TICK_MS), this.#tick);
    const slot = tick % SLOTS;
    timer.at = at;
    timer.slot = slot;
    const head = this.#slots[slot] ?? null;
    timer.next = head;
    if (head !== null) head.previous = timer;
    this.#slots[slot] = timer;
    this.#size++;
  }

  clear(timer: Timer): void {
    if (timer.slot < 0) return;
    if (timer.previous !== null) timer.previous.next = timer.next;
    else this.#slots[timer.slot] = timer.next;
    if (timer.next !== null) timer.next.previous = timer.previous;
    timer.previous = null;
    timer.next = null;
    timer.slot = -1;
    this.#size--;
  }

  /** Fires every timer that is due at `now`. A timer set while firing fires at the next call at the earliest. */
  advance(now: number): void {
    const last = Math.floor(now / TICK_MS);
    if (last < this.#tick) return;
    const steps = Math.min(last - this.#tick, SLOTS - 1);
    for (let i = 0; i <= steps; i++) {
      this.#fireSlot((last - steps + i) % SLOTS, now);
    }
    this.#tick = last;
  }

  #fireSlot(slot: number, now: number): void {
    let due: Timer[] | null = null;
    for (let timer = this.#slots[slot] ?? null; timer !== null; timer = timer.next) {
      if (timer.at > now) continue;
      if (due === null) due = [];
      due.push(timer);
    }
    if (due === null) return;
    // Newest first in the list: fire in the order in which they were set.
    due.sort((a, b) => a.at - b.at);
    for (const timer of due) {
      // An earlier one of this slot may have cleared or moved it.
      if (timer.slot !== slot || timer.at > now) continue;
      this.clear(timer);
      timer.owner.onTimer(now);
    }
  }
}
