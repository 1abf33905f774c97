/**
 * How the work of hostile texts grows with their length, by the processor time of this process: a ratio within one run,
 * since a duration says more about the machine.
 */
const timesLonger = 8;
/** Linear work takes eight times as long, quadratic work sixty-four times. */
const mostTimesSlower = 24;
const rounds = 7;
/** Below this it is the clock that is measured (microseconds). */
const leastUs = 200;

/** Throws when `work` on a text of eight times `length` takes much more than eight times as long. */
export function growsWithLength(what: string, length: number, work: (length: number) => unknown): void {
  const [short, long] = [fastestUs(work, length), fastestUs(work, length * timesLonger)];
  const timesSlower = long / Math.max(short, leastUs);
  if (timesSlower < mostTimesSlower) return;
  throw new Error(`${what}: ${timesLonger} times the length takes ${timesSlower.toFixed(1)} times as long`);
}

function fastestUs(work: (length: number) => unknown, length: number): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    work(length);
    const { user, system } = process.cpuUsage(before);
    fastest = Math.min(fastest, user + system);
  }
  return fastest;
}
