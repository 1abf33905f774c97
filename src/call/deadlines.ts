/** Something with at most one deadline. The two fields belong to the heap that holds it. */
export interface Timed {
  /** ms since 1970 UTC; Infinity when nothing is due ever. */
  deadlineMs: number;
  /** Place in the heap, -1 when outside. */
  heapIndex: number;
  /** Decides between equal deadlines, so that the order never depends on the shape of the heap. */
  readonly sequence: number;
}

/** Index of the earliest deadline of all calls: a binary heap in which every member knows its place. */
export class Deadlines<T extends Timed> {
  readonly #heap: T[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The member that is due first, or null. */
  earliest(): T | null {
    return this.#heap[0] ?? null;
  }

  /** Sets, moves or (with Infinity) removes the deadline of a member. */
  set(member: T, deadlineMs: number): void {
    if (deadlineMs === Number.POSITIVE_INFINITY) {
      this.remove(member);
      return;
    }
    const before = member.deadlineMs;
    member.deadlineMs = deadlineMs;
    if (member.heapIndex < 0) {
      member.heapIndex = this.#heap.length;
      this.#heap.push(member);
      this.#rise(member, member.heapIndex);
    } else if (deadlineMs < before) {
      this.#rise(member, member.heapIndex);
    } else {
      this.#sink(member, member.heapIndex);
    }
  }

  remove(member: T): void {
    const index = member.heapIndex;
    member.deadlineMs = Number.POSITIVE_INFINITY;
    if (index < 0) return;
    member.heapIndex = -1;
    const last = this.#heap.pop()!;
    if (last === member) return;
    this.#place(last, index);
    this.#rise(last, index);
    this.#sink(last, last.heapIndex);
  }

  #rise(member: T, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#heap[parentIndex]!;
      if (!isEarlier(member, parent)) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(member, index);
  }

  #sink(member: T, from: number): void {
    const length = this.#heap.length;
    let index = from;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= length) break;
      if (childIndex + 1 < length && isEarlier(this.#heap[childIndex + 1]!, this.#heap[childIndex]!)) {
        childIndex++;
      }
      const child = this.#heap[childIndex]!;
      if (!isEarlier(child, member)) break;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(member, index);
  }

  #place(member: T, index: number): void {
    this.#heap[index] = member;
    member.heapIndex = index;
  }
}

function isEarlier(a: Timed, b: Timed): boolean {
  return a.deadlineMs < b.deadlineMs || (a.deadlineMs === b.deadlineMs && a.sequence < b.sequence);
}
