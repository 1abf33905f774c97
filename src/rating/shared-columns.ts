/** Columns of tables: grown while they are filled, then laid out on shared memory of exactly their size. */
export type Column = Float64Array | Uint32Array | Int32Array | Uint8Array;

interface ColumnType<T extends Column> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: SharedArrayBuffer): T;
}

/** Returns `to`, which is at least as long as `from`, with what `from` holds. */
export function copied<T extends Column>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The first `count` elements, in new shared memory. */
export function shared<T extends Column>(column: T, count: number, Type: ColumnType<T>): T {
  const exact = new Type(new SharedArrayBuffer(count * Type.BYTES_PER_ELEMENT));
  exact.set(column.subarray(0, count));
  return exact;
}
