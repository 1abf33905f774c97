import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { activate, begin, type Context, edit, end, load, rejects, serve } from './kept-versions.ts';

const nothing = { commit: null, files: null, compiled: null, program: null };
const withoutBlobs = { ...nothing, fileCount: 0, fileBytes: 0 };

const test = suite<Context>('history/version-names');

test.before.each(begin);
test.after.each(end);

/** Nothing is committed yet. Returns what runs git there. */
function madeRepository({ path }: Context): (...args: readonly string[]) => void {
  const git = (...args: readonly string[]): void => {
    const author = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.net'];
    execFileSync('git', [...author, ...args], { cwd: path });
  };
  writeFileSync(join(path, '.gitignore'), 'var/\n');
  git('init', '--quiet');
  return git;
}

test('names that may mean several versions list them, and unknown ones are none', async context => {
  const { table, history } = context;
  for (const end of ['1', '2'])
    await table.putVersion({ ...withoutBlobs, hash: `1234${end.repeat(60)}`, keptAtMs: 1 });

  await rejects(history.find('1234'), /may mean 2 versions: 1234111111111111, 1234222222222222/);
  assert.is((await history.find('12341'))?.hash, `1234${'1'.repeat(60)}`);
  for (const name of ['123', '7', 'previous', 'abcd', '', "1234' OR 1=1", 'PREVIOUS']) {
    assert.is(await history.find(name), null, name);
  }
});

test('the number of an activation that is the beginning of a hash, too, is told apart', async context => {
  const { table, history } = context;
  await table.putVersion({ ...withoutBlobs, hash: '2'.repeat(64), keptAtMs: 1 });
  await table.putVersion({ ...withoutBlobs, hash: `10005${'0'.repeat(59)}`, keptAtMs: 1 });
  for (let id = 1; id <= 3; id++) await activate(context, '2'.repeat(64));

  assert.is((await history.find('3'))?.hash, '2'.repeat(64));
  assert.is((await history.find('1000'))?.hash, `10005${'0'.repeat(59)}`);
});

test('a commit is named with its author and subject', async context => {
  const git = madeRepository(context);
  git('add', '.');
  git('commit', '--quiet', '-m', 'Open Spain\n\nlong text');
  const { hash, commit } = await serve(context);

  const version = await context.history.find(hash);
  assert.is(version?.commit?.commit, commit);
  assert.is(version?.commit?.author, 'Ann <ann@example.net>');
  assert.is(version?.commit?.subject, 'Open Spain');

  edit(context, 77);
  git('commit', '--quiet', '-a', '-m', 'The last merge');
  const row = (await context.table.version(hash))!;
  await context.table.putVersion({ ...row, compiled: null, program: null });
  assert.is((await context.history.restore(hash)).commit, commit, 'compiled from its files it is its own');
});

test('files that were committed after they served are named by that commit, once they are read again', async context => {
  const git = madeRepository(context);
  const { hash, commit } = await serve(context);
  assert.is(commit, null);
  assert.is((await context.history.find(hash))?.commit, null);
  git('add', '.');
  git('commit', '--quiet', '-m', 'Open Spain');

  const again = await load(context);
  assert.is(again.hash, hash);
  const kept = await context.history.keep(again);
  assert.is(kept.commit?.commit, again.commit);
  assert.is((await context.history.find(hash))?.commit?.subject, 'Open Spain');
  assert.ok((await context.history.find(hash))?.files !== null, 'with the files that it has');
  assert.equal(await context.history.restore(hash), again);
});

test.run();
