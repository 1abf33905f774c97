/** Going back on a disk that is really full, to a version that has to be compiled from its files. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HistoryError } from '../../src/history/history-error.ts';
import { withScratch } from '../../src/history/scratch.ts';
import { freePort, writeNetwork } from '../live/network.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { skipBecause } from '../support/skip-because.ts';

interface Context {
  directory: TemporaryDirectory;
}

const test = suite<Context>('history/full-disk');
const program = fileURLToPath(new URL('./full-disk-restorer.js', import.meta.url));
const address = '127.73.1.1';

test.before.each(context => {
  context.directory = temporaryDirectory();
});
test.after.each(({ directory }) => directory.remove());

/** With a disk of 8 MiB at `var`, which nobody else sees. */
function onSmallDisk(directory: string, command: string): ReturnType<typeof spawnSync> {
  const script = `mount -t tmpfs -o size=8m tmpfs "$1/var" && exec ${command}`;
  const args = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', directory];
  mkdirSync(join(directory, 'var'), { recursive: true });
  return spawnSync('unshare', args, { encoding: 'utf8', timeout: 60_000, maxBuffer: 2 ** 24 });
}

const play = 'a version of which only the files are left serves again while the disk is full';

function canMount(): boolean {
  const { path, remove } = temporaryDirectory();
  try {
    return onSmallDisk(path, 'true').status === 0;
  } finally {
    remove();
  }
}

if (canMount()) {
  test(play, async ({ directory }) => {
    writeNetwork(directory.path, { address, port: await freePort(address) });

    const child = onSmallDisk(directory.path, `"${process.execPath}" "${program}" "$1"`);

    assert.is(child.status, 0, `${child.stdout}${child.stderr}`);
    const { rollback, older, serving, log } = JSON.parse(String(child.stdout));
    assert.is(rollback.code, 1, JSON.stringify({ rollback, log }));
    const { to, durable, problem } = JSON.parse(rollback.out);
    assert.equal([to, serving, durable], [older, older, false]);
    assert.match(problem, /database or disk is full/);
    assert.match(log.join('\n'), /was compiled from its files .*because=its compiled form was dropped/);
    const left = readdirSync('/dev/shm').filter(name => name.startsWith('class4-restore-'));
    assert.equal(left, []);
  });
} else {
  skipBecause(test, play, 'this user may not mount a disk of its own (unshare --user --mount)');
}

const files = () => [
  { file: { path: 'rates/a.csv', sha256: '', bytes: 3 }, bytes: Buffer.from('abc') },
  { file: { path: 'switch.yaml', sha256: '', bytes: 0 }, bytes: new Uint8Array() },
];

test('files stand where the first place takes them, and are gone afterwards', ({ directory }) => {
  const refused = join(directory.path, 'a-file');
  writeFileSync(refused, '');
  const taken = join(directory.path, 'taken');
  mkdirSync(taken);
  let used = '';

  const found = withScratch([refused, join(directory.path, 'missing'), taken], files, place => {
    used = place;
    return readdirSync(place, { recursive: true }).sort();
  });

  assert.equal(found, ['rates', 'rates/a.csv', 'switch.yaml']);
  assert.ok(used.startsWith(join(taken, 'class4-restore-')));
  assert.equal(readdirSync(taken), []);
});

test('where no place takes them, the reasons are told and what one can do', ({ directory }) => {
  try {
    withScratch([join(directory.path, 'missing')], files, () => assert.unreachable());
    assert.unreachable();
  } catch (error) {
    assert.instance(error, HistoryError);
    assert.match((error as HistoryError).message, /no disk takes its files .*ENOENT/);
    assert.match((error as HistoryError).hint!, 'free some space below');
  }
});

test('what is wrong with the files themselves is no reason to try another place', ({ directory }) => {
  const damaged = () => {
    throw new Error('f-1 is damaged');
  };
  assert.throws(() => withScratch([directory.path, tmpdir()], damaged, () => {}), /f-1 is damaged/);
  assert.equal(readdirSync(directory.path), []);
});

test('what a killed process left among the files of others goes, and what a living one has stays', ({
  directory,
}) => {
  const { pid: dead } = spawnSync('true');
  const names = [`class4-restore-${dead}-abc`, `class4-restore-${process.pid}-abc`, 'of-somebody-else'];
  for (const name of names) mkdirSync(join(directory.path, name));

  withScratch([join(directory.path, 'missing'), directory.path], files, () => {});

  assert.equal(
    names.map(name => existsSync(join(directory.path, name))),
    [false, true, true],
  );
});

test.run();
