/** A process that writes calls and says what was acknowledged, until it is killed. */
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { cdr, ledgerOf, openCall } from './records.ts';

const store = await SqliteStore.open({ path: process.argv[2]! });

async function writeCalls(line: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const callId = `call-${line}-${count}`;
    await store.journal(openCall(callId));
    process.stdout.write(`journaled ${callId}\n`);
    await store.finishCall(cdr(callId), ledgerOf(3n, 2n));
    process.stdout.write(`finished ${callId}\n`);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, line) => writeCalls(line)));
