import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SignatureSettings } from '../../../src/config/source-settings.ts';
import type { GitSource } from '../../../src/live/sources/git-source.ts';
import { Remote } from './remote.ts';

interface Context {
  remote: Remote;
}

const test = suite<Context>('live/sources/signatures');

test.before.each(context => {
  context.remote = new Remote();
});

test.after.each(({ remote }) => remote.remove());

function sshKey({ top }: Remote, name: string): { readonly file: string; readonly allowed: string } {
  const file = join(top, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  return { file, allowed: `alice@example.net ${readFileSync(`${file}.pub`, 'utf8')}` };
}

function withSsh(remote: Remote, key: string): void {
  remote.git('config', 'gpg.format', 'ssh');
  remote.git('config', 'user.signingKey', key);
}

/** The public key of somebody, in a file. */
function openPgpKey(
  { top }: Remote,
  name: string,
  options: readonly string[] = [],
  expires = '0',
): { readonly home: string; readonly file: string } {
  const home = join(top, name);
  mkdirSync(home, { mode: 0o700 });
  const making = [
    '--passphrase',
    '',
    '--quick-generate-key',
    `${name}@example.net`,
    'ed25519',
    'sign',
    expires,
  ];
  gpgOf(home, [...options, ...making]);
  const file = join(top, `${name}.asc`);
  writeFileSync(file, gpgOf(home, ['--armor', '--export']));
  return { home, file };
}

function gpgOf(home: string, args: readonly string[], input = ''): string {
  return execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], {
    encoding: 'utf8',
    input,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
}

function withOpenPgp(
  remote: Remote,
  { home }: { readonly home: string },
  options: readonly string[] = [],
): void {
  const program = join(remote.top, 'gpg-of-alice');
  const command = `gpg --homedir '${home}' --batch ${options.join(' ')}`;
  writeFileSync(program, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  remote.git('config', 'gpg.format', 'openpgp');
  remote.git('config', 'gpg.program', program);
}

function signers(settings: Partial<SignatureSettings>): SignatureSettings {
  return { of: 'commits', allowedSignersFile: null, openPgpKeysFile: null, ...settings };
}

async function opened(remote: Remote, signatures: SignatureSettings): Promise<GitSource> {
  const source = remote.source({ signatures });
  await source.open();
  return source;
}

async function outcome(source: GitSource): Promise<string> {
  const look = await source.look();
  return look.outcome === 'refused' ? look.reason : look.outcome;
}

test('only commits with an ssh signature of somebody who may sign are found', async ({ remote }) => {
  const [alice, mallory] = [sshKey(remote, 'alice'), sshKey(remote, 'mallory')];
  const allowedSignersFile = join(remote.top, 'allowed');
  writeFileSync(allowedSignersFile, alice.allowed);
  const source = await opened(remote, signers({ allowedSignersFile }));

  remote.commit('unsigned');
  assert.is(await outcome(source), 'the commit must be signed: it carries no signature');

  withSsh(remote, mallory.file);
  remote.commit('by mallory', '-S');
  assert.is(
    await outcome(source),
    'the commit must be signed: its signature is by a key that is not allowed',
  );
  assert.is(source.counters.unsigned, 2);

  withSsh(remote, alice.file);
  remote.commit('by alice', '-S');
  assert.is(await outcome(source), 'new');

  writeFileSync(allowedSignersFile, mallory.allowed);
  remote.commit('by alice again', '-S');
  assert.match(await outcome(source), /not allowed/, 'a key that was taken out of the file counts no more');
});

test('a signature of another commit is wrong', async ({ remote }) => {
  const alice = sshKey(remote, 'alice');
  const allowedSignersFile = join(remote.top, 'allowed');
  writeFileSync(allowedSignersFile, alice.allowed);
  withSsh(remote, alice.file);
  const signed = remote.commit('by alice', '-S');
  const text = remote.git('cat-file', 'commit', signed);
  const forged = remote.gitGiven(
    `${text.replace('by alice', 'by nobody')}\n`,
    'hash-object',
    '-t',
    'commit',
    '-w',
    '--stdin',
  );
  remote.git('push', '--quiet', '--force', 'origin', `${forged}:refs/heads/main`);

  const source = await opened(remote, signers({ allowedSignersFile }));
  assert.is(await outcome(source), 'the commit must be signed: its signature is wrong');
});

test('OpenPGP signatures count with the keys of the file, and with no others', async ({ remote }) => {
  const [alice, mallory] = [openPgpKey(remote, 'alice'), openPgpKey(remote, 'mallory')];
  const source = await opened(remote, signers({ openPgpKeysFile: alice.file }));
  withOpenPgp(remote, mallory);
  remote.commit('by mallory', '-Smallory@example.net');
  assert.is(
    await outcome(source),
    'the commit must be signed: its signature is by a key that is not allowed',
  );

  withOpenPgp(remote, alice);
  remote.commit('by alice', '-Salice@example.net');
  assert.is(await outcome(source), 'new');

  const allowedSignersFile = join(remote.top, 'allowed');
  writeFileSync(allowedSignersFile, sshKey(remote, 'other').allowed);
  const onlySsh = await opened(remote, signers({ allowedSignersFile }));
  assert.is.not(await outcome(onlySsh), 'new', 'the keyring of the user is not looked into');
});

test('a key that expired or was revoked signs nothing any more', async ({ remote }) => {
  const past = ['--faked-system-time', '20200101T000000'];
  const old = openPgpKey(remote, 'old', past, '1d');
  const lost = openPgpKey(remote, 'lost');
  const revocations = join(lost.home, 'openpgp-revocs.d');
  const [revocation] = readdirSync(revocations);
  const text = readFileSync(join(revocations, revocation!), 'utf8').replace(/^:-/m, '-');
  withOpenPgp(remote, lost);
  remote.commit('by a key that is lost soon', '-Slost@example.net');
  const source = await opened(remote, signers({ openPgpKeysFile: lost.file }));
  assert.is(await outcome(source), 'new');

  gpgOf(lost.home, ['--import'], text);
  writeFileSync(lost.file, gpgOf(lost.home, ['--armor', '--export']));
  const afterwards = await opened(remote, signers({ openPgpKeysFile: lost.file }));
  assert.is(
    await outcome(afterwards),
    'the commit must be signed: its signature is by a key that was revoked',
  );

  withOpenPgp(remote, old, past);
  remote.commit('by a key of the past', '-Sold@example.net');
  const expired = await opened(remote, signers({ openPgpKeysFile: old.file }));
  assert.is(await outcome(expired), 'the commit must be signed: its signature or the key of it has expired');

  const { file, allowed } = sshKey(remote, 'alice');
  const allowedSignersFile = join(remote.top, 'allowed');
  writeFileSync(allowedSignersFile, allowed.replace(' ', ' valid-before="20200101" '));
  withSsh(remote, file);
  remote.commit('by somebody who was allowed once', '-S');
  const former = await opened(remote, signers({ allowedSignersFile }));
  assert.match(await outcome(former), /^the commit must be signed: its signature is/);
});

test('a merge that nobody signed is refused, although all that it brings is signed', async ({ remote }) => {
  const { file, allowed } = sshKey(remote, 'alice');
  const allowedSignersFile = join(remote.top, 'allowed');
  writeFileSync(allowedSignersFile, allowed);
  withSsh(remote, file);
  const base = remote.commit('base', '-S');
  const source = await opened(remote, signers({ allowedSignersFile }));
  assert.is(await outcome(source), 'new');
  remote.git('checkout', '--quiet', '-b', 'change');
  remote.git('commit', '--quiet', '--allow-empty', '-S', '-m', 'change');
  remote.git('checkout', '--quiet', '-B', 'main', base);
  remote.git('merge', '--quiet', '--no-ff', '--no-gpg-sign', '-m', 'by the forge', 'change');
  remote.push();

  assert.is(await outcome(source), 'the commit must be signed: it carries no signature');
});

test('where tags are signed, the newest tagged commit of the branch is found', async ({ remote }) => {
  const [alice, mallory] = [sshKey(remote, 'alice'), sshKey(remote, 'mallory')];
  const allowedSignersFile = join(remote.top, 'allowed');
  writeFileSync(allowedSignersFile, alice.allowed);
  const source = await opened(remote, signers({ of: 'tags', allowedSignersFile }));
  const one = remote.commit('one');
  remote.git('tag', 'light');
  remote.git('push', '--quiet', 'origin', 'light');
  assert.match(await outcome(source), /there is no annotated tag on the branch/);

  withSsh(remote, alice.file);
  remote.git('tag', '-s', '-m', 'release 1', 'v1');
  remote.git('push', '--quiet', 'origin', 'v1');
  const first = await source.look();
  assert.is(
    first.outcome === 'new' && first.candidate.commit.commit,
    one,
    'although the branch did not move',
  );

  remote.commit('two');
  assert.is(await outcome(source), 'unchanged', 'nobody released it yet');

  withSsh(remote, mallory.file);
  remote.git('tag', '-s', '-m', 'release 2', 'v2');
  remote.git('push', '--quiet', 'origin', 'v2');
  assert.is(await outcome(source), 'unchanged', 'mallory may not');

  withSsh(remote, alice.file);
  remote.git('tag', '-f', '-s', '-m', 'release 2', 'v2');
  remote.git('push', '--quiet', '--force', 'origin', 'v2');
  assert.is(await outcome(source), 'new');
});

test('keys that cannot be read let nothing pass', async ({ remote }) => {
  remote.commit('one');
  const nowhere = join(remote.top, 'nowhere');
  for (const settings of [{ allowedSignersFile: nowhere }, { openPgpKeysFile: nowhere }]) {
    const source = await opened(remote, signers(settings));
    try {
      assert.unreachable(await outcome(source));
    } catch (error) {
      assert.is((error as Error).message, `cannot read the keys in ${nowhere}: ENOENT`);
    }
  }
});

test.run();
