/**
 * Reloads of a large carrier under load: a switch on the embedded edge with a million rate rows, calls from sipp, and
 * files that are edited again and again. One JSON line. Beside it, in the same run, the same load without reloads,
 * because a busy machine delays calls by itself.
 *
 * `node dist/bench/reload.js [--edit one|gateways|decks|rollback|old-rollback] [--rate 200] [--reloads 10] [--every 3] [--rows 1000000]
 *  [--profile DIR] [--node-flags=--trace-gc]`
 *
 * --edit says what each edit changes: one gateway file, the names of all gateways but our own, or the prices of all
 * decks; `rollback` edits one file before all, and then goes back by the command from either version to the other, where
 * what counts begins with the start of the command; `old-rollback` edits it so often before that both are in memory no
 * more. --profile writes CPU profiles of the switch's threads there. --node-flags go to the switch, whose output goes to
 * the error output then.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { askSwitch } from '../src/control/client.ts';
import type { StatusReport } from '../src/live/operations.ts';
import { recentVersionsMax } from '../src/live/recent-versions.ts';
import { largeCarrier, renameGateways, repriceDecks, writeCarrier } from './support/carrier.ts';
import type { LoopFigures, MemoryFigures, ProbeRequest } from './support/process-probe.ts';
import { type Endpoint, type LoadResult, round, runLoad } from './support/sipp-load.ts';

const { values } = parseArgs({
  options: {
    edit: { type: 'string', default: 'one' },
    rate: { type: 'string', default: '200' },
    reloads: { type: 'string', default: '10' },
    every: { type: 'string', default: '3' },
    rows: { type: 'string', default: String(largeCarrier.rows) },
    profile: { type: 'string' },
    'node-flags': { type: 'string', default: '' },
  },
});
const edits: Readonly<Record<string, (edit: number) => void>> = {
  one: edit => writeVendor(1000 + edit),
  gateways: edit => renameGateways(directory, edit),
  decks: edit => repriceDecks(directory, edit),
  rollback: edit => rollBackTo(servedBefore[(edit + 1) % 2]!),
  'old-rollback': edit => rollBackTo(servedBefore[(edit + 1) % 2]!),
};
/** Edits before all. */
const editsBefore: Readonly<Record<string, number>> = { rollback: 1, 'old-rollback': recentVersionsMax + 3 };
const makeEdit = edits[values.edit];
if (makeEdit === undefined) throw new Error(`--edit is one of ${Object.keys(edits).join(', ')}`);
const rate = Number(values.rate);
const reloads = Number(values.reloads);
const everySeconds = Number(values.every);
const listener: Endpoint = { address: '127.69.9.1', port: 18_460 };
const caller: Endpoint = { address: '127.69.9.2', port: 18_470 };
const vendor: Endpoint = { address: '127.69.9.3', port: 18_480 };
const delayedMs = 50;
const pollMs = 25;
const startLimitMs = 120_000;

/** The versions to go back to, the oldest first. */
const servedBefore: string[] = [];

const directory = mkdtempSync(join(tmpdir(), 'class4-bench-reload-'));
writeCarrier(directory, { ...largeCarrier, rows: Number(values.rows) });
writeOurs();
// Otherwise the system writes all of that half a minute later, while calls wait for the same disk.
execFileSync('sync', ['--file-system', directory]);
const child = startSwitch();
try {
  await serving();
  for (let edit = 1; edit <= (editsBefore[values.edit] ?? 0); edit++) {
    servedBefore.push((await status()).snapshot.hash);
    await editAndWait(() => writeVendor(1000 + edit));
    await wait(everySeconds * 1000);
  }
  servedBefore.push((await status()).snapshot.hash);
  // What starting needs once, and the first calls, are no part of the figures.
  await load(10);
  const memoryBefore = await probe<MemoryFigures>('memory');
  const quiet = await underLoad(10, async () => {});
  const toLiveMs: number[] = [];
  const residentMiB: number[] = [];
  let longestApplyMs = 0;
  const reloading = await underLoad(reloads * everySeconds + 2, async () => {
    for (let reload = 1; reload <= reloads; reload++) {
      const { lastApplyMs, tookMs, residentBytes } = await editAndWait(() => makeEdit(reload));
      toLiveMs.push(Math.round(tookMs));
      residentMiB.push(Math.round(residentBytes / 2 ** 20));
      longestApplyMs = Math.max(longestApplyMs, lastApplyMs);
      await wait(Math.max(0, everySeconds * 1000 - tookMs));
    }
  });
  await wait(1500);
  const { process: atEnd } = await status();
  const memoryAfter = await probe<MemoryFigures>('memory');
  const report = {
    bench: 'reload',
    ...{ edit: values.edit, rate, reloads, rows: Number(values.rows), gateways: 2_000, accounts: 5_000 },
    ...{ quiet, reloading, toLiveMs, longestToLiveMs: Math.max(...toLiveMs), longestApplyMs },
    ...{ residentMiB, memoryBefore, memoryAfter, oldSnapshots: atEnd.oldSnapshots, lastLoad: atEnd.lastLoad },
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  await end();
  rmSync(directory, { recursive: true, force: true });
}

interface LoadFigures extends LoopFigures {
  readonly calls: number;
  readonly lost: number;
  readonly retransmittedByCaller: number;
  readonly delayed: number;
  readonly longestAnswerMs: number;
}

/** What callers and the event loop had of it, while `work` was done. */
async function underLoad(seconds: number, work: () => Promise<void>): Promise<LoadFigures> {
  await probe('reset');
  const running = load(seconds);
  await wait(1000);
  await work();
  const result = await running;
  const loop = await probe<LoopFigures>('loop');
  return {
    calls: result.attempted,
    lost: result.attempted - result.succeeded,
    retransmittedByCaller: result.retransmittedByCaller,
    delayed: result.answeredAfterMs.filter(ms => ms > delayedMs).length,
    longestAnswerMs: round(Math.max(...result.answeredAfterMs), 1),
    ...loop,
  };
}

function load(seconds: number): Promise<LoadResult> {
  return runLoad({ rate, seconds, caller, target: listener, vendor, measureAnswers: true });
}

interface Edited {
  /** Since the last file was written, or the command was started. */
  readonly tookMs: number;
  readonly lastApplyMs: number;
  readonly residentBytes: number;
}

/** Resolves when new calls go by what was written. */
async function editAndWait(edit: () => void): Promise<Edited> {
  const before = (await status()).snapshot.hash;
  const startedAtMs = performance.now();
  edit();
  const sinceMs = values.edit in editsBefore ? startedAtMs : performance.now();
  for (;;) {
    await wait(pollMs);
    const { snapshot, process: figures } = await status();
    if (snapshot.hash !== before) {
      const { lastApplyMs, memory } = figures;
      const tookMs = performance.now() - sinceMs;
      return { tookMs, lastApplyMs: lastApplyMs ?? 0, residentBytes: memory.residentBytes };
    }
    if (performance.now() - sinceMs > startLimitMs) throw new Error('the edit was not applied');
  }
}

function status(): Promise<StatusReport> {
  return askSwitch(directory, 'GET', '/status') as Promise<StatusReport>;
}

/** sipp on both sides, beside all the customers and vendors of the carrier. */
function writeOurs(): void {
  write('switch.yaml', {
    name: 'carrier',
    currency: 'USD',
    sip: { listen: [{ transport: 'udp', ...listener }] },
    history: { compiledVersions: 30 },
  });
  write('rates/bench.yaml', { rows: [{ prefix: '44', rate: '0.018', increments: '30/6' }] });
  write('accounts/bench-customer.yaml', {
    kind: 'customer',
    rateTable: 'bench',
    overdraftLimit: '1000000',
  });
  write('accounts/bench-vendor.yaml', { kind: 'vendor', rateTable: 'bench', overdraftLimit: '1000000' });
  write('gateways/mapping/bench.yaml', {
    account: 'bench-customer',
    authentication: 'ip',
    addresses: [caller.address],
  });
  writeVendor(1000);
}

function writeVendor(lines: number): void {
  write('gateways/routing/bench.yaml', {
    clearingAccount: 'bench-vendor',
    address: `${vendor.address}:${vendor.port}`,
    prefixes: ['44', '4420'],
    lines,
  });
}

/** As somebody on call does, in a process of its own. */
function rollBackTo(version: string): void {
  const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
  const command = [main, 'rollback', version, '--config', directory, '--reason', 'measuring'];
  spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function write(file: string, content: object): void {
  writeFileSync(join(directory, file), JSON.stringify(content));
}

function startSwitch(): ChildProcess {
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const profile = values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profile}`];
  const nodeFlags = values['node-flags'].split(' ').filter(flag => flag !== '');
  const flags = [...profile, ...nodeFlags, '--expose-gc', '--import', file('./support/process-probe.js')];
  const command = [...flags, file('../src/main.js'), 'run', '--config', directory];
  const output = nodeFlags.length === 0 ? 'ignore' : 2;
  return spawn(process.execPath, command, { stdio: ['ignore', output, 'inherit', 'ipc'] });
}

async function serving(): Promise<void> {
  const giveUpAtMs = performance.now() + startLimitMs;
  while (performance.now() < giveUpAtMs && child.exitCode === null) {
    const isServing = await status().then(
      () => true,
      () => false,
    );
    if (isServing) return;
    await wait(200);
  }
  throw new Error('the switch did not start');
}

function probe<Figures>(request: ProbeRequest): Promise<Figures> {
  const answer = new Promise<Figures>(resolve => {
    child.once('message', message => resolve(message as Figures));
  });
  child.send(request);
  return answer;
}

async function end(): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
