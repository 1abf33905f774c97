import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from '../../src/cli/commands.ts';
import { openControlServer } from '../../src/control/server.ts';
import { silentLogger } from '../../src/diagnostics/logger.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { cdr, charge, ledgerOf, type TemporaryDirectory } from '../store/records.ts';
import { type CommandResult, exampleDirectory, typeIn } from './example-directory.ts';

interface Context {
  directory: TemporaryDirectory;
}

const test = suite<Context>('cli/cli');

test.before.each(context => {
  context.directory = exampleDirectory();
});
test.after.each(({ directory }) => directory.remove());

function type({ directory }: Context, ...args: readonly string[]): Promise<CommandResult> {
  return typeIn(directory, args);
}

test('help names every command, and each command helps', async context => {
  const overview = await type(context, '--help');
  assert.is(overview.code, 0);
  for (const [name, load] of commands) {
    assert.is((await load()).name, name);
    assert.match(overview.out, `class4 ${name} `);
    const help = await type(context, ...name.split(' '), '--help');
    assert.is(help.code, 0, name);
    assert.match(help.out, /Exit codes:/, name);
    assert.match(help.out, /--config DIR/, name);
  }
  assert.is((await type(context)).code, 2);
});

test('a mistyped command or option is told what was probably meant', async context => {
  for (const [args, expected] of [
    [['statsu'], /did you mean "status"/],
    [['cdr', 'lst'], /did you mean "list"/],
    [['cdr'], /class4 cdr list/],
    [['calls', '--jsn'], /did you mean --json/],
    [['calls', 'now'], /"now" is one argument too many/],
    [['explain'], /the number that is called is missing/],
    [['explain', '44'], /--via is missing/],
    [['explain', '44', '--via'], /--via needs a value/],
    [['explain', '44', '--via', 'brightcal'], /did you mean "brightcall"/],
    [['explain', '4 4', '--via', 'brightcall'], /is no number/],
    [['explain', '44', '--via', 'brightcall', '--from', '127.0.0.1'], /--via and --from/],
    [['explain', '44', '--from', '127.0.0.1:99999'], /--from must be an address/],
    [['explain', '44', '--from', 'localhost'], /--from must be an address/],
    [['explain', '44', '--via', 'brightcall', '--down', 'northlnk'], /did you mean "northlink"/],
    [['explain', '44', '--via', 'brightcall', '--full', 'northlnk'], /did you mean "northlink"/],
    [['explain', '44', '--via', 'brightcall', '--seed', '-1'], /whole number from 0/],
    [['cdr', 'list', '--limit', '0'], /whole number from 1/],
    [['cdr', 'list', '--since', 'yesterday'], /must be a time/],
    [['cdr', 'list', '--since', '2026-02-29'], /must be a time/],
    [['account', 'pay', 'brightcall', '1e5'], /is no amount/],
    [['account', 'pay', 'brightcal', '5'], /did you mean "brightcall"/],
    [['account', 'pay', 'brightcall', '0'], /changes nothing/],
  ] as const) {
    const result = await type(context, ...args);
    assert.is(result.code, 2, args.join(' '));
    assert.match(result.err, expected);
  }
});

test('what needs a running switch says so with exit code 4', async context => {
  for (const name of ['status', 'calls', 'gateways', 'reload']) {
    const result = await type(context, name);
    assert.is(result.code, 4, name);
    assert.match(result.err, /none is running[\s\S]*class4 run/);
  }
});

test('a broken configuration is told with its places', async context => {
  writeFileSync(join(context.directory.path, 'accounts', 'brightcall.yaml'), 'kind: customr\n');

  const result = await type(context, 'explain', '44', '--via', 'brightcall');

  assert.is(result.code, 2);
  assert.match(result.err, /accounts\/brightcall\.yaml:1:7 error/);
});

test('payments without a running switch go straight into the ledger, exactly', async context => {
  const first = await type(context, 'account', 'pay', 'brightcall', '90071992.54740993', '--note', 'wire 17');
  const second = await type(context, 'account', 'pay', 'brightcall', '-0.00000001', '--json');

  assert.is(first.code, 0);
  assert.match(first.err, /No switch answers here; this is the database/);
  assert.equal(JSON.parse(second.out), {
    account: 'brightcall',
    amount: '-0.00000001',
    balance: '90071992.54740992',
  });
  const { out } = await type(context, 'account', 'balance', 'brightcall');
  assert.match(out, /brightcall {2}customer {2}90071992\.54740992/);
  assert.match(out, /payment\s+90071992\.54740993 {2}wire 17/);
  assert.match(out, /correction\s+-0\.00000001/);
  assert.match((await type(context, 'account', 'list')).out, /brightcall.*90071992\.54740992/);
});

test('a payment whose answer is lost is not made a second time', async context => {
  mkdirSync(join(context.directory.path, 'var'));
  // A switch that dies after it has read the request.
  const dying = createServer(socket => socket.once('data', () => socket.destroy()));
  await new Promise<void>(resolve => {
    dying.listen(join(context.directory.path, 'var', 'class4.sock'), resolve);
  });

  const result = await type(context, 'account', 'pay', 'brightcall', '5');
  await new Promise(resolve => dying.close(resolve));

  assert.is(result.code, 2);
  assert.match(result.err, /is not certain[\s\S]*class4 account balance brightcall/);
  assert.match((await type(context, 'account', 'list')).out, /brightcall.* 0\.00/);
});

test('a payment waits for a switch that is just starting', async context => {
  const starting = await openControlServer(context.directory.path, silentLogger);

  const result = await type(context, 'account', 'pay', 'brightcall', '5');
  await starting.close();

  assert.is(result.code, 4);
  assert.match(result.err, /starting or stopping[\s\S]*try again in a moment/);
});

test('records are read from the database while no switch runs', async context => {
  assert.equal(await type(context, 'cdr', 'list').then(({ code, out }) => [code, out]), [0, 'no records\n']);
  const store = await SqliteStore.open({ path: join(context.directory.path, 'var', 'class4.db') });
  await store.finishCall(cdr('call-1', { caller: '\u001b[31mred' }), ledgerOf(1n, 1n));
  const staged = { ...charge('northwind', 1n), connectFee: '0.01', freeSeconds: 5, stages: '60:0.1' };
  await store.finishCall(cdr('call-3', { customerCharge: staged, startedAtMs: 0 }), ledgerOf(1n, 1n));
  await store.finishCall(cdr('call-2', { endReason: 'Rejected', startedAtMs: Date.UTC(2026, 0, 16) }), []);
  await store.close();

  const { out } = await type(context, 'cdr', 'list');
  assert.match(out, /call-2[\s\S]*call-1/);
  assert.match(out, /\\u001b\[31mred/, 'nothing from the network steers a terminal');
  assert.match((await type(context, 'cdr', 'list', '--reason', 'Rejected')).out, /call-2/);
  const since = await type(context, 'cdr', 'list', '--since', '2026-01-16', '--json');
  assert.equal(
    (JSON.parse(since.out) as { callId: string }[]).map(({ callId }) => callId),
    ['call-2'],
  );
  const shown = await type(context, 'cdr', 'show', 'call-1');
  assert.match(shown.out, /charge {8}0\.0125 to northwind: 60 s at 0\.0125 per 60 s, 1\/1, prefix 447/);
  assert.match(shown.out, /acme {5}127\.0\.6\.2:5060;udp/);
  assert.match(
    (await type(context, 'cdr', 'show', 'call-3')).out,
    /0\.01 to connect, 5 s free, stages 60:0\.1,/,
  );
  assert.is((await type(context, 'cdr', 'show', 'nothing')).code, 1);
});

test.run();
