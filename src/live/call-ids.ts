/**
 * Ids of calls: unique over restarts, and growing with time, so that the index of the records that are written
 * grows at its end only.
 */
export function createCallIds(nowMs: number, random: Uint8Array): () => string {
  const start = nowMs.toString(36).padStart(9, '0');
  const salt = Buffer.from(random).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `${start}-${salt}-${count.toString(36).padStart(7, '0')}`;
  };
}
