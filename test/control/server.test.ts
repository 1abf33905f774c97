import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { askSwitch, RefusedError, UnreachableError } from '../../src/control/client.ts';
import { ControlSocketError } from '../../src/control/control-socket-error.ts';
import { type ControlServer, openControlServer } from '../../src/control/server.ts';
import { silentLogger } from '../../src/diagnostics/logger.ts';
import { OperationError, type SwitchOperations } from '../../src/live/operations.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';

interface Context {
  directory: TemporaryDirectory;
  servers: ControlServer[];
}

const test = suite<Context>('control/server');

test.before.each(context => {
  context.directory = temporaryDirectory();
  context.servers = [];
});
test.after.each(async context => {
  for (const server of context.servers) await server.close();
  context.directory.remove();
});

/** Operations that answer with what they were asked. */
const echo = {
  calls: () => [],
  cdrs: async (query: unknown) => [query],
  pay: async (account: string, amount: string, note: string) => ({ account, amount, balance: note }),
  release(callId: string) {
    throw new OperationError('notFound', `there is no call ${callId}`, 'see `class4 calls`');
  },
  gateways() {
    throw new Error('a bug');
  },
} as unknown as SwitchOperations;

async function open({ servers }: Context, path: string): Promise<ControlServer> {
  const server = await openControlServer(path, silentLogger);
  servers.push(server);
  return server;
}

async function failure(promise: Promise<unknown>): Promise<Error & { hint?: string; kind?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

test('only the user of the switch may enter', async context => {
  await open(context, context.directory.path);
  const mode = (path: string) => statSync(join(context.directory.path, path)).mode & 0o777;

  assert.is(mode('var'), 0o700);
  assert.is(mode('var/class4.sock'), 0o600);
});

test('requests reach the operations and answers come back', async context => {
  const { path } = context.directory;
  (await open(context, path)).serve(echo);

  assert.equal(await askSwitch(path, 'GET', '/calls'), []);
  assert.equal(await askSwitch(path, 'GET', '/cdrs?account=a%20b&sinceMs=-5&limit=99999999'), [
    { account: 'a b', sinceMs: -5, limit: 10_000 },
  ]);
  assert.equal(await askSwitch(path, 'GET', '/cdrs?limit=-1'), [{ limit: 0 }]);
  assert.equal(await askSwitch(path, 'POST', '/pay', { account: 'a', amount: '1', note: 'n' }), {
    account: 'a',
    amount: '1',
    balance: 'n',
  });
});

test('what an operator got wrong comes back with what to do', async context => {
  const { path } = context.directory;
  (await open(context, path)).serve(echo);

  const unknown = await failure(askSwitch(path, 'POST', '/release', { callId: 'x' }));
  assert.instance(unknown, RefusedError);
  assert.is(unknown.hint, 'see `class4 calls`');
  assert.match((await failure(askSwitch(path, 'GET', '/nothing'))).message, /there is no GET \/nothing/);
  assert.match((await failure(askSwitch(path, 'GET', '/constructor'))).message, /there is no/);
  assert.match((await failure(askSwitch(path, 'GET', '/cdrs?limit=x'))).message, /whole number/);
  assert.match((await failure(askSwitch(path, 'POST', '/pay', { account: 1 }))).message, /must be text/);
  assert.match((await failure(askSwitch(path, 'GET', '/gateways'))).message, /internal error/);
});

test('a body larger than any request is refused', async context => {
  const { path } = context.directory;
  (await open(context, path)).serve(echo);

  const error = await failure(askSwitch(path, 'POST', '/pay', { note: 'x'.repeat(70_000) }));

  assert.ok(error instanceof RefusedError || error instanceof UnreachableError);
  assert.equal(await askSwitch(path, 'GET', '/calls'), [], 'and the next one is answered');
});

test('a second switch for the same directory is refused while the first lives', async context => {
  const { path } = context.directory;
  const first = await open(context, path);

  const error = await failure(openControlServer(path, silentLogger));
  assert.instance(error, ControlSocketError);
  assert.is(error.kind, 'running');

  await first.close();
  await open(context, path);
});

test('a socket that was removed is there again soon', async context => {
  const { path } = context.directory;
  const server = await openControlServer(path, silentLogger, 10);
  context.servers.push(server);
  server.serve(echo);
  rmSync(join(path, 'var'), { recursive: true });

  for (let tries = 0; tries < 500 && !existsSync(join(path, 'var', 'class4.sock')); tries += 1) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }

  assert.equal(await askSwitch(path, 'GET', '/calls'), []);
  assert.is(statSync(join(path, 'var', 'class4.sock')).mode & 0o777, 0o600);
});

test('the socket of a dead process is replaced', async context => {
  const { path } = context.directory;
  mkdirSync(join(path, 'var'));
  // A plain file stands for the socket here: nobody answers behind either.
  writeFileSync(join(path, 'var', 'class4.sock'), '');

  (await open(context, path)).serve(echo);

  assert.equal(await askSwitch(path, 'GET', '/calls'), []);
});

test('a switch that is not there, starting, or gone is unreachable', async context => {
  const { path } = context.directory;
  assert.match((await failure(askSwitch(path, 'GET', '/calls'))).message, /none is running/);

  const server = await open(context, path);
  assert.instance(await failure(askSwitch(path, 'GET', '/calls')), UnreachableError);

  await server.close();
  assert.instance(await failure(askSwitch(path, 'GET', '/calls')), UnreachableError);
});

test('a directory whose path is too long for a socket still works', async context => {
  const path = join(context.directory.path, 'a-configuration-directory-with-a-long-name'.repeat(4));
  mkdirSync(path);

  (await open(context, path)).serve(echo);

  assert.equal(await askSwitch(path, 'GET', '/calls'), []);
  assert.ok(statSync(join(path, 'var', 'class4.sock')).isSocket());
});

test('a var that is a file is refused with what to do', async context => {
  writeFileSync(join(context.directory.path, 'var'), '');

  const error = await failure(openControlServer(context.directory.path, silentLogger));

  assert.is(error.kind, 'unusable');
});

test('something else that listens on the socket counts as running', async context => {
  const { path } = context.directory;
  mkdirSync(join(path, 'var'));
  const other = createServer();
  await new Promise<void>(resolve => other.listen(join(path, 'var', 'class4.sock'), resolve));

  const error = await failure(openControlServer(path, silentLogger));

  assert.is(error.kind, 'running');
  await new Promise(resolve => other.close(resolve));
});

test.run();
