import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fingerprint, isConfigurationFile, isGitBusy } from '../../src/live/config-files.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';

const test = suite<{ directory: TemporaryDirectory }>('live/config-files');

test.before.each(context => {
  context.directory = temporaryDirectory();
});
test.after.each(context => context.directory.remove());

test('only files that can matter count', () => {
  const yes = ['switch.yaml', 'rates/a.csv', 'gateways/mapping/a.yaml', 'decks/a.CSV', 'accounts/a.yaml'];
  const no = ['README.md', 'rates/.a.csv.swp', 'rates/a.csv~', 'rates/#a.yaml#', 'var.yaml', 'rates/a.tmp'];

  assert.equal(
    yes.filter(path => !isConfigurationFile(path)),
    [],
  );
  assert.equal(no.filter(isConfigurationFile), []);
});

test('the fingerprint changes when git has another commit of the same files', async ({ directory }) => {
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: directory.path });
  const folder = join(directory.path, 'voice');
  mkdirSync(folder);
  writeFileSync(join(folder, 'switch.yaml'), 'name: a\n');
  git('init', '-q');
  git('add', '.');
  const before = await fingerprint(folder);

  git('commit', '-qm', 'one');
  const committed = await fingerprint(folder);
  git('status');

  assert.is.not(committed, before);
  assert.is(await fingerprint(folder), committed);
});

test('the fingerprint changes with every kind of change, and only then', async ({ directory }) => {
  const inside = (path: string) => join(directory.path, path);
  mkdirSync(inside('rates'));
  mkdirSync(inside('var'));
  writeFileSync(inside('switch.yaml'), 'name: a\n');
  const prints = [await fingerprint(directory.path)];
  async function changed(): Promise<boolean> {
    prints.push(await fingerprint(directory.path));
    return prints.at(-1) !== prints.at(-2);
  }

  writeFileSync(inside('var/class4.db'), 'x');
  assert.not(await changed());
  writeFileSync(inside('rates/a.yaml'), 'rows: []\n');
  assert.ok(await changed());
  writeFileSync(inside('switch.yaml'), 'name: b\n');
  assert.ok(await changed());
  writeFileSync(inside('.new'), 'name: b\n');
  renameSync(inside('.new'), inside('switch.yaml'));
  assert.ok(await changed(), 'replaced by the same content');
  rmSync(inside('rates/a.yaml'));
  assert.ok(await changed());
  assert.not(await changed());
});

test('a folder of the configuration may be a link to a folder elsewhere', async ({ directory }) => {
  const elsewhere = join(directory.path, 'var', 'decks');
  mkdirSync(elsewhere, { recursive: true });
  symlinkSync(elsewhere, join(directory.path, 'rates'));
  symlinkSync('..', join(directory.path, 'circle'));
  const before = await fingerprint(directory.path);

  writeFileSync(join(elsewhere, 'a.yaml'), 'rows: []\n');
  const after = await fingerprint(directory.path);
  writeFileSync(join(elsewhere, 'a.yaml'), 'rows: [{}]\n');

  assert.is.not(before, after);
  assert.is.not(after, await fingerprint(directory.path));
});

test('a locked index of git is seen from any folder of the work tree', ({ directory }) => {
  const folder = join(directory.path, 'switches', 'london');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(directory.path, '.git'));
  assert.not(isGitBusy(folder));

  writeFileSync(join(directory.path, '.git', 'index.lock'), '');

  assert.ok(isGitBusy(folder));
});

test('the lock of a linked work tree is found where its .git file points', ({ directory }) => {
  const gitDirectory = join(directory.path, 'main.git', 'worktrees', 'london');
  const tree = join(directory.path, 'london');
  mkdirSync(gitDirectory, { recursive: true });
  mkdirSync(tree);
  writeFileSync(join(tree, '.git'), `gitdir: ${gitDirectory}\n`);
  assert.not(isGitBusy(tree));

  writeFileSync(join(gitDirectory, 'index.lock'), '');

  assert.ok(isGitBusy(tree));
});

test.run();
