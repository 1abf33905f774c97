import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openControlServer } from '../../src/control/server.ts';
import { silentLogger } from '../../src/diagnostics/logger.ts';
import type { Explanation } from '../../src/explain/explanation.ts';
import type { SwitchOperations } from '../../src/live/operations.ts';
import type { TemporaryDirectory } from '../store/records.ts';
import { projectDirectory } from '../support/source-files.ts';
import { type CommandResult, exampleDirectory, typeIn } from './example-directory.ts';

interface Context {
  directory: TemporaryDirectory;
}

const test = suite<Context>('cli/explain');

test.before.each(context => {
  context.directory = exampleDirectory();
});
test.after.each(({ directory }) => directory.remove());

function explain({ directory }: Context, ...args: readonly string[]): Promise<CommandResult> {
  return typeIn(directory, ['explain', ...args]);
}

async function explained(context: Context, ...args: readonly string[]): Promise<Explanation> {
  return JSON.parse((await explain(context, ...args, '--json')).out) as Explanation;
}

/** One line of spaces, whatever is broken where. */
function flat(text: string): string {
  return text.replace(/\s+/g, ' ');
}

test('it shows the price of the time that is asked for', async context => {
  const at = async (time: string) =>
    flat((await explain(context, '4420', '--via', 'globetalk', '--at', time)).out);

  assert.match(await at('2026-12-01T17:59:59Z'), /: 0\.015 per 60 s, .*\(rates\/globetalk\.yaml:\d+\)/);
  assert.match(
    await at('2026-12-01T18:00:00Z'),
    /: 0\.0145 per 60 s, .*\(rates\/globetalk-evening\.yaml:\d+\)/,
  );
});

test('it shows the way of a call, what it earns, and why others are left out', async context => {
  const { code, out } = await explain(context, '447700900123', '--via', 'brightcall', '--at', '2026-06-01');

  assert.is(code, 0);
  assert.match(
    flat(out),
    /brightcall pays 0\.7152 USD for 60 s: .*prefix 4477 .*\(rates\/brightcall\.csv:\d+\)/,
  );
  assert.match(out, /1 {2}meridian-mobile.*0\.5033.*0\.2119 {2}29\.63\n/);
  assert.match(out, /3 {2}harborvoice.*protect\n/);
  assert.match(
    flat(out),
    /meridian 44 stoppedByExpiration: .*Expiration mode ends the search \(gateways\/routing\/\S+\.yaml:\d+\)/,
  );
  assert.equal(
    out.split('\n').filter(line => [...line].length > 100),
    [],
  );
});

test('the tour in the README shows what the command prints', async context => {
  const readme = readFileSync(join(projectDirectory, 'README.md'), 'utf8');
  const block = /^\$ npx class4 explain (447700900123 --via brightcall --at \S+)\n([^`]*)```$/m.exec(readme)!;

  assert.is(block[2], (await explain(context, ...block[1]!.split(' '))).out);
});

test('JSON has the same facts', async context => {
  const { attempts, excluded, filesHash, snapshot, state } = await explained(
    context,
    '447700900123',
    '--via',
    'brightcall',
  );

  assert.equal(
    attempts.map(({ position, gateway }) => `${position} ${gateway}`),
    ['1 meridian-mobile', '2 northlink', '3 harborvoice'],
  );
  assert.match(attempts[0]!.source, /^gateways\/routing\/meridian-mobile\.yaml:\d+$/);
  assert.equal(
    excluded.map(({ gateway, reason }) => `${gateway} ${reason}`),
    ['meridian stoppedByExpiration'],
  );
  assert.is(filesHash, snapshot.hash);
  assert.is(state, 'idle');
});

test('an address is authenticated as in an INVITE', async context => {
  const from = (address: string) => explained(context, '4420', '--from', address);

  const known = await from('127.0.0.22:5060');
  assert.is(known.mappingGateway, 'globetalk');
  assert.match(known.authentication.source!, /^gateways\/mapping\/globetalk\.yaml:\d+$/);
  const otherPort = await from('127.0.0.22:5061');
  assert.is(otherPort.mappingGateway, null);
  assert.is(otherPort.rejected!.reason, 'IllegalCall');
  assert.is((await from('127.0.0.21')).mappingGateway, 'brightcall');
  assert.is((await from('[::1]:5060')).authentication.outcome, 'unknownSource');
  assert.is((await from('::1')).authentication.detail, 'no mapping gateway has the address [::1]:5060');
});

test('--expect fails unless exactly these gateways are tried in this order', async context => {
  const expect = (list: string, number = '447700900123') =>
    explain(context, number, '--via', 'brightcall', `--expect=${list}`);

  assert.is((await expect('meridian-mobile,northlink,harborvoice')).code, 0);
  const wrong = await expect('northlink, meridian-mobile');
  assert.is(wrong.code, 1);
  assert.match(
    wrong.err,
    /expected northlink, meridian-mobile\n {3}found meridian-mobile, northlink, harborvoice/,
  );
  assert.is((await expect('none')).code, 1);
  assert.is((await expect('none', '999')).code, 0);
  for (const nothing of ['', ' , ']) {
    const { code, err } = await expect(nothing, '999');
    assert.is(code, 2);
    assert.match(err, /write none when none is expected/);
  }
  assert.is((await expect('northlink', '999')).code, 1);
});

test('gateways declared down and full are left out', async context => {
  const { attempts, excluded, declared } = await explained(
    context,
    ...['447700900123', '--via', 'brightcall', '--down', 'northlink,northlink', '--full', 'meridian-mobile'],
  );

  assert.equal(
    attempts.map(({ gateway }) => gateway),
    ['harborvoice'],
  );
  assert.equal(
    excluded.map(({ gateway, reason }) => `${gateway} ${reason}`),
    ['meridian-mobile linesFull', 'northlink offline', 'meridian stoppedByExpiration'],
  );
  assert.equal(declared, { down: ['northlink'], full: ['meridian-mobile'] });
});

test('it tells why a call is rejected before any gateway is looked for', async context => {
  writeFileSync(
    join(context.directory.path, 'accounts', 'brightcall.yaml'),
    'kind: customer\nrateTable: brightcall\nlocked: true\n',
  );

  const { out } = await explain(context, '447700900123', '--via', 'brightcall');

  assert.match(
    flat(out),
    /rejected 403 AccountLocked: brightcall is locked \(accounts\/brightcall\.yaml:\d+\)/,
  );
});

test('--live asks the switch, says so when its files are others, and exits with 4 without one', async context => {
  const none = await explain(context, '4420', '--via', 'brightcall', '--live');
  assert.is(none.code, 4);
  const idle = await explained(context, '4420', '--via', 'brightcall');
  const asked: unknown[] = [];
  const server = await openControlServer(context.directory.path, silentLogger);
  server.serve({
    explain(question) {
      asked.push(question);
      return { ...idle, state: 'live', snapshot: { hash: 'f'.repeat(64), commit: null }, filesHash: null };
    },
  } as SwitchOperations);
  try {
    const args = ['--via', 'brightcall', '--at', '2026-06-01', '--seed', '7', '--down', 'northlink'];
    const { code, out } = await explain(context, '4420', '--live', ...args);
    assert.is(code, 0);
    assert.match(out, /on the running switch as it is now/);
    assert.match(flat(out), /the switch serves ffffffffffff, not the files on disk/);
    assert.equal(asked, [
      {
        callee: '4420',
        caller: '',
        forwarding: null,
        from: { kind: 'gateway', name: 'brightcall' },
        atMs: Date.UTC(2026, 5, 1),
        seed: 7,
        down: ['northlink'],
        full: [],
      },
    ]);
    assert.is((await explained(context, '4420', '--live', '--via', 'x')).filesHash, idle.snapshot.hash);
    writeFileSync(join(context.directory.path, 'accounts', 'brightcall.yaml'), 'kind: nothing\n');
    assert.match((await explain(context, '4420', '--live', '--via', 'x')).out, /files on disk have errors/);
  } finally {
    await server.close();
  }
});

test.run();
