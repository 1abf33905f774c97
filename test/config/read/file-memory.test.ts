import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FileMemory } from '../../../src/config/read/file-memory.ts';

interface Context {
  directory: string;
}

const test = suite<Context>('config/read/file-memory');

test.before.each(context => {
  context.directory = mkdtempSync(join(tmpdir(), 'class4-file-memory-'));
});

test.after.each(({ directory }) => {
  rmSync(directory, { recursive: true, force: true });
});

/** Every file was changed long ago for this clock. */
const muchLater = () => Date.now() + 60_000;

/** A reader of one file that counts how often it reads. */
function readerOf(memory: FileMemory, path: string) {
  let readings = 0;
  return {
    read: () =>
      memory.recall(path, reading => {
        reading.opens(path);
        readings += 1;
        return readFileSync(path, 'utf8');
      }),
    get readings() {
      return readings;
    },
  };
}

test('a file that nobody touched is read once', ({ directory }) => {
  const path = join(directory, 'a');
  writeFileSync(path, 'one');
  const memory = new FileMemory(muchLater);
  const reader = readerOf(memory, path);

  for (let round = 0; round < 3; round += 1) {
    assert.is(reader.read(), 'one');
    memory.forgetUnused();
  }

  assert.is(reader.readings, 1);
});

test('a file that was written, replaced or set back in time is read again', ({ directory }) => {
  const path = join(directory, 'a');
  writeFileSync(path, 'one');
  utimesSync(path, 1000, 1000);
  const memory = new FileMemory(muchLater);
  const reader = readerOf(memory, path);
  const changes = [
    () => {
      writeFileSync(path, 'two');
      utimesSync(path, 1000, 1000);
    },
    () => {
      writeFileSync(join(directory, 'b'), 'six');
      utimesSync(join(directory, 'b'), 1000, 1000);
      renameSync(join(directory, 'b'), path);
    },
  ];

  reader.read();
  const read = changes.map(change => {
    memory.forgetUnused();
    change();
    return reader.read();
  });

  assert.equal(read, ['two', 'six']);
  assert.is(reader.readings, 3);
});

test('a file that changed a moment before it was read is not trusted', ({ directory }) => {
  const path = join(directory, 'a');
  writeFileSync(path, 'one');
  const memory = new FileMemory();
  const reader = readerOf(memory, path);

  reader.read();
  memory.forgetUnused();
  reader.read();

  assert.is(reader.readings, 2);
});

test('a file that changes while it is read is not remembered', ({ directory }) => {
  const path = join(directory, 'a');
  writeFileSync(path, 'one');
  const memory = new FileMemory(muchLater);
  let readings = 0;
  const read = () =>
    memory.recall(path, reading => {
      reading.opens(path);
      readings += 1;
      const text = readFileSync(path, 'utf8');
      if (readings === 1) writeFileSync(path, 'longer');
      return text;
    });

  assert.is(read(), 'one');
  memory.forgetUnused();
  assert.is(read(), 'longer');
});

test('a file that is missing is looked for again once it is there', ({ directory }) => {
  const path = join(directory, 'a');
  const memory = new FileMemory(muchLater);
  const read = () =>
    memory.recall(path, reading => {
      reading.opens(path);
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    });

  assert.is(read(), null);
  memory.forgetUnused();
  writeFileSync(path, 'there');

  assert.is(read(), 'there');
});

test('what is no longer asked for is forgotten', ({ directory }) => {
  const path = join(directory, 'a');
  writeFileSync(path, 'one');
  const memory = new FileMemory(muchLater);
  const reader = readerOf(memory, path);

  reader.read();
  memory.forgetUnused();
  memory.forgetUnused();
  reader.read();

  assert.is(reader.readings, 2);
});

test('files that a checkout shares with the one before it are remembered, and others are not', ({
  directory,
}) => {
  const memory = new FileMemory();
  const readings: string[] = [];
  const read = (checkout: string, file: string): string => {
    memory.turnTo(checkout);
    const text = memory.recall(file, reading => {
      reading.opens(join(checkout, file));
      readings.push(`${checkout.at(-1)} ${file}`);
      return readFileSync(join(checkout, file), 'utf8');
    });
    memory.forgetUnused();
    return text;
  };
  const [a, b, c] = ['a', 'b', 'c'].map(name => join(directory, name)) as [string, string, string];
  for (const checkout of [a, b, c]) mkdirSync(checkout);
  writeFileSync(join(a, 'x'), 'one');
  linkSync(join(a, 'x'), join(b, 'x'));
  writeFileSync(join(c, 'x'), 'two');

  assert.is(read(a, 'x'), 'one');
  assert.is(read(b, 'x'), 'one');
  rmSync(a, { recursive: true });
  assert.is(read(b, 'x'), 'one');
  assert.is(read(c, 'x'), 'two');
  assert.equal(readings, ['a x', 'c x']);
});

test.run();
