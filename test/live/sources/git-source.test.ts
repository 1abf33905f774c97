import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfiguration } from '../../../src/config/load.ts';
import type { Candidate, GitSource, Look } from '../../../src/live/sources/git-source.ts';
import { Remote } from './remote.ts';

interface Context {
  remote: Remote;
}

const test = suite<Context>('live/sources/git-source');

test.before.each(context => {
  context.remote = new Remote();
});

test.after.each(({ remote }) => remote.remove());

async function opened(source: GitSource): Promise<GitSource> {
  await source.open();
  return source;
}

function found(look: Look): Candidate {
  if (look.outcome !== 'new') throw new Error(`the look came to ${JSON.stringify(look)}`);
  return look.candidate;
}

async function refusal(look: Promise<unknown>): Promise<string> {
  try {
    await look;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

test('the newest commit of the branch is found, with its files and its author', async ({ remote }) => {
  remote.write('switch.yaml', 'name: one\n');
  remote.write('rates/uk.csv', 'prefix,rate\n44,0.1\n');
  const commit = remote.commit('Sell the United Kingdom\n\nWith a reason.');
  const source = await opened(remote.source());

  const candidate = found(await source.look());

  assert.is(candidate.commit.commit, commit);
  assert.is(candidate.commit.author, 'Alice Example <alice@example.net>');
  assert.is(candidate.commit.subject, 'Sell the United Kingdom');
  assert.is(new Date(candidate.commit.committedAtMs).toISOString().slice(0, 16), '2026-01-15T12:00');
  assert.is(readFileSync(join(candidate.directory, 'switch.yaml'), 'utf8'), 'name: one\n');
  assert.is(readFileSync(join(candidate.directory, 'rates/uk.csv'), 'utf8'), 'prefix,rate\n44,0.1\n');
  assert.is((await source.look()).outcome, 'unchanged');
});

test('files that a commit shares with the one before are the very same files', async ({ remote }) => {
  remote.write('rates/large.csv', `${'44,0.1\n'.repeat(1000)}`);
  remote.write('switch.yaml', 'name: one\n');
  remote.commit('one');
  const source = await opened(remote.source());
  const before = found(await source.look());
  remote.write('switch.yaml', 'name: two\n');
  remote.commit('two');

  const after = found(await source.look());

  const inode = (candidate: Candidate, path: string): number => statSync(join(candidate.directory, path)).ino;
  assert.is(inode(after, 'rates/large.csv'), inode(before, 'rates/large.csv'));
  assert.is.not(inode(after, 'switch.yaml'), inode(before, 'switch.yaml'));
  assert.is(readFileSync(join(before.directory, 'switch.yaml'), 'utf8'), 'name: one\n');
  assert.is(readFileSync(join(after.directory, 'switch.yaml'), 'utf8'), 'name: two\n');
});

test('a commit of 3,000 files is there as a whole, and only the newest commits are kept', async ({
  remote,
}) => {
  for (let index = 0; index < 3000; index += 1)
    remote.write(`gateways/routing/g${index}.yaml`, `n: ${index}\n`);
  remote.commit('many');
  const source = await opened(remote.source());
  const many = found(await source.look());
  assert.is(readdirSync(join(many.directory, 'gateways/routing')).length, 3000);
  assert.is(readFileSync(join(many.directory, 'gateways/routing/g2999.yaml'), 'utf8'), 'n: 2999\n');

  for (let index = 0; index < 4; index += 1) {
    remote.write('switch.yaml', `name: v${index}\n`);
    remote.commit(`v${index}`);
    await source.look();
  }

  const kept = readdirSync(join(remote.home, 'var/source/checkouts'));
  assert.is(kept.length, 3);
  assert.not.ok(kept.includes(many.commit.commit));
});

test('only the directory of the switch is read, and it must be there', async ({ remote }) => {
  remote.write('switches/fra1/switch.yaml', 'name: fra1\n');
  remote.write('other/switch.yaml', 'name: other\n');
  remote.commit('one');

  const candidate = found(await (await opened(remote.source({ directory: 'switches/fra1' }))).look());
  assert.equal(readdirSync(candidate.directory), ['switch.yaml']);

  const source = await opened(remote.source({ directory: 'switches/lon1' }));
  const look = await source.look();
  assert.is(look.outcome === 'refused' && look.reason, 'the commit has no directory switches/lon1');
});

test('while the remote is away nothing is lost, and it is found when it is back', async ({ remote }) => {
  remote.write('switch.yaml', 'name: one\n');
  remote.commit('one');
  const source = await opened(remote.source());
  const one = found(await source.look());
  renameSync(remote.bare, `${remote.bare}.away`);

  assert.match(await refusal(source.look()), /fatal: .*does not appear to be a git repository/);
  assert.ok(existsSync(join(one.directory, 'switch.yaml')));

  renameSync(`${remote.bare}.away`, remote.bare);
  assert.is((await source.look()).outcome, 'unchanged');
});

test('a branch that was deleted is an error, and the remote is told by name', async ({ remote }) => {
  remote.commit('one');
  const source = await opened(remote.source());
  await source.look();
  remote.git('push', '--quiet', 'origin', 'HEAD:refs/heads/other', ':refs/heads/main');

  assert.match(await refusal(source.look()), /couldn't find remote ref refs\/heads\/main/);
});

test('a restart finds the commit that was good, although the remote is away', async ({ remote }) => {
  remote.write('switch.yaml', 'name: good\n');
  const good = remote.commit('good');
  const first = await opened(remote.source());
  assert.is(await first.lastGood(), null);
  await first.keepAsGood(found(await first.look()));
  remote.write('switch.yaml', 'name: broken\n');
  remote.commit('broken');
  await first.look();
  first.close();
  remote.git('push', '--quiet', '--force', 'origin', ':refs/heads/main');
  rmSync(remote.bare, { recursive: true });
  // What a predecessor leaves that was killed in the middle of it.
  mkdirSync(join(remote.home, 'var/source/checkouts', `${'0'.repeat(40)}.unfinished`));
  writeFileSync(join(remote.home, 'var/source/mirror.git/config.lock'), '');
  writeFileSync(join(remote.home, 'var/source/mirror.git/objects/pack/tmp_pack_abc'), 'half');

  const second = await opened(remote.source());
  const again = await second.lastGood();

  assert.is(again?.commit.commit, good);
  assert.is(readFileSync(join(again!.directory, 'switch.yaml'), 'utf8'), 'name: good\n');
  assert.equal(readdirSync(join(remote.home, 'var/source/checkouts')), [good]);
  assert.not.ok(existsSync(join(remote.home, 'var/source/mirror.git/config.lock')));
  assert.equal(readdirSync(join(remote.home, 'var/source/mirror.git/objects/pack')).filter(isTemporary), []);
});

function isTemporary(name: string): boolean {
  return name.startsWith('tmp_');
}

test('another branch or directory does not begin with what was good of this one', async ({ remote }) => {
  remote.write('a/switch.yaml', 'name: a\n');
  remote.commit('one');
  const one = await opened(remote.source({ directory: 'a' }));
  await one.keepAsGood(found(await one.look()));

  assert.is(await (await opened(remote.source({ directory: '' }))).lastGood(), null);
  assert.is(await (await opened(remote.source({ branch: 'other', directory: 'a' }))).lastGood(), null);
  assert.is.not(await (await opened(remote.source({ directory: 'a' }))).lastGood(), null);
});

/** Bytes in the middle of each pack: its objects are still there by name. */
function damage(mirror: string): void {
  const folder = join(mirror, 'objects/pack');
  for (const pack of readdirSync(folder).filter(name => name.endsWith('.pack'))) {
    const bytes = readFileSync(join(folder, pack));
    bytes.fill(0, 12, bytes.length - 20);
    rmSync(join(folder, pack));
    writeFileSync(join(folder, pack), bytes);
  }
}

test('a mirror that a failing disk damaged is made anew', async ({ remote }) => {
  remote.write('switch.yaml', 'name: one\n');
  const one = remote.commit('one');
  const before = await opened(remote.source());
  await before.keepAsGood(found(await before.look()));
  const mirror = join(remote.home, 'var/source/mirror.git');
  damage(mirror);

  const source = await opened(remote.source());
  assert.match(await refusal(source.lastGood()), /^(?:fatal|error): /);
  const again = found(await source.look());
  assert.is(readFileSync(join(again.directory, 'switch.yaml'), 'utf8'), 'name: one\n');
  await source.keepAsGood(again);

  for (const [index, harm] of [
    () => damage(mirror),
    () => rmSync(join(mirror, 'objects/pack'), { recursive: true }),
    () => truncateSync(join(mirror, 'HEAD'), 0),
  ].entries()) {
    harm();
    remote.write('switch.yaml', `name: after-${index}\n`);
    remote.commit(`after ${index}`);
    assert.is(found(await source.look()).commit.subject, `after ${index}`, 'and while the switch runs');
  }
  assert.ok(source.counters.mirrorsMade > 0);
  assert.is((await (await opened(remote.source())).lastGood())?.commit.commit, one);
});

test('a forced push is followed, and said once', async ({ remote }) => {
  remote.write('switch.yaml', 'name: base\n');
  const base = remote.commit('base');
  remote.write('switch.yaml', 'name: two\n');
  const two = remote.commit('two');
  const source = await opened(remote.source());
  await source.look();
  remote.git('reset', '--quiet', '--hard', base);
  remote.write('switch.yaml', 'name: other\n');
  const other = remote.commit('other');

  assert.is(found(await source.look()).commit.commit, other);
  await source.look();

  assert.equal(remote.log.lines, [
    `warn The branch was rewritten by a forced push; it is followed there branch=main before=${two} head=${other}`,
  ]);
  assert.is(source.counters.forcedPushes, 1);

  remote.git('reset', '--quiet', '--hard', base);
  remote.push();
  assert.is(found(await source.look()).commit.commit, base);
  assert.match(remote.log.lines.at(-1)!, /went back by a forced push/);
});

test('where only fast-forwards are followed, a forced push waits until the branch goes on', async ({
  remote,
}) => {
  const one = remote.commit('one');
  const two = remote.commit('two');
  const settings = { fastForwardOnly: true };
  const source = await opened(remote.source(settings));
  await source.look();
  remote.git('reset', '--quiet', '--hard', one);
  remote.push();

  const refused = {
    outcome: 'refused',
    head: one,
    reason: 'the branch main went back by a forced push, and fastForwardOnly is set',
  };
  assert.equal(await source.look(), refused);
  assert.equal(await source.look(), refused);
  assert.is(source.counters.forcedPushes, 1);
  assert.equal(await (await opened(remote.source(settings))).look(), refused, 'a restart changes nothing');

  remote.git('reset', '--quiet', '--hard', two);
  const three = remote.commit('three');
  assert.is(found(await source.look()).commit.commit, three);
});

test('links stay links, and one that leads out is not read', async ({ remote }) => {
  remote.write(
    'switch.yaml',
    'name: one\ncurrency: EUR\nsip: { listen: [{ transport: udp, address: 127.68.0.1, port: 5060 }] }\n',
  );
  remote.write('accounts/.keep', '');
  writeFileSync(join(remote.top, 'secret.yaml'), 'kind: customer\n');
  remote.link('accounts/stolen.yaml', join(remote.top, 'secret.yaml'));
  remote.link('rates', '/etc');
  remote.commit('one');
  const { directory } = found(await (await opened(remote.source())).look());

  assert.ok(lstatSync(join(directory, 'accounts/stolen.yaml')).isSymbolicLink());
  const codes = loadConfiguration(directory).diagnostics.map(({ code, place }) => `${code} ${place.file}`);
  assert.ok(codes.includes('C4008 accounts/stolen.yaml'), codes.join());
});

test('trees with names that lead out are refused', async ({ remote }) => {
  remote.write('switch.yaml', 'name: one\n');
  remote.commit('one');
  const source = await opened(remote.source());
  await source.look();
  const inner = remote.git('rev-parse', 'HEAD^{tree}');
  for (const name of ['..', '.git', '.GIT', '.']) {
    const entry = Buffer.concat([Buffer.from(`40000 ${name}\0`), Buffer.from(inner, 'hex')]);
    const tree = remote.gitGiven(entry, 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin');
    const commit = remote.gitGiven('hostile', 'commit-tree', tree, '-p', 'HEAD');
    remote.git('push', '--quiet', '--force', 'origin', `${commit}:refs/heads/main`);

    assert.match(await refusal(source.look()), /fsck|has(?:Dot|Dotdot|Dotgit)|contains '/, name);
  }
});

test('modules of other repositories are left out, and none is fetched', async ({ remote }) => {
  remote.write('switch.yaml', 'name: one\n');
  remote.write('.gitmodules', '[submodule "x"]\n\tpath = x\n\turl = file:///nowhere\n');
  remote.git('add', '--all');
  remote.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},x`);
  remote.git('commit', '--quiet', '-m', 'module');
  remote.push();

  const { directory } = found(await (await opened(remote.source())).look());

  assert.equal(readdirSync(directory).sort(), ['.gitmodules', 'switch.yaml']);
});

test('settings of the user and variables of another repository change nothing', async ({ remote }) => {
  remote.write('switch.yaml', 'name: one\n');
  const commit = remote.commit('one');
  const touched = join(remote.top, 'touched');
  writeFileSync(
    join(remote.top, '.gitconfig'),
    `[core]\n\tfsmonitor = touch ${touched}\n\thooksPath = ${remote.top}\n`,
  );
  writeFileSync(join(remote.top, 'reference-transaction'), `#!/bin/sh\ntouch ${touched}\n`, { mode: 0o755 });
  const env = {
    ...process.env,
    HOME: remote.top,
    GIT_DIR: '/nowhere',
    GIT_WORK_TREE: '/nowhere',
    GIT_INDEX_FILE: '/nowhere',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.hooksPath',
    GIT_CONFIG_VALUE_0: remote.top,
  };

  assert.is(found(await (await opened(remote.source({}, env))).look()).commit.commit, commit);
  assert.not.ok(existsSync(touched));
});

test('a protocol that was not asked for is not spoken', async ({ remote }) => {
  remote.commit('one');
  const source = await opened(remote.source({ repository: `ext::sh -c touch% ${remote.top}/touched` }));

  assert.match(await refusal(source.look()), /transport 'ext' not allowed/);
  assert.not.ok(existsSync(join(remote.top, 'touched')));
});

test('a machine without git is told so', async ({ remote }) => {
  assert.is(
    await refusal(opened(remote.source({}, { PATH: '/nowhere' }))),
    'there is no git on this machine',
  );
});

test.run();
