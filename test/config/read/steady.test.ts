import { closeSync, mkdtempSync, openSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSteadily } from '../../../src/config/read/steady.ts';

interface Context {
  path: string;
}

const test = suite<Context>('config/read/steady');
const whole = `prefix,rate\n${'44,0.1\n'.repeat(2000)}`;

test.before.each(context => {
  context.path = join(mkdtempSync(join(tmpdir(), 'class4-steady-')), 'uk.csv');
  writeFileSync(context.path, whole);
});

test.after.each(({ path }) => rmSync(join(path, '..'), { recursive: true, force: true }));

function read(path: string, limitBytes = 1_000_000): string | null {
  const descriptor = openSync(path, 'r');
  try {
    return readSteadily(descriptor, limitBytes)?.toString() ?? null;
  } finally {
    closeSync(descriptor);
  }
}

/** Somebody in another thread who empties the file, and fills it again a moment later, again and again. */
function writer(path: string, emptyMs: number, fullMs: number): Worker {
  return new Worker(
    `const { workerData: { path, whole, emptyMs, fullMs } } = require('node:worker_threads');
     const { writeFileSync } = require('node:fs');
     const bell = new Int32Array(new SharedArrayBuffer(4));
     for (;;) {
       writeFileSync(path, '');
       Atomics.wait(bell, 0, 0, emptyMs);
       writeFileSync(path, whole);
       Atomics.wait(bell, 0, 0, fullMs);
     }`,
    { eval: true, workerData: { path, whole, emptyMs, fullMs } },
  );
}

test('a file that nobody writes is read as it is', ({ path }) => {
  assert.is(read(path), whole);
  utimesSync(path, 0, 0);
  assert.is(read(path), whole);
  assert.is(read(path, 100), null);
});

test('a file that is emptied and filled all the time is read when it is full, or not at all', async ({
  path,
}) => {
  const worker = writer(path, 5, 60);
  await new Promise(resolve => worker.once('online', resolve));
  for (let round = 0; round < 10; round += 1) {
    const text = read(path);
    if (text !== null) assert.is(text, whole);
  }
  await worker.terminate();
});

test('a file that never stands still is not read', async ({ path }) => {
  const worker = writer(path, 1, 1);
  await new Promise(resolve => worker.once('online', resolve));
  const text = read(path);
  await worker.terminate();

  assert.is(text, null);
});

test.run();
