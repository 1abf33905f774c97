/** What can stand between sipp and sipp: the whole switch, the least that connects two calls, and nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sqlite3 from 'sqlite3';
import { askSwitch } from '../../src/control/client.ts';
import type { Endpoint } from './sipp-load.ts';

export type SubjectName = 'switch' | 'bare-b2bua' | 'direct';

export interface Subject {
  readonly name: SubjectName;
  readonly what: string;
  readonly target: Endpoint;
  /** null when no process of ours takes part. */
  readonly pid: number | null;
  /** Records in the store; null when the subject keeps none. */
  records(): Promise<number | null>;
  stop(): Promise<void>;
}

/** sipp's own addresses; the ports lie below those that the kernel hands out by itself. */
export const caller: Endpoint = { address: '127.0.9.2', port: 18_070 };
export const vendor: Endpoint = { address: '127.0.9.3', port: 18_080 };
const listener: Endpoint = { address: '127.0.9.1', port: 18_060 };
const startLimitMs = 30_000;

/** sipp talks to sipp: what the load generators and the machine can do at most. */
export function startDirect(): Promise<Subject> {
  return Promise.resolve({
    name: 'direct',
    what: 'sipp to sipp, nothing between',
    target: vendor,
    pid: null,
    records: async () => null,
    stop: async () => {},
  });
}

/** drachtio-srf's createB2BUA on the embedded edge. */
export async function startBare(): Promise<Subject> {
  const child = start('../bare-b2bua.js', [
    listener.address,
    String(listener.port),
    `${vendor.address}:${vendor.port}`,
  ]);
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', code => reject(new Error(`the bare B2BUA ended with ${code}`)));
  });
  return {
    name: 'bare-b2bua',
    what: 'drachtio-srf createB2BUA on the embedded edge: no routing, no billing, no records',
    target: listener,
    pid: child.pid!,
    records: async () => null,
    stop: () => end(child),
  };
}

/** The whole switch. `nodeFlags` go to its node, for profiling. */
export async function startSwitch(nodeFlags: readonly string[] = []): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), 'class4-bench-'));
  writeNetwork(directory);
  const child = start('../../src/main.js', ['run', '--config', directory], nodeFlags);
  try {
    await serving(child, directory);
  } catch (error) {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  return {
    name: 'switch',
    what: 'routing, credit holds, journal, ledger and records on',
    target: listener,
    pid: child.pid!,
    records: () => countRecords(join(directory, 'var/class4.db')),
    async stop() {
      await end(child);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function start(script: string, args: readonly string[], nodeFlags: readonly string[] = []): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return spawn(process.execPath, [...nodeFlags, path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function serving(child: ChildProcess, directory: string): Promise<void> {
  child.stdout?.resume();
  const giveUpAtMs = performance.now() + startLimitMs;
  while (performance.now() < giveUpAtMs) {
    if (child.exitCode !== null) break;
    const isServing = await askSwitch(directory, 'GET', '/status').then(
      () => true,
      () => false,
    );
    if (isServing) return;
    await wait(100);
  }
  throw new Error('the switch did not start');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

function countRecords(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, sqlite3.OPEN_READONLY);
    database.get('SELECT count(*) AS records FROM cdr', (error: Error | null, row: { records: number }) => {
      database.close();
      if (error === null) resolve(row.records);
      else reject(error);
    });
  });
}

/** Three vendors for the same numbers, so that every call is a decision; the first one is sipp. */
function writeNetwork(directory: string): void {
  const write = (file: string, content: unknown) => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), JSON.stringify(content));
  };
  write('switch.yaml', {
    name: 'bench',
    currency: 'EUR',
    sip: { listen: [{ transport: 'udp', ...listener }] },
  });
  write('accounts/customer.yaml', { kind: 'customer', rateTable: 'retail', overdraftLimit: '1000000' });
  write('gateways/mapping/customer-pbx.yaml', {
    account: 'customer',
    authentication: 'ip',
    addresses: [caller.address],
  });
  write('rates/retail.yaml', { rows: [{ prefix: '44', rate: '0.018', increments: '30/6' }] });
  for (const [index, name] of ['first', 'second', 'third'].entries()) {
    write(`accounts/${name}.yaml`, { kind: 'vendor', rateTable: name, overdraftLimit: '1000000' });
    write(`rates/${name}.yaml`, { rows: [{ prefix: '44', rate: '0.0062', increments: '1/1' }] });
    write(`gateways/routing/${name}.yaml`, {
      clearingAccount: name,
      address: `${vendor.address}:${vendor.port + index}`,
      prefixes: ['44', '4420'],
      priority: index + 1,
    });
  }
}
