import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SnapshotReceiver } from '../../../src/config/handover/receiver.ts';
import { type SentArrays, type SentSnapshot, SnapshotSender } from '../../../src/config/handover/sender.ts';
import { defaultLimits } from '../../../src/config/limits.ts';
import { ConfigurationLoader } from '../../../src/config/load.ts';
import { FileMemory } from '../../../src/config/read/file-memory.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { projectDirectory } from '../../support/source-files.ts';
import { withFilesAsync } from '../directories.ts';

const test = suite('config/handover');

/** Both ends, and what goes from one to the other as threads would get it. */
class Line {
  readonly #channel = new MessageChannel();
  readonly #sender = new SnapshotSender();
  #clockMs = 0;
  turns = 0;
  last: SentSnapshot | null = null;
  replacedBytes = 0;
  readonly #receiver = new SnapshotReceiver({
    nextArrays: () => receiveMessageOnPort(this.#channel.port1)!.message as SentArrays,
    pause: async () => {
      this.turns += 1;
    },
    nowMs: () => (this.#clockMs += 0.1),
  });

  async hand(snapshot: Snapshot): Promise<Snapshot> {
    this.last = this.#sender.send(snapshot, message => this.#channel.port2.postMessage(message));
    const { snapshot: handed, replacedBytes } = await this.#receiver.receive(structuredClone(this.last));
    this.replacedBytes = replacedBytes;
    assert.is(receiveMessageOnPort(this.#channel.port1), undefined, 'nothing is left over');
    return handed;
  }

  close(): void {
    this.#channel.port1.close();
  }
}

function withLine(work: (line: Line, directory: string, load: () => Snapshot | null) => Promise<void>) {
  return () =>
    withFilesAsync({}, async directory => {
      cpSync(join(projectDirectory, 'test/config/everything'), directory, { recursive: true });
      // Long after everything was written: nothing is read again for fear of a change that left no trace.
      const memory = new FileMemory(() => Date.now() + 10_000);
      const loader = new ConfigurationLoader(directory, defaultLimits, memory);
      const line = new Line();
      try {
        await work(line, directory, () => loader.load({ forManyCalls: true }).snapshot);
      } finally {
        line.close();
      }
    });
}

const numbers = (count: number, first: number) =>
  Array.from({ length: count }, (_, index) => `${first + index}`).join('\n');

/** What somebody may do to the files between two readings. */
const edit = fc.oneof(
  fc.record({
    kind: fc.constant('gateway' as const),
    name: fc.constantFrom('aa', 'mm', 'zz'),
    lines: fc.nat(50),
  }),
  fc.record({
    kind: fc.constant('remove' as const),
    name: fc.constantFrom('aa', 'mm', 'zz'),
    lines: fc.constant(0),
  }),
  fc.record({
    kind: fc.constant('deck' as const),
    name: fc.constantFrom('aa', 'zz'),
    lines: fc.integer({ min: 1, max: 3000 }),
  }),
  fc.record({
    kind: fc.constant('pool' as const),
    name: fc.constantFrom('aa', 'zz'),
    lines: fc.integer({ min: 1, max: 3000 }),
  }),
);

function apply(
  directory: string,
  { kind, name, lines }: { kind: string; name: string; lines: number },
): void {
  const file = (path: string) => join(directory, path);
  switch (kind) {
    case 'gateway':
      writeFileSync(
        file(`gateways/routing/${name}.yaml`),
        `clearingAccount: vendor-${name}\naddress: 192.0.2.77:5060\nprefixes: ["1", "44"]\nlines: ${lines + 1}\n` +
          (lines % 2 === 0 ? '' : `callerPool: { lists: [${name}] }\n`),
      );
      apply(directory, { kind: 'deck', name, lines: 3 });
      apply(directory, { kind: 'pool', name, lines: 3 });
      break;
    case 'remove':
      rmSync(file(`gateways/routing/${name}.yaml`), { force: true });
      break;
    case 'deck':
      writeFileSync(
        file(`rates/${name}.csv`),
        `Prefix,Rate\n${Array.from({ length: lines }, (_, row) => `${10 + row},0.0${row + 1}`).join('\n')}\n`,
      );
      writeFileSync(
        file(`rates/${name}.yaml`),
        `deck: { file: ${name}.csv, columns: { prefix: Prefix, rate: Rate } }\n`,
      );
      writeFileSync(file(`accounts/vendor-${name}.yaml`), `kind: vendor\nrateTable: ${name}\n`);
      break;
    default:
      writeFileSync(file(`number-lists/${name}.yaml`), `file: ${name}.txt\n`);
      writeFileSync(file(`number-lists/${name}.txt`), `${numbers(lines, 33_142_685_300)}\n`);
  }
}

test(
  'what arrives is what was loaded, whatever was edited before',
  withLine(async (line, directory, load) => {
    let good = 0;
    const handAgain = async () => {
      const snapshot = load();
      if (snapshot === null) return;
      good += 1;
      assert.ok(isDeepStrictEqual(await line.hand(snapshot), snapshot));
    };
    await handAgain();
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async edits => {
        for (const each of edits) apply(directory, each);
        await handAgain();
      }),
      { numRuns: 30 },
    );
    assert.ok(good > 15, `${good} good configurations`);
  }),
);

test(
  'after one edit only what it changed is sent, and all the rest is what was there',
  withLine(async (line, directory, load) => {
    apply(directory, { kind: 'gateway', name: 'mm', lines: 5 });
    const before = await line.hand(load()!);
    const sentBefore = line.last!.kinds.length;
    const file = join(directory, 'gateways/routing/mm.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('lines: 6', 'lines: 8'));
    const after = await line.hand(load()!);

    const place = after.routingGateways.findIndex(({ name }) => name === 'mm');
    assert.is(after.routingGateways[place]!.lines, 8);
    assert.is.not(after.routingGateways[place], before.routingGateways[place]);
    for (const [index, gateway] of after.routingGateways.entries()) {
      if (index !== place) assert.is(gateway, before.routingGateways[index]);
    }
    assert.is(after.accounts, before.accounts);
    assert.is(after.rateTables, before.rateTables);
    assert.is(after.numberLists[0]!.entries, before.numberLists[0]!.entries);
    // The gateway, the list of gateways and the Snapshot itself.
    assert.is(line.last!.kinds.length, 3, `of ${sentBefore}`);
  }),
);

test(
  'what a version holds that the next one does without is told: little after an edit, all of a deck that is replaced',
  withLine(async (line, directory, load) => {
    apply(directory, { kind: 'gateway', name: 'mm', lines: 5 });
    apply(directory, { kind: 'deck', name: 'mm', lines: 3000 });
    const first = load()!;
    await line.hand(first);
    assert.is(line.replacedBytes, 0, 'there was none before it');
    await line.hand({ ...first });
    assert.is(line.replacedBytes, 0, 'it was the same');

    const file = join(directory, 'gateways/routing/mm.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('lines: 6', 'lines: 8'));
    const before = await line.hand(load()!);
    const afterGateway = line.replacedBytes;
    assert.ok(afterGateway > 0 && afterGateway < 64_000, String(afterGateway));

    apply(directory, { kind: 'deck', name: 'mm', lines: 3001 });
    const after = await line.hand(load()!);
    const deckOf = ({ rateTables }: Snapshot) => rateTables.find(({ name }) => name === 'mm')!;
    assert.is.not(deckOf(after), deckOf(before));
    // Each row has a prefix and a price at least.
    assert.ok(line.replacedBytes > 3000 * 8, String(line.replacedBytes));
  }),
);

test(
  'the same configuration once more sends nothing',
  withLine(async (line, _directory, load) => {
    const snapshot = load()!;
    const first = await line.hand(snapshot);
    const second = await line.hand({ ...snapshot });

    assert.is(second, first);
    assert.is(line.last!.bytes.length, 0);
    assert.is(line.last!.arrayMessages, 0);
  }),
);

test(
  'large tables are the same memory at both ends, and numbers of a pool are kept once',
  withLine(async (line, directory, load) => {
    for (const name of ['aa', 'zz']) {
      apply(directory, { kind: 'gateway', name, lines: 5 });
      apply(directory, { kind: 'deck', name, lines: 2000 });
    }
    writeFileSync(
      join(directory, 'gateways/routing/zz.yaml'),
      'clearingAccount: vendor-zz\naddress: 192.0.2.78:5060\nprefixes: ["1"]\ncallerPool: { lists: [aa] }\n',
    );
    apply(directory, { kind: 'pool', name: 'aa', lines: 5000 });
    const loaded = load()!;
    const handed = await line.hand(loaded);

    const [here, there] = [loaded, handed].map(
      ({ rateTables }) => rateTables.find(({ name }) => name === 'aa')!,
    );
    assert.is(there!.rate.buffer instanceof SharedArrayBuffer, true);
    Atomics.store(new Int32Array(here!.rate.buffer), 0, 77);
    assert.is(new Int32Array(there!.rate.buffer)[0], 77);
    const pools = handed.routingGateways.filter(({ name }) => name === 'aa' || name === 'zz');
    assert.is(pools[0]!.callerPool!.numbers.length, 5000);
    assert.is(pools[0]!.callerPool!.numbers, pools[1]!.callerPool!.numbers);
  }),
);

test(
  'putting it together takes many short turns, however long the lists are',
  withLine(async (line, directory, load) => {
    apply(directory, { kind: 'gateway', name: 'aa', lines: 5 });
    apply(directory, { kind: 'pool', name: 'aa', lines: 20_000 });
    await line.hand(load()!);
    // The clock of the test goes on by 0.1 ms with every piece, and a turn ends at 2 ms.
    assert.ok(
      line.turns > line.last!.kinds.length / 25,
      `${line.turns} for ${line.last!.kinds.length} pieces`,
    );
    assert.ok(line.last!.kinds.length > 20, 'a pool is several pieces');
  }),
);

test(
  'what no Snapshot uses any more is forgotten at both ends',
  withLine(async (line, directory, load) => {
    apply(directory, { kind: 'deck', name: 'aa', lines: 50 });
    await line.hand(load()!);
    apply(directory, { kind: 'deck', name: 'aa', lines: 60 });
    await line.hand(load()!);
    assert.ok(line.last!.droppedArrays.length > 0);
    assert.ok(line.last!.droppedPieces.length > 0);
    // What it had before is new to the other end again.
    apply(directory, { kind: 'deck', name: 'aa', lines: 50 });
    const again = load()!;
    assert.ok(isDeepStrictEqual(await line.hand(again), again));
  }),
);

test.run();
