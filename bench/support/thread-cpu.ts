/** CPU time and memory of a process from /proc (Linux), thread by thread. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Seconds of CPU used so far, by thread id. */
export function cpuSecondsByThread(pid: number): ReadonlyMap<number, number> {
  const used = new Map<number, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    // Behind the name in parentheses, which may hold spaces: state is field 3, utime 14, stime 15.
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    used.set(Number(thread), (Number(fields[11]) + Number(fields[12])) / ticksPerSecond);
  }
  return used;
}

export interface CpuShares {
  /** The thread of the call core, drachtio-srf and the control server. */
  readonly mainSeconds: number;
  /** The busiest other thread: the embedded SIP server. */
  readonly edgeSeconds: number;
  /** All others together: the database, garbage collection, compilation. */
  readonly otherSeconds: number;
}

/** What each thread used between two looks. */
export function cpuShares(
  pid: number,
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): CpuShares {
  const spent = [...after].map(([thread, seconds]) => ({
    thread,
    seconds: seconds - (before.get(thread) ?? 0),
  }));
  const mainSeconds = spent.find(({ thread }) => thread === pid)?.seconds ?? 0;
  const others = spent.filter(({ thread }) => thread !== pid).map(({ seconds }) => seconds);
  const edgeSeconds = Math.max(0, ...others);
  return { mainSeconds, edgeSeconds, otherSeconds: others.reduce((sum, s) => sum + s, 0) - edgeSeconds };
}

/** Resident memory in MiB. */
export function residentMebibytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Math.round(Number(line?.[1] ?? 0) / 1024);
}
