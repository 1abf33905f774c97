/** Reads a file that somebody may be writing at this moment. */
import { type BigIntStats, fstatSync, readSync } from 'node:fs';

/** A writer that empties a file fills it again sooner than this, in ms. */
const steadyMs = 25;
/** Whoever changed a file longer ago than this is no longer at it. */
const recentMs = 1000;
const tries = 10;
const bell = new Int32Array(new SharedArrayBuffer(4));

/**
 * The bytes of a file that stood still for a moment before it was read and while it was, or null when it does not stand still.
 * It blocks the thread for up to a quarter of a second.
 */
export function readSteadily(descriptor: number, limitBytes: number): Buffer | null {
  for (let tried = 0; tried < tries; tried += 1) {
    const before = statOf(descriptor);
    if (Math.abs(Date.now() - Number(before.ctimeMs)) < recentMs) {
      Atomics.wait(bell, 0, 0, steadyMs);
      if (!isSame(before, statOf(descriptor))) continue;
    }
    if (before.size > limitBytes) return null;
    const bytes = readAll(descriptor, Number(before.size));
    if (isSame(before, statOf(descriptor))) return bytes;
  }
  return null;
}

/** A file that shrinks while it is read yields what is there; one that grows is read to its former end. */
export function readAll(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(descriptor, bytes, filled, size - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function statOf(descriptor: number): BigIntStats {
  return fstatSync(descriptor, { bigint: true });
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}
