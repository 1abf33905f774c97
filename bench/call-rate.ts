/**
 * How many calls a second the whole switch carries: sipp → switch → sipp on loopback, one second of talk, routing,
 * credit holds, journal and records on. Beside it, in the same run, what the load generators do without a switch and
 * what the least possible switch does. One JSON object a line.
 *
 * `node dist/bench/call-rate.js [--rate 800] [--seconds 20] [--find] [--only switch|bare-b2bua|direct] [--profile DIR]`
 *
 * --find searches, from the rate given, for the highest one with under 0.5 % failed calls and under 2 % retransmissions.
 * --profile writes CPU profiles of the switch's threads there.
 */
import { parseArgs } from 'node:util';
import { isWithinLimits, type LoadResult, round, runLoad } from './support/sipp-load.ts';
import { caller, type Subject, startBare, startDirect, startSwitch, vendor } from './support/subjects.ts';
import { cpuSecondsByThread, cpuShares, residentMebibytes } from './support/thread-cpu.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '800' },
    seconds: { type: 'string', default: '20' },
    find: { type: 'boolean', default: false },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const profileFlags = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
/** The search ends when the answer is known this closely. */
const findStep = 25;
const findStartStep = 200;

const starts: readonly (() => Promise<Subject>)[] = [startDirect, startBare, () => startSwitch(profileFlags)];

for (const start of starts) {
  if (values.find) await find(start);
  else await measureOnce(start, rate);
}

/** null when this subject is left out. */
async function measureOnce(start: () => Promise<Subject>, atRate: number): Promise<LoadResult | null> {
  const subject = await start();
  try {
    if (values.only !== undefined && values.only !== subject.name) return null;
    return await measure(subject, atRate);
  } finally {
    await subject.stop();
  }
}

async function measure(subject: Subject, atRate: number): Promise<LoadResult> {
  const { pid, target } = subject;
  const before = pid === null ? null : cpuSecondsByThread(pid);
  const result = await runLoad({ rate: atRate, seconds, caller, target, vendor });
  const figures: Record<string, unknown> = {};
  if (pid !== null && before !== null) {
    const { mainSeconds, edgeSeconds, otherSeconds } = cpuShares(pid, before, cpuSecondsByThread(pid));
    const perCall = (spent: number) => round((spent * 1000) / result.attempted, 3);
    figures['cpuMillisecondsPerCall'] = {
      all: perCall(mainSeconds + edgeSeconds + otherSeconds),
      main: perCall(mainSeconds),
      edge: perCall(edgeSeconds),
      other: perCall(otherSeconds),
    };
    figures['residentMebibytes'] = residentMebibytes(pid);
  }
  const records = await subject.records();
  if (records !== null) {
    figures['records'] = records;
    figures['everyCallHasItsRecord'] = records === result.attempted;
  }
  const { name, what } = subject;
  const { answeredAfterMs: _, ...counts } = result;
  report({ bench: 'call-rate', subject: name, what, rate: atRate, seconds, ...counts, ...figures });
  return result;
}

/** Each rate gets a fresh process, so that none suffers from the one before. */
async function find(start: () => Promise<Subject>): Promise<void> {
  let name = '';
  let sustained = 0;
  let tooMuch = Number.POSITIVE_INFINITY;
  let candidate = rate;
  while (tooMuch - sustained > findStep) {
    const subject = await start();
    name = subject.name;
    if (values.only !== undefined && values.only !== name) return subject.stop();
    const result = await measure(subject, candidate).finally(() => subject.stop());
    const isSustained = isWithinLimits(result) && result.callsPerSecond > candidate * 0.97;
    if (isSustained) sustained = candidate;
    else tooMuch = candidate;
    candidate =
      tooMuch === Number.POSITIVE_INFINITY
        ? sustained + findStartStep
        : Math.round((sustained + tooMuch) / 2);
  }
  report({ bench: 'call-rate', subject: name, seconds, highestRate: sustained });
}

function report(figures: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
