/** What the store does while it cannot write: a full disk, a locked database, a process that is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import sqlite3 from 'sqlite3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Logger } from '../../src/diagnostics/logger.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { WriteQueue } from '../../src/store/write-queue.ts';
import { openWriter } from '../../src/store/writer.ts';
import { cdr, ledgerOf, openCall, type TemporaryDirectory, temporaryDirectory } from './records.ts';

interface Context {
  directory: TemporaryDirectory;
  path: string;
}

const test = suite<Context>('store/trouble');

test.before.each(context => {
  context.directory = temporaryDirectory();
  context.path = join(context.directory.path, 'class4.db');
});
test.after.each(context => context.directory.remove());

/** Pauses of the write queue that end when the test says so. */
function pauses() {
  const waiting: (() => void)[] = [];
  const arrived: (() => void)[] = [];
  const lengths: number[] = [];
  return {
    lengths,
    wait(milliseconds: number): Promise<void> {
      lengths.push(milliseconds);
      arrived.shift()?.();
      return new Promise(resolve => waiting.push(resolve));
    },
    async nextPause(): Promise<void> {
      if (waiting.length === 0) await new Promise<void>(resolve => arrived.push(resolve));
    },
    resume(): void {
      waiting.shift()!();
    },
  };
}

function recordingLog(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const note = (level: string) => (message: string) => {
    lines.push(`${level} ${message}`);
  };
  return { lines, log: { info: note('info'), warn: note('warn'), error: note('error') } };
}

function lockDatabase(path: string): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, () => {
      database.exec('BEGIN IMMEDIATE', error => {
        if (error !== null) return reject(error);
        resolve(() => new Promise(done => database.exec('ROLLBACK', () => database.close(() => done()))));
      });
    });
  });
}

test('while another program locks the database everything waits, and is written once it lets go', async context => {
  const clock = pauses();
  const { log, lines } = recordingLog();
  const store = await SqliteStore.open({ path: context.path, log, wait: clock.wait, now: () => 0 });
  const unlock = await lockDatabase(context.path);

  const first = store.finishCall(cdr('call-1'), ledgerOf(100n, 80n));
  await clock.nextPause();
  const second = store.finishCall(cdr('call-2'), ledgerOf(100n, 80n));
  assert.is(store.health().pendingWrites, 2);
  assert.match(store.health().lastError!, /SQLITE_BUSY/);
  clock.resume();
  await clock.nextPause();
  await unlock();
  clock.resume();
  await Promise.all([first, second]);

  assert.equal(clock.lengths.slice(0, 2), [100, 200], 'each pause is longer');
  assert.equal(store.health(), { pendingWrites: 0, lastError: null });
  assert.is((await store.cdrs({})).length, 2);
  assert.is(await store.balance('northwind'), -200n);
  assert.equal(lines, [
    'error The store cannot be written; records wait in memory until it can',
    'info The store can be written again',
  ]);
  await store.close();
});

test('a full disk loses nothing and doubles nothing', async context => {
  const clock = pauses();
  const writer = await openWriter(context.path);
  const queue = new WriteQueue({
    commit: writes => writer.commit(writes),
    onTrouble: () => {},
    onRecovered: () => {},
    wait: clock.wait,
    now: () => 0,
  });
  await writer.database.execute('PRAGMA max_page_count = 1');
  const count = 300;

  const writes = Promise.all(
    Array.from({ length: count }, (_, index) =>
      queue.add({ kind: 'finish', cdr: cdr(`call-${index}`), ledger: ledgerOf(2n, 1n) }),
    ),
  );
  await clock.nextPause();
  assert.match(String(queue.lastError), /SQLITE_FULL/);
  assert.is(queue.pending, count);
  await writer.database.execute('PRAGMA max_page_count = 1000000');
  clock.resume();
  await writes;
  await writer.close();

  const store = await SqliteStore.open({ path: context.path });
  assert.is((await store.cdrs({ limit: 1000 })).length, count);
  assert.is(await store.balance('northwind'), -2n * BigInt(count));
  assert.equal(await store.wrongBalances(), []);
  await store.close();
});

test('what waits in memory can be handed to the log when the switch must stop', async context => {
  const clock = pauses();
  const store = await SqliteStore.open({ path: context.path, wait: clock.wait, now: () => 0 });
  const unlock = await lockDatabase(context.path);
  const write = store.finishCall(cdr('call-1'), ledgerOf(100n, 80n));
  await clock.nextPause();

  const [left] = store.unwritten();

  assert.is(left!.kind === 'finish' && left!.cdr.callId, 'call-1');
  await unlock();
  clock.resume();
  await write;
  await store.close();
});

async function acknowledgedUntilKilled(child: ChildProcess, atLeast: number): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  for await (const line of createInterface({ input: child.stdout! })) {
    acknowledged.add(line);
    if (acknowledged.size === atLeast) child.kill('SIGKILL');
  }
  return acknowledged;
}

test('a switch killed while it writes loses nothing that was acknowledged', async context => {
  const program = fileURLToPath(new URL('./endless-writer.js', import.meta.url));
  const child = spawn(process.execPath, [program, context.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged = await acknowledgedUntilKilled(child, 400);
  await exited;

  const store = await SqliteStore.open({ path: context.path });
  const written = (await store.cdrs({ limit: 1_000_000 })).map(({ callId }) => callId);
  const { calls } = await store.interruptedCalls();
  const open = new Set(calls.map(({ callId }) => callId));

  assert.is(child.signalCode, 'SIGKILL');
  assert.is(new Set(written).size, written.length, 'no record is there twice');
  assert.equal(
    [...acknowledged]
      .filter(line => line.startsWith('finished '))
      .filter(line => !written.includes(line.slice(9))),
    [],
  );
  assert.equal(
    [...acknowledged]
      .filter(line => line.startsWith('journaled '))
      .map(line => line.slice(10))
      .filter(callId => !open.has(callId) && !written.includes(callId)),
    [],
  );
  assert.is(written.filter(callId => open.has(callId)).length, 0, 'an ended call has no journal row');
  assert.is(await store.balance('northwind'), -3n * BigInt(written.length));
  assert.equal(await store.wrongBalances(), []);
  assert.equal(
    calls.map(call => call.caller),
    calls.map(call => openCall(call.callId).caller),
  );
  await store.close();
});

test.run();
