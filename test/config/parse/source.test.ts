import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSource } from '../../../src/config/parse/source.ts';
import type { GitSourceSettings } from '../../../src/config/source-settings.ts';

interface Context {
  directory: string;
}

const test = suite<Context>('config/parse/source');

test.before.each(context => {
  context.directory = mkdtempSync(join(tmpdir(), 'class4-source-'));
});

test.after.each(({ directory }) => rmSync(directory, { recursive: true, force: true }));

function settingsOf(directory: string, lines: readonly string[]): GitSourceSettings {
  writeFileSync(join(directory, 'source.yaml'), `${lines.join('\n')}\n`);
  const { settings, diagnostics } = loadSource(directory)!;
  assert.equal(diagnostics, []);
  return settings!;
}

function problemsOf(directory: string, lines: readonly string[]): readonly string[] {
  writeFileSync(join(directory, 'source.yaml'), `${lines.join('\n')}\n`);
  const { settings, diagnostics } = loadSource(directory)!;
  assert.is(settings, null);
  return diagnostics.map(({ code, place, message }) => `${place.line}:${place.column} ${code} ${message}`);
}

test('a directory without source.yaml is the configuration itself', ({ directory }) => {
  assert.is(loadSource(directory), null);
});

test('what a source does not say is the default of the schema', ({ directory }) => {
  assert.equal(settingsOf(directory, ['repository: https://git.example.net/voice/fra1.git']), {
    repository: 'https://git.example.net/voice/fra1.git',
    branch: 'main',
    directory: '',
    fetchIntervalMs: 60_000,
    credentials: null,
    caFile: null,
    signatures: null,
    fastForwardOnly: false,
    scenariosRequired: false,
    webhook: null,
  });
});

test('everything that a source can say is read', ({ directory }) => {
  const settings = settingsOf(directory, [
    'repository: git@git.example.net:voice/config.git',
    'branch: switches/fra1',
    'directory: switches/fra1',
    'fetchInterval: 12.5',
    'access: { sshKeyFile: key, knownHostsFile: known_hosts }',
    'caFile: ca.pem',
    'signatures: { of: tags, allowedSignersFile: signers, openPgpKeysFile: keys.asc }',
    'fastForwardOnly: On',
    'scenarios: required',
    'webhook: { address: "::1", port: 9418, secret: { file: hook } }',
  ]);

  assert.equal(settings, {
    repository: 'git@git.example.net:voice/config.git',
    branch: 'switches/fra1',
    directory: 'switches/fra1',
    fetchIntervalMs: 12_500,
    credentials: { kind: 'sshKey', keyFile: 'key', knownHostsFile: 'known_hosts' },
    caFile: 'ca.pem',
    signatures: { of: 'tags', allowedSignersFile: 'signers', openPgpKeysFile: 'keys.asc' },
    fastForwardOnly: true,
    scenariosRequired: true,
    webhook: { address: '::1', port: 9418, secret: { file: 'hook' } },
  });
  const { credentials } = settingsOf(directory, [
    'repository: https://git.example.net/voice.git',
    'access: { user: bot, token: { env: GIT_TOKEN } }',
  ]);
  assert.equal(credentials, { kind: 'token', user: 'bot', token: { env: 'GIT_TOKEN' } });
});

test('a password in the URL, a strange protocol and an option in disguise are refused', ({ directory }) => {
  for (const repository of [
    'https://user:secret@git.example.net/voice.git',
    'https://secret@git.example.net/voice.git',
    'http://git.example.net/voice.git',
    'git://git.example.net/voice.git',
    'ext::sh -c touch% /tmp/x',
    '--upload-pack=touch',
    '-oProxyCommand=touch@host:x',
    'ssh://-oProxyCommand=touch/x',
    'ssh://user:secret@git.example.net/voice.git',
    '/srv/git/voice.git',
    'https://git.example.net/voice.git?token=secret',
  ]) {
    const problems = problemsOf(directory, [`repository: ${JSON.stringify(repository)}`]);
    assert.match(problems[0] ?? '', /^1:13 C420[34]/, repository);
    assert.not.match(problems.join(), /secret|token/);
  }
});

test('names of branches and directories lead nowhere else', ({ directory }) => {
  const repository = 'repository: https://git.example.net/voice.git';
  for (const branch of ['-x', 'a..b', 'a//b', '/a', 'a/', 'a.lock', 'a b', 'a~1', 'a:b', 'a/.b', '@{0}']) {
    assert.is(problemsOf(directory, [repository, `branch: ${JSON.stringify(branch)}`]).length, 1, branch);
  }
  for (const folder of ['../x', 'a/../b', '/etc', 'a//b', 'a/', 'a:b', '.git', '']) {
    assert.is(problemsOf(directory, [repository, `directory: ${JSON.stringify(folder)}`]).length, 1, folder);
  }
});

test('credentials have to go with the protocol', ({ directory }) => {
  const [https, ssh] = ['repository: https://git.example.net/x.git', 'repository: git@git.example.net:x.git'];
  assert.match(problemsOf(directory, [ssh])[0]!, /^1:13 C4204 .*needs sshKeyFile and knownHostsFile/);
  assert.match(problemsOf(directory, [ssh, 'access: { sshKeyFile: key }'])[0]!, /^2:1 C4204/);
  assert.match(problemsOf(directory, [https, 'access: { sshKeyFile: key }'])[0]!, /needs a token/);
  const literal = problemsOf(directory, [https, 'access: { token: hunter2 }']).join();
  assert.match(literal, /C4208/);
  assert.not.match(literal, /hunter2/);
});

test('a directory of this machine must be meant', ({ directory }) => {
  const file = 'repository: file:///srv/git/voice.git';
  assert.match(problemsOf(directory, [file])[0]!, /C4204 the repository is a directory of this machine/);
  assert.is(settingsOf(directory, [file, 'allowFile: On']).repository, 'file:///srv/git/voice.git');
});

test('signatures that nobody may make, and a webhook without a secret, are mistakes', ({ directory }) => {
  const https = 'repository: https://git.example.net/x.git';
  assert.match(problemsOf(directory, [https, 'signatures: { of: tags }'])[0]!, /nobody may sign/);
  assert.match(problemsOf(directory, [https, 'webhook: { port: 9418 }'])[0]!, /C4202/);
  assert.match(
    problemsOf(directory, [https, 'webhook: { address: somewhere, port: 9418, secret: { env: X } }'])[0]!,
    /C4308/,
  );
});

test('beside switch.yaml nobody knows which of them counts', ({ directory }) => {
  writeFileSync(join(directory, 'switch.yaml'), 'name: x\n');
  assert.match(
    problemsOf(directory, ['repository: https://git.example.net/x.git'])[0]!,
    /C4005 a switch.yaml/,
  );
});

test('it may be a link, as Kubernetes mounts it', ({ directory }) => {
  mkdirSync(join(directory, 'mounted'));
  const home = join(directory, 'home');
  mkdirSync(home);
  writeFileSync(join(directory, 'mounted/source.yaml'), 'repository: https://git.example.net/x.git\n');
  symlinkSync('../mounted/source.yaml', join(home, 'source.yaml'));

  assert.is(loadSource(home)?.settings?.repository, 'https://git.example.net/x.git');
});

test.run();
