/** Commits that somebody made to do harm, or by accident, and remotes that lost their senses. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Candidate, GitSource, Look } from '../../../src/live/sources/git-source.ts';
import { treeLimits } from '../../../src/live/sources/repository.ts';
import { Remote } from './remote.ts';

interface Context {
  remote: Remote;
  source: GitSource;
}

const test = suite<Context>('live/sources/hostile-commits');
const limits = { ...treeLimits };

test.before.each(async context => {
  context.remote = new Remote();
  context.remote.write('switch.yaml', 'name: one\n');
  context.source = context.remote.source();
  await context.source.open();
});

test.after.each(({ remote, source }) => {
  source.close();
  Object.assign(treeLimits, limits);
  remote.remove();
});

function found(look: Look): Candidate {
  if (look.outcome !== 'new') throw new Error(`the look came to ${JSON.stringify(look)}`);
  return look.candidate;
}

function reasonOf(look: Look): string {
  if (look.outcome !== 'refused') throw new Error(`the look came to ${look.outcome}`);
  return look.reason;
}

/** Past all that git checks when it is asked to commit. */
function pushRaw(remote: Remote, kind: 'commit' | 'tree', content: string | Uint8Array): void {
  const object = remote.gitGiven(content, 'hash-object', '-t', kind, '-w', '--literally', '--stdin');
  const commit = kind === 'commit' ? object : remote.gitGiven('hostile', 'commit-tree', object, '-p', 'HEAD');
  remote.git('push', '--quiet', '--force', 'origin', `${commit}:refs/heads/main`);
}

function entry(remote: Remote, mode: string, name: string | Uint8Array, content: string): Buffer {
  const blob = remote.gitGiven(content, 'hash-object', '-w', '--stdin');
  return Buffer.concat([
    Buffer.from(`${mode} `),
    Buffer.from(name),
    Buffer.from('\0'),
    Buffer.from(blob, 'hex'),
  ]);
}

test('dates of another age and names that play with a terminal become what can be stored and shown', async context => {
  const { remote, source } = context;
  remote.commit('one');
  const tree = remote.git('rev-parse', 'HEAD^{tree}');
  for (const date of ['99999999999999', '9223372036854775807', '0']) {
    const who = `A\u001b[2J\u202eb <a@example.net> ${date} +0000`;
    pushRaw(
      remote,
      'commit',
      `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nclear\u0007 \u001b]0;title\u0007\n`,
    );

    const { commit } = found(await source.look());

    assert.ok(new Date(commit.committedAtMs).toISOString().length > 0, date);
    assert.is(commit.author, 'A\\u001b[2J\\u202eb <a@example.net>');
    assert.is(commit.subject, 'clear\\u0007 \\u001b]0;title\\u0007');
  }
});

test('names that look like options or hold line ends are names', async ({ remote, source }) => {
  const names = ['--upload-pack=touch harm', '-rf', 'a\nb.csv', '"q\'.csv', 'UK.csv', 'uk.csv'];
  for (const name of names) remote.write(name, name);
  remote.commit('one');

  const { directory } = found(await source.look());

  assert.equal(readdirSync(directory).sort(), [...names, 'switch.yaml'].sort());
  for (const name of names) assert.is(readFileSync(join(directory, name), 'utf8'), name);
});

test('attributes, filters and hooks of a commit do nothing', async ({ remote, source }) => {
  remote.git('config', 'core.attributesFile', '/dev/null');
  remote.write('rates/uk.csv', '$Format:%H$ $Id$\n');
  remote.git('add', '--all');
  remote.write('.gitattributes', '*.csv export-subst ident filter=lfs text eol=crlf\n');
  remote.write('hooks/post-checkout', '#!/bin/sh\ntouch harm\n');
  remote.write('.lfsconfig', '[lfs]\n\turl = https://127.72.0.1:1/\n');
  remote.git('add', '.gitattributes', 'hooks', '.lfsconfig');
  remote.git('commit', '--quiet', '-m', 'one');
  remote.push();

  const { directory } = found(await source.look());

  assert.is(readFileSync(join(directory, 'rates/uk.csv'), 'utf8'), '$Format:%H$ $Id$\n');
  assert.not.ok(
    readdirSync(remote.home, { recursive: true, encoding: 'utf8' }).some(name => /harm/.test(name)),
  );
});

test('a commit that no directory can be made of is refused once, and the remote is not blamed', async context => {
  const { remote, source } = context;
  remote.commit('one');
  const good = found(await source.look());
  const hostile: readonly (readonly [entry: Buffer, reason: RegExp])[] = [
    [entry(remote, '100644', 'n'.repeat(300), 'x'), /a name that cannot be: "n{100}"…/],
    [entry(remote, '100644', Buffer.from([0xff, 0xfe]), 'x'), /a name that cannot be/],
  ];
  for (const [tree, reason] of hostile) {
    pushRaw(remote, 'tree', tree);
    assert.match(reasonOf(await source.look()), reason);
  }

  Object.assign(treeLimits, { bytes: 1000 });
  remote.write('rates/large.csv', '0'.repeat(1001));
  remote.commit('a bomb');
  assert.match(reasonOf(await source.look()), /have 10\d\d bytes; at most 1000 are taken/);

  remote.git('rm', '--quiet', '-f', 'rates/large.csv');
  remote.commit('defused');
  const { directory } = found(await source.look());
  assert.equal(readdirSync(directory), ['switch.yaml']);
  assert.equal(readdirSync(good.directory), ['switch.yaml']);
});

test('a file and a link of the same name are refused before anything is written through the link', async context => {
  const { remote, source } = context;
  remote.commit('one');
  await source.look();
  const inner = remote.git('rev-parse', 'HEAD^{tree}');
  const folder = Buffer.concat([Buffer.from('40000 a\0'), Buffer.from(inner, 'hex')]);
  pushRaw(remote, 'tree', Buffer.concat([entry(remote, '120000', 'a', remote.top), folder]));

  let said = '';
  await source.look().catch((error: Error) => {
    said = error.message;
  });

  assert.match(said, /duplicateEntries/);
  assert.not.ok(readdirSync(remote.top).includes('switch.yaml'));
});

test('a remote that is damaged itself does not cost us what we have', async ({ remote, source }) => {
  const one = remote.commit('one');
  await source.keepAsGood(found(await source.look()));
  for (let index = 0; index < 200; index += 1)
    remote.write(`rates/${index}.csv`, `${index * 7919}\n`.repeat(99));
  remote.commit('two');
  const packs = join(remote.bare, 'objects/pack');
  for (const name of readdirSync(packs).filter(each => each.endsWith('.pack'))) {
    const bytes = readFileSync(join(packs, name));
    chmodSync(join(packs, name), 0o644);
    bytes.fill(0, bytes.length >> 1, (bytes.length >> 1) + 200);
    writeFileSync(join(packs, name), bytes);
  }

  for (let looks = 0; looks < 3; looks += 1) {
    let said = '';
    await source.look().catch((error: Error) => {
      said = error.message;
    });
    assert.match(said, /remote: .*|corrupt/);
  }

  assert.is(source.counters.mirrorsMade, 0);
  const again = remote.source();
  await again.open();
  assert.is((await again.lastGood())?.commit.commit, one);
});

test('a mirror that is damaged in part serves a restart while the remote is away', async ({
  remote,
  source,
}) => {
  const one = remote.commit('one');
  await source.keepAsGood(found(await source.look()));
  for (let index = 0; index < 150; index += 1)
    remote.write(`rates/${index}.csv`, `${index * 7919}\n`.repeat(99));
  remote.commit('two');
  await source.look();
  source.close();
  const packs = join(remote.home, 'var/source/mirror.git/objects/pack');
  const largest = readdirSync(packs)
    .filter(name => name.endsWith('.pack'))
    .sort((a, b) => statSync(join(packs, b)).size - statSync(join(packs, a)).size)[0]!;
  rmSync(join(packs, largest));
  renameSync(remote.bare, `${remote.bare}.away`);

  const again = remote.source();
  await again.open();
  assert.is((await again.lastGood())?.commit.commit, one);
  for (let looks = 0; looks < 2; looks += 1) {
    let said = '';
    await again.look().catch((error: Error) => {
      said = error.message;
    });
    assert.match(said, /does not appear to be a git repository/);
  }
  const third = remote.source();
  await third.open();
  assert.is((await third.lastGood())?.commit.commit, one, 'also after it was looked into');

  renameSync(`${remote.bare}.away`, remote.bare);
  remote.write('switch.yaml', 'name: three\n');
  remote.commit('three');
  assert.is(found(await again.look()).commit.subject, 'three');
});

test('locks that a git left behind when it was killed keep nobody from following', async ({
  remote,
  source,
}) => {
  remote.commit('one');
  await source.keepAsGood(found(await source.look()));
  source.close();
  const mirror = join(remote.home, 'var/source/mirror.git');
  const refs = readdirSync(join(mirror, 'refs'), { recursive: true, encoding: 'utf8' });
  const locked = refs.filter(name => /(?:fetched|taken|good|given-\d)$/.test(name));
  assert.ok(locked.length >= 4);
  for (const name of locked) writeFileSync(join(mirror, 'refs', `${name}.lock`), '');
  for (const name of ['packed-refs.lock', 'HEAD.lock', 'shallow.lock', 'gc.pid'])
    writeFileSync(join(mirror, name), '');
  mkdirSync(join(mirror, 'objects/ab'), { recursive: true });
  writeFileSync(join(mirror, 'objects/ab/tmp_obj_x'), 'half');

  const again = remote.source();
  await again.open();
  const two = remote.commit('two');
  const candidate = found(await again.look());
  await again.keepAsGood(candidate);
  assert.is(candidate.commit.commit, two);
});

test('what hundreds of forced pushes leave behind is forgotten, and a commit that is still read is not', async context => {
  const { remote, source } = context;
  const base = remote.commit('base');
  const pushes = 45;
  const commits = Array.from({ length: pushes }, (_, index) => {
    const files = Array.from({ length: 120 }, (_, file) => {
      const text = randomBytes(300).toString('base64');
      return `M 100644 inline rates/${file}.csv\ndata ${text.length}\n${text}\n`;
    });
    const who = `committer A <a@example.net> ${1768478406 + index} +0000`;
    return `commit refs/pushes/${index}\n${who}\ndata 1\nx\nfrom ${base}\n${files.join('')}\n`;
  });
  remote.gitGiven(commits.join(''), `--git-dir=${remote.bare}`, 'fast-import', '--quiet');
  const mirror = join(remote.home, 'var/source/mirror.git');
  let last: Candidate | null = null;
  for (let index = 0; index < pushes; index += 1) {
    remote.git(`--git-dir=${remote.bare}`, 'update-ref', 'refs/heads/main', `refs/pushes/${index}`);
    const candidate = found(await source.look());
    // The one before is found good when the branch is elsewhere already.
    if (last !== null) await source.keepAsGood(last);
    last = candidate;
  }
  await source.look();

  const packs = readdirSync(join(mirror, 'objects/pack')).filter(name => name.endsWith('.pack'));
  assert.ok(packs.length <= 21, `${packs.length} packs`);
  const kept = execFileSync('git', [
    `--git-dir=${mirror}`,
    'cat-file',
    '--batch-all-objects',
    '--batch-check',
  ]);
  const commitsKept = kept.toString().match(/ commit /g)!.length;
  assert.ok(commitsKept < pushes - 15, `${commitsKept} commits`);
  const again = remote.source();
  await again.open();
  assert.ok((await again.lastGood()) !== null);
});

test.run();
