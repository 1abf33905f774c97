import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeAll, writeReport } from '../../src/cli/report-file.ts';
import { withFiles } from '../config/directories.ts';

const test = suite('cli/report-file');

test('writes a report, and replaces an older one, leaving nothing else behind', () => {
  withFiles({}, directory => {
    const path = join(directory, 'report.json');
    writeReport(path, 'a longer report');
    writeReport(path, 'näw');

    assert.is(readFileSync(path, 'utf8'), 'näw');
    assert.equal(readdirSync(directory), ['report.json']);
  });
});

test('a link to a report stays a link', () => {
  withFiles({ 'real.json': 'old' }, directory => {
    symlinkSync('real.json', join(directory, 'link.json'));
    writeReport(join(directory, 'link.json'), 'new');

    assert.is(readFileSync(join(directory, 'real.json'), 'utf8'), 'new');
    assert.ok(lstatSync(join(directory, 'link.json')).isSymbolicLink());
  });
});

test('writes into a device without replacing it', () => {
  writeReport('/dev/null', 'x');

  assert.ok(lstatSync('/dev/null').isCharacterDevice());
});

test('says why a report cannot be written, and leaves nothing behind', () => {
  withFiles({ 'file.txt': '' }, directory => {
    mkdirSync(join(directory, 'folder'));
    const reasonFor = (name: string) => {
      try {
        writeReport(join(directory, name), 'x');
        return 'written';
      } catch (error) {
        return (error as Error).message.replace(directory, '');
      }
    };

    assert.is(reasonFor('gone/report.json'), 'cannot write /gone/report.json: its folder does not exist');
    assert.is(reasonFor('folder'), 'cannot write /folder: it is a directory');
    assert.is(reasonFor('file.txt/x'), 'cannot write /file.txt/x: a part of its path is not a directory');
    assert.equal(readdirSync(directory).sort(), ['file.txt', 'folder']);
  });
});

test('completes what the system takes only in part', () => {
  const taken: string[] = [];
  writeAll(0, Buffer.from('abcdefgh'), (_, bytes, offset, length) => {
    const count = Math.min(3, length);
    taken.push(bytes.toString('latin1', offset, offset + count));
    return count;
  });

  assert.equal(taken, ['abc', 'def', 'gh']);
});

test('keeps the old report when the new one breaks off', () => {
  withFiles({}, directory => {
    const path = join(directory, 'report.json');
    writeFileSync(path, 'old');
    mkdirSync(`${path}.${process.pid}.tmp`);
    assert.throws(() => writeReport(path, 'new'), /cannot write/);

    assert.is(readFileSync(path, 'utf8'), 'old');
  });
});

test.run();
