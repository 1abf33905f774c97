import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gitAccess } from '../../../src/live/sources/access.ts';
import { Git, GitError } from '../../../src/live/sources/git.ts';
import { followed } from './remote.ts';

interface Context {
  top: string;
}

const test = suite<Context>('live/sources/git');

test.before.each(context => {
  context.top = mkdtempSync(join(tmpdir(), 'class4-git-'));
});

test.after.each(({ top }) => rmSync(top, { recursive: true, force: true }));

/** A git that does what the script says. */
function fakeGit(top: string, script: string): Git {
  writeFileSync(join(top, 'git'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return new Git({ repository: '/mirror.git', env: { PATH: `${top}:${process.env['PATH']}` } });
}

async function failureOf(run: Promise<unknown>): Promise<GitError> {
  try {
    await run;
  } catch (error) {
    if (error instanceof GitError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

test('a token reaches git in its environment, and no argument, no message and no log', async ({ top }) => {
  const token = 'glpat-s3cr3t';
  const basic = Buffer.from(`git:${token}`).toString('base64');
  const git = fakeGit(
    top,
    `echo "$@" > ${top}/args; env > ${top}/env; echo "fatal: no ${token} ${basic}" >&2; exit 128`,
  );
  const credentials = { kind: 'token', user: 'git', token: { env: 'GIT_TOKEN' } } as const;
  const access = gitAccess({
    settings: { ...followed('https://git.example.net/voice/fra1.git'), credentials },
    directory: top,
    env: { GIT_TOKEN: token },
  });

  const error = await failureOf(git.run(['fetch'], { access }));

  assert.is(error.message, 'fatal: no (secret) (secret)');
  assert.not.match(`${error.said} ${error.stack}`, token);
  assert.not.match(readFileSync(join(top, 'args'), 'utf8'), /s3cr3t|Basic/);
  const env = readFileSync(join(top, 'env'), 'utf8');
  assert.match(env, `Authorization: Basic ${basic}`);
  assert.match(env, 'http.https://git.example.net/.extraHeader');
  assert.match(env, 'GIT_TERMINAL_PROMPT=0');
});

test('the first line of a file is its token, read anew each time', ({ top }) => {
  const file = join(top, 'token');
  const credentials = { kind: 'token', user: 'bot', token: { file: 'token' } } as const;
  const headerOf = (): string | undefined =>
    gitAccess({
      settings: { ...followed('https://git.example.net/x'), credentials },
      directory: top,
      env: {},
    }).settings.find(([key]) => key.endsWith('.extraHeader'))?.[1];
  writeFileSync(file, 'one\nand a comment\n');
  assert.is(headerOf(), `Authorization: Basic ${Buffer.from('bot:one').toString('base64')}`);
  writeFileSync(file, 'two');
  assert.is(headerOf(), `Authorization: Basic ${Buffer.from('bot:two').toString('base64')}`);
  rmSync(file);
  assert.throws(headerOf, `cannot read the secret in ${file}: ENOENT`);
  writeFileSync(file, '\n');
  assert.throws(headerOf, `the secret file ${file} is empty`);
});

test('ssh knows one key and the hosts of one file, and asks nobody', ({ top }) => {
  const credentials = { kind: 'sshKey', keyFile: 'deploy key', knownHostsFile: '/etc/hosts%h' } as const;
  const { env, settings } = gitAccess({
    settings: { ...followed('git@git.example.net:voice/fra1.git'), credentials },
    directory: '/srv/class4',
    env: {},
  });

  assert.equal(settings, [['protocol.ssh.allow', 'always']]);
  const command = env['GIT_SSH_COMMAND']!;
  for (const option of [
    'BatchMode="yes"',
    'StrictHostKeyChecking="yes"',
    'IdentitiesOnly="yes"',
    'IdentityFile="/srv/class4/deploy key"',
    'UserKnownHostsFile="/etc/hosts%%h"',
  ]) {
    assert.ok(command.includes(`'${option}'`), `${option} in ${command}`);
  }
  assert.ok(top.length > 0);
});

test('a git that does not end is ended, with all that it started', async ({ top }) => {
  const git = fakeGit(top, `sh -c 'echo $$ > ${top}/helper; exec sleep 600' & wait`);
  const error = await failureOf(git.run(['fetch'], { timeoutMs: 1500 }));

  assert.is(error.kind, 'stopped');
  assert.is(error.message, 'git fetch did not end within 1.5 s');
  const helper = Number(readFileSync(join(top, 'helper'), 'utf8'));
  assert.ok(await isGone(helper));
});

async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    // A zombie waits for whoever adopts it.
    if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return false;
}

test('who stops the switch need not wait for git', async ({ top }) => {
  const stopping = new AbortController();
  const running = failureOf(fakeGit(top, 'sleep 600').run(['fetch'], { signal: stopping.signal }));
  stopping.abort();

  assert.is((await running).message, 'git fetch was told to end');
  const later = fakeGit(top, 'sleep 600').run(['fetch'], { signal: stopping.signal });
  assert.is((await failureOf(later)).kind, 'stopped');
});

test('what git says without end, and writes without end, is cut off', async ({ top }) => {
  const talkative = await failureOf(fakeGit(top, 'yes').run(['log'], { mostBytes: 100_000 }));
  assert.is(talkative.kind, 'tooMuch');

  const git = fakeGit(top, `exec dd if=/dev/zero of=${top}/pack bs=1024 count=4096`);
  const error = await failureOf(git.run(['fetch'], { mostFileBytes: 2 ** 20 }));
  assert.match(error.message, /larger than is allowed|File size limit|too large/i);
  assert.ok(readFileSync(join(top, 'pack')).length <= 2 ** 21);
});

test('what takes long stands back behind calls, and is ended before the switch when memory runs out', async ({
  top,
}) => {
  const git = fakeGit(top, 'nice; cat /proc/self/oom_score_adj');

  const [niceness, score] = (await git.run(['fetch'], { mostFileBytes: 2 ** 20 })).split('\n').map(Number);

  assert.is(niceness, Math.min(19, getPriority() + 10));
  if (process.platform === 'linux') assert.is(score, 1000);
});

test('no secret of the switch and no setting of another git reaches git', async ({ top }) => {
  fakeGit(top, 'env');
  const surroundings = {
    PATH: `${top}:${process.env['PATH']}`,
    HTTPS_PROXY: 'http://proxy:3128',
    DRACHTIO_SECRET: 'cymru',
    GIT_TRACE: '1',
    SSH_AUTH_SOCK: '/tmp/agent',
  };
  const env = await new Git({ repository: '/mirror.git', env: surroundings }).run(['version']);

  assert.not.match(env, /DRACHTIO_SECRET|GIT_TRACE|SSH_AUTH_SOCK/);
  assert.match(env, /^HTTPS_PROXY=http:\/\/proxy:3128$/m);

  assert.match(env, /^GIT_CONFIG_NOSYSTEM=1$/m);
  assert.match(env, /^GIT_CONFIG_GLOBAL=\/dev\/null$/m);
  assert.match(env, /^GIT_CONFIG_VALUE_\d+=never$/m);
});

test.run();
