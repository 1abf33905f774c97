/** Integers that a walk changes on its way down and must find unchanged when it comes back. */
export class UndoWords {
  readonly words: Int32Array;
  #places = new Int32Array(1024);
  #before = new Int32Array(1024);
  #logged = 0;
  readonly #marks: number[] = [];

  constructor(length: number) {
    this.words = new Int32Array(length);
  }

  set(place: number, value: number): void {
    const before = this.words[place]!;
    if (before === value) return;
    if (this.#logged === this.#places.length) {
      this.#places = grown(this.#places);
      this.#before = grown(this.#before);
    }
    this.#places[this.#logged] = place;
    this.#before[this.#logged] = before;
    this.#logged++;
    this.words[place] = value;
  }

  /** What is set from now on goes with the `undo` that belongs to this. */
  mark(): void {
    this.#marks.push(this.#logged);
  }

  undo(): void {
    const mark = this.#marks.pop();
    if (mark === undefined) throw new Error('there is no mark to go back to');
    while (this.#logged > mark) {
      this.#logged--;
      this.words[this.#places[this.#logged]!] = this.#before[this.#logged]!;
    }
  }
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
