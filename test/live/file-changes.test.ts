import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FileChanges } from '../../src/live/file-changes.ts';

interface Context {
  directory: string;
}

const test = suite<Context>('live/file-changes');

test.before.each(context => {
  context.directory = mkdtempSync(join(tmpdir(), 'class4-changes-'));
  mkdirSync(join(context.directory, 'rates'));
  writeFileSync(join(context.directory, 'rates/uk.csv'), 'prefix,rate\n');
});

test.after.each(({ directory }) => rmSync(directory, { recursive: true, force: true }));

test('each way of writing a file is told from the others', ({ directory }) => {
  const file = join(directory, 'rates/uk.csv');
  const changes = new FileChanges(directory);
  const how = (): string =>
    changes
      .look()
      .some.map(change => `${change.path} ${change.how}`)
      .join();
  assert.is(how(), 'rates/uk.csv rewritten');
  assert.is(how(), '');

  writeFileSync(join(directory, 'rates/.uk.csv.tmp'), 'prefix,rate\n44,0.1\n');
  renameSync(join(directory, 'rates/.uk.csv.tmp'), file);
  assert.is(how(), 'rates/uk.csv replaced');
  appendFileSync(file, '447,0.2\n');
  assert.is(how(), 'rates/uk.csv growing');
  writeFileSync(file, 'prefix,rate\n');
  assert.is(how(), 'rates/uk.csv rewritten');
  rmSync(file);
  assert.is(how(), 'rates/uk.csv rewritten');
});

test('of many files a few are told, and one that grows is among them', ({ directory }) => {
  writeFileSync(join(directory, 'rates/zz.csv'), '1\n');
  const changes = new FileChanges(directory);
  changes.look();
  for (let index = 0; index < 300; index += 1) writeFileSync(join(directory, `rates/${index}.csv`), 'x');
  appendFileSync(join(directory, 'rates/zz.csv'), '2\n');

  const { count, some } = changes.look();

  assert.is(count, 301);
  assert.ok(some.length <= 11);
  assert.equal(
    some.find(({ how }) => how === 'growing'),
    { path: 'rates/zz.csv', how: 'growing' },
  );
});

test.run();
