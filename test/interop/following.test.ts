/** A switch that follows a branch over real ssh and real https, and what it says when it is not let in. */
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { GitSourceSettings } from '../../src/config/source-settings.ts';
import type { GitSourceReport } from '../../src/live/sources/source-report.ts';
import { write, writeNetwork, writeRates } from '../live/network.ts';
import { Remote } from '../live/sources/remote.ts';
import { Class4 } from './support/class4.ts';
import { Authority, basic, GitHttpsServer } from './support/git-https-server.ts';
import { freeEndpoint } from './support/ports.ts';
import { makeKey, SshServer } from './support/ssh-server.ts';
import { until } from './support/until.ts';

interface Context {
  remote: Remote;
  ends: (() => Promise<unknown>)[];
}

const test = suite<Context>('interop/following');
const token = 'tok-9f31c7aa55';
const [switchAddress, sshAddress, httpsAddress, otherAddress] = [
  '127.72.1.1',
  '127.72.1.2',
  '127.72.1.3',
  '127.72.1.4',
];

test.before.each(context => {
  context.remote = new Remote();
  context.ends = [];
});

test.after.each(async ({ remote, ends }) => {
  for (const end of ends.reverse()) await end();
  remote.remove();
});

async function ssh({ remote, ends }: Context): Promise<SshServer> {
  const server = await SshServer.start(join(remote.top, 'ssh'), sshAddress);
  ends.push(() => server.kill());
  return server;
}

interface HttpsWorld {
  readonly server: GitHttpsServer;
  readonly authority: Authority;
  /** Of a switch that may read the repository. */
  readonly settings: Pick<GitSourceSettings, 'repository' | 'credentials' | 'caFile'>;
}

async function https(context: Context, days?: number): Promise<HttpsWorld> {
  const { remote, ends } = context;
  const authority = new Authority(remote.top, 'authority');
  const server = await GitHttpsServer.start({
    root: remote.top,
    endpoint: await freeEndpoint(httpsAddress),
    certificate: authority.certificate(httpsAddress, days),
    token,
  });
  ends.push(() => server.close());
  const settings = {
    repository: `${server.origin}/remote.git`,
    credentials: { kind: 'token', user: 'git', token: { env: 'GIT_TOKEN' } },
    caFile: authority.caFile,
  } as const;
  return { server, authority, settings };
}

/** What keeps a switch with those settings from seeing the branch. */
async function refusal(
  { remote, ends }: Context,
  settings: Partial<GitSourceSettings>,
  env: Readonly<Record<string, string | undefined>> = { ...process.env, GIT_TOKEN: token },
): Promise<string> {
  const source = remote.source(settings, env);
  ends.push(async () => source.close());
  await source.open();
  try {
    await source.look();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was let in');
}

/** A switch of that source.yaml serves the commit, and the next one as soon as somebody asks for it. */
async function follows(
  context: Context,
  settings: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Class4> {
  const { remote, ends } = context;
  const { port } = await freeEndpoint(switchAddress);
  writeNetwork(remote.work, { address: switchAddress, port });
  const one = remote.commit('one');
  write(remote.home, 'source.yaml', ['fetchInterval: 86400', ...settings]);
  const running = new Class4(remote.home);
  ends.push(() => running.kill());
  await running.start(env);
  assert.is((await running.status()).snapshot.commit, one);

  writeRates(remote.work, 'retail', '0.70');
  const two = remote.commit('two');
  const { code, stdout, stderr } = await running.command('reload');
  assert.is(code, 0, stdout + stderr);

  const { snapshot, source } = await running.status();
  assert.is(snapshot.commit, two);
  assert.is((source as GitSourceReport).lastError, null);
  return running;
}

test('a branch is followed over ssh, with one key and one known host', async context => {
  const server = await ssh(context);
  const { bare } = context.remote;

  const running = await follows(context, [
    `repository: ${server.urlOf(bare)}`,
    `access: { sshKeyFile: ${server.keyFile}, knownHostsFile: ${server.knownHostsFile} }`,
  ]);

  const files = readdirSync(context.remote.home, { recursive: true, encoding: 'utf8' });
  const secret = readFileSync(server.keyFile, 'utf8').split('\n')[2]!;
  for (const file of files.filter(path => /(?:config|FETCH_HEAD|\.ya?ml)$/.test(path))) {
    assert.not.ok(readFileSync(join(context.remote.home, file), 'utf8').includes(secret), file);
  }
  assert.not.ok(running.log.includes(secret));
});

test('an ssh server that is another one than it was, or that nobody knows, is refused', async context => {
  const { remote } = context;
  remote.commit('one');
  const server = await ssh(context);
  const repository = server.urlOf(remote.bare);
  const knownHostsFile = join(remote.top, 'known_hosts');
  const settings = {
    repository,
    credentials: { kind: 'sshKey', keyFile: server.keyFile, knownHostsFile },
  } as const;

  const { address, port } = server.endpoint;
  writeFileSync(knownHostsFile, `[${address}]:${port} ${makeKey(remote.top, 'imposter')}`);
  assert.match(await refusal(context, settings), /^ssh: the server has another key than/);

  writeFileSync(knownHostsFile, '');
  assert.match(await refusal(context, settings), /^ssh: knownHostsFile does not know the server/);
});

test('a key of ssh that is not let in, or that others may read, is told in words', async context => {
  const { remote } = context;
  remote.commit('one');
  const server = await ssh(context);
  const { knownHostsFile } = server;
  makeKey(remote.top, 'stranger');
  const keyFile = join(remote.top, 'stranger');
  const settings = {
    repository: server.urlOf(remote.bare),
    credentials: { kind: 'sshKey', keyFile, knownHostsFile },
  } as const;

  const notLetIn = await refusal(context, settings);
  assert.match(notLetIn, /^ssh: the server does not let the key in \(.*Permission denied \(publickey\)/);
  assert.not.match(notLetIn, new RegExp(readFileSync(keyFile, 'utf8').split('\n')[1]!.slice(0, 20)));

  // ssh looks into a key only when the server would take it.
  cpSync(server.keyFile, keyFile);
  rmSync(`${keyFile}.pub`);
  chmodSync(keyFile, 0o644);
  assert.match(await refusal(context, settings), /^ssh: sshKeyFile may be read by others, and is not used/);
  chmodSync(keyFile, 0o600);
  writeFileSync(keyFile, 'no key');
  assert.match(await refusal(context, settings), /^ssh: sshKeyFile is no private key/);
  rmSync(keyFile);
  assert.match(await refusal(context, settings), /^ssh: sshKeyFile cannot be read/);
});

test('a branch is followed over https, with a token and a private authority', async context => {
  const { settings, server } = await https(context);

  const running = await follows(
    context,
    [
      `repository: ${settings.repository}`,
      'access: { token: { env: GIT_TOKEN } }',
      `caFile: ${settings.caFile}`,
    ],
    { GIT_TOKEN: token },
  );

  assert.ok(server.requests.every(({ authorization }) => authorization === basic('git', token)));
  const status = JSON.stringify(await running.status()) + running.log;
  assert.not.match(status, new RegExp(`${token}|${basic('git', token).slice(6)}`));
});

test('a token that is not let in is told without the token', async context => {
  context.remote.commit('one');
  const { settings } = await https(context);

  const problem = await refusal(context, settings, { ...process.env, GIT_TOKEN: 'tok-of-yesterday' });

  assert.match(problem, /^the server does not take the token/);
  assert.not.match(problem, new RegExp(`tok-of-yesterday|${basic('git', 'tok-of-yesterday').slice(6)}`));
});

test('an https server that nobody vouches for, or whose certificate has expired, gets no token', async context => {
  const { remote } = context;
  remote.commit('one');
  const known = await https(context);
  const stranger = new Authority(remote.top, 'stranger');
  const untrusted = /^the certificate of the server is not trusted/;

  assert.match(await refusal(context, { ...known.settings, caFile: stranger.caFile }), untrusted);
  assert.match(await refusal(context, { ...known.settings, caFile: null }), untrusted);
  const expired = await https(context, -1);
  assert.match(await refusal(context, expired.settings), untrusted);

  assert.equal([known.server.requests, expired.server.requests], [[], []]);
});

test('a server that sends us elsewhere is not followed there, and the token stays', async context => {
  const { remote, ends } = context;
  remote.commit('one');
  const { server, settings, authority } = await https(context);
  const elsewhere = await GitHttpsServer.start({
    root: remote.top,
    endpoint: await freeEndpoint(otherAddress),
    certificate: authority.certificate(otherAddress),
    token: null,
  });
  ends.push(() => elsewhere.close());
  server.redirectTo = elsewhere.origin;

  const problem = await refusal(context, settings);

  assert.match(problem, /^the server sends us elsewhere/);
  assert.equal(elsewhere.requests, []);
});

test('passwords that a user keeps for other programs are not sent', async context => {
  const { remote } = context;
  remote.commit('one');
  const { server, settings } = await https(context);
  writeFileSync(join(remote.top, '.netrc'), `machine ${httpsAddress} login git password ${token}\n`, {
    mode: 0o600,
  });

  await refusal(context, { ...settings, credentials: null }, { ...process.env, HOME: remote.top });

  assert.ok(server.requests.length > 0);
  assert.ok(server.requests.every(({ authorization }) => authorization === null));
});

test('while git runs, the token stands in no command line and no file', async context => {
  const { remote, ends } = context;
  remote.commit('one');
  const { server, settings } = await https(context);
  server.silent = true;
  const source = remote.source(settings, { ...process.env, GIT_TOKEN: token });
  await source.open();
  const look = source.look().catch((error: Error) => error.message);
  ends.push(async () => source.close());
  await until('git asks the server', () => (server.requests.length > 0 ? true : undefined));

  const secrets = new RegExp(`${token}|${basic('git', token).slice(6)}`);
  const commands = readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? [commandLine(name)] : []));
  assert.ok(commands.some(command => command.includes('remote-https')));
  for (const command of commands) assert.not.match(command, secrets);
  const files = readdirSync(join(remote.home, 'var'), { recursive: true, withFileTypes: true });
  for (const file of files.filter(each => each.isFile())) {
    assert.not.match(readFileSync(join(file.parentPath, file.name), 'latin1'), secrets, file.name);
  }

  source.close();
  assert.is(await look, 'git fetch was told to end');
  await until('nothing of git is left', () =>
    readdirSync('/proc').some(name => commandLine(name).includes(settings.repository)) ? undefined : true,
  );
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

test.run();
