/** The largest of some numbers that come and go with a walk; asked for far more often than it has to be looked for. */
export class Largest {
  readonly #values: Float64Array;
  #largest = Number.NEGATIVE_INFINITY;
  /** What was set: the place, the value before, and the largest before. */
  readonly #log: number[] = [];

  constructor(count: number) {
    this.#values = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  }

  /** -Infinity when there is none. */
  get value(): number {
    return this.#largest;
  }

  set(place: number, value: number): void {
    const before = this.#values[place]!;
    if (before === value) return;
    this.#log.push(place, before, this.#largest);
    this.#values[place] = value;
    if (value >= this.#largest) this.#largest = value;
    else if (before === this.#largest) this.#largest = this.#values.reduce((a, b) => (a > b ? a : b));
  }

  /** How far the changes go. */
  get mark(): number {
    return this.#log.length;
  }

  /** Takes back what was set after the mark. */
  undo(mark: number): void {
    while (this.#log.length > mark) {
      this.#largest = this.#log.pop()!;
      const before = this.#log.pop()!;
      this.#values[this.#log.pop()!] = before;
    }
  }
}
