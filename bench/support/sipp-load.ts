/** One load: sipp calls at a rate through whatever stands between, sipp answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const scenarios = fileURLToPath(new URL('../../../bench/scenarios/', import.meta.url));

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface Load {
  /** Calls begun per second. */
  readonly rate: number;
  readonly seconds: number;
  readonly caller: Endpoint;
  /** Where the caller sends its calls. */
  readonly target: Endpoint;
  readonly vendor: Endpoint;
  /** How long each call waited for its answer. */
  readonly measureAnswers?: boolean;
}

export interface LoadResult {
  readonly attempted: number;
  readonly succeeded: number;
  /** Calls a second that sipp really began; less than asked for when it could not keep up. */
  readonly callsPerSecond: number;
  readonly failedPercent: number;
  /** Messages that either side had to send again, per hundred calls. */
  readonly retransmittedPercent: number;
  readonly retransmittedByCaller: number;
  readonly retransmittedByVendor: number;
  /** From the INVITE to the answer, of each call; empty unless they were asked for. */
  readonly answeredAfterMs: readonly number[];
}

/** Resolves when the last call has ended. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const directory = mkdtempSync(join(tmpdir(), 'class4-bench-'));
  const vendor = sipp(directory, 'uas-answers', load.vendor, []);
  try {
    await wait(300);
    const calls = Math.round(load.rate * load.seconds);
    const { address, port } = load.target;
    const caller = sipp(directory, 'uac-talks-one-second', load.caller, [
      ...['-r', String(load.rate), '-m', String(calls), '-l', String(calls), '-s', '442079460000'],
      ...(load.measureAnswers === true ? ['-trace_rtt', '-rtt_freq', '100'] : []),
      ...['-key', 'caller', '33142685300', '-timeout', String(load.seconds * 2 + 40)],
      `${address}:${port}`,
    ]);
    await ended(caller);
    vendor.kill('SIGUSR1');
    await ended(vendor);
    return resultOf(directory, calls);
  } finally {
    vendor.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

export function isWithinLimits({ failedPercent, retransmittedPercent }: LoadResult): boolean {
  return failedPercent < 0.5 && retransmittedPercent < 2;
}

function sipp(directory: string, scenario: string, local: Endpoint, more: readonly string[]): ChildProcess {
  const args = ['-sf', join(scenarios, `${scenario}.xml`), '-i', local.address, '-bind_local'];
  args.push('-p', String(local.port), '-mi', local.address, '-nostdin');
  args.push('-trace_stat', '-stf', `${scenario}.csv`, '-fd', '1', ...more);
  const child = spawn('sipp', args, { cwd: directory, stdio: 'ignore' });
  child.on('error', error => {
    throw new Error('sipp is not installed: install it with `sudo apt-get install sip-tester`', {
      cause: error,
    });
  });
  return child;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise(resolve => child.once('close', () => resolve()));
}

function resultOf(directory: string, calls: number): LoadResult {
  const caller = statistics(join(directory, 'uac-talks-one-second.csv'));
  const vendor = statistics(join(directory, 'uas-answers.csv'));
  const attempted = caller.last('TotalCallCreated');
  const succeeded = caller.last('SuccessfulCall(C)');
  const retransmittedByCaller = caller.last('Retransmissions(C)');
  const retransmittedByVendor = vendor.last('Retransmissions(C)');
  return {
    attempted,
    succeeded,
    callsPerSecond: round(beginningRate(caller), 1),
    failedPercent: round((100 * (calls - succeeded)) / calls, 3),
    retransmittedPercent: round((100 * (retransmittedByCaller + retransmittedByVendor)) / calls, 3),
    retransmittedByCaller,
    retransmittedByVendor,
    answeredAfterMs: answerTimes(directory),
  };
}

/** sipp names the file with its process id. A line is when, how long, and what was measured. */
function answerTimes(directory: string): readonly number[] {
  const files = readdirSync(directory).filter(name => name.endsWith('_rtt.csv'));
  return files.flatMap(file =>
    readFileSync(join(directory, file), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(line => Number(line.split(';')[1])),
  );
}

interface Statistics {
  readonly rows: readonly (readonly string[])[];
  column(title: string): number;
  last(title: string): number;
}

/** A statistics file of sipp, which has a row for every second. */
function statistics(file: string): Statistics {
  const [titles = [], ...rows] = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => line.split(';'));
  const column = (title: string) => {
    const found = titles.indexOf(title);
    if (found === -1) throw new Error(`sipp has no statistic ${title}`);
    return found;
  };
  return { rows, column, last: title => Number(rows.at(-1)![column(title)]) };
}

/** Calls begun per second, up to the newest row before all had begun. */
function beginningRate({ rows, column, last }: Statistics): number {
  const created = column('TotalCallCreated');
  const total = last('TotalCallCreated');
  const row = rows.findLast(candidate => Number(candidate[created]) < total) ?? rows.at(-1)!;
  // Date, time and seconds since 1970 stand in one field.
  const secondsOf = (title: string) => Number(row[column(title)]!.split('\t')[2]);
  return Number(row[created]) / (secondsOf('CurrentTime') - secondsOf('StartTime'));
}

export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
