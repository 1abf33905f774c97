/**
 * What is to happen, by time: a binary heap over flat arrays. What has the same time happens in the order in which it
 * was added, so that a run never depends on the shape of the heap.
 */
const firstCapacity = 64;

export class EventHeap<T> {
  #times: Float64Array = new Float64Array(firstCapacity);
  #orders: Float64Array = new Float64Array(firstCapacity);
  readonly #events: T[] = [];
  #added = 0;

  get size(): number {
    return this.#events.length;
  }

  /** ms since 1970 UTC; Infinity when nothing is to happen. */
  get nextMs(): number {
    return this.#events.length === 0 ? Number.POSITIVE_INFINITY : this.#times[0]!;
  }

  add(atMs: number, event: T): void {
    const events = this.#events;
    if (events.length === this.#times.length) this.#grow();
    const times = this.#times;
    const orders = this.#orders;
    const order = this.#added++;
    let place = events.length;
    events.push(event);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      // Whatever is in the heap was added before, so among equal times it stays above.
      if (times[parent]! <= atMs) break;
      times[place] = times[parent]!;
      orders[place] = orders[parent]!;
      events[place] = events[parent]!;
      place = parent;
    }
    times[place] = atMs;
    orders[place] = order;
    events[place] = event;
  }

  /** The event of `nextMs`. @throws when there is none */
  take(): T {
    const events = this.#events;
    if (events.length === 0) throw new Error('nothing is to happen');
    const first = events[0]!;
    const last = events.pop()!;
    if (events.length > 0) this.#sink(last, this.#times[events.length]!, this.#orders[events.length]!);
    return first;
  }

  /** Puts an event into the free place at the top, and from there where it belongs. */
  #sink(event: T, atMs: number, order: number): void {
    const events = this.#events;
    const times = this.#times;
    const orders = this.#orders;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= events.length) break;
      if (child + 1 < events.length && this.#isEarlier(child + 1, times[child]!, orders[child]!)) child++;
      if (!this.#isEarlier(child, atMs, order)) break;
      times[place] = times[child]!;
      orders[place] = orders[child]!;
      events[place] = events[child]!;
      place = child;
    }
    times[place] = atMs;
    orders[place] = order;
    events[place] = event;
  }

  #isEarlier(place: number, thanMs: number, thanOrder: number): boolean {
    const atMs = this.#times[place]!;
    return atMs < thanMs || (atMs === thanMs && this.#orders[place]! < thanOrder);
  }

  #grow(): void {
    this.#times = doubled(this.#times);
    this.#orders = doubled(this.#orders);
  }
}

function doubled(values: Float64Array): Float64Array {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}
