/** Rollouts as an operator meets them, on a switch that runs in this process. */
import { appendFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { socketPath } from '../../src/control/socket.ts';
import { type Daemon, startDaemon } from '../../src/live/daemon.ts';
import type { StatusReport } from '../../src/live/operations.ts';
import { FakeLog } from '../live/fakes.ts';
import { freePort, writeNetwork, writeRates } from '../live/network.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { type CommandResult, typeIn } from './example-directory.ts';

interface Context {
  directory: TemporaryDirectory;
  log: FakeLog;
  daemon: Daemon | null;
}

const test = suite<Context>('cli/rollout');
const address = '127.71.1.1';
const never = new Promise<void>(() => {});

test.before.each(async context => {
  context.directory = temporaryDirectory();
  context.log = new FakeLog();
  context.daemon = null;
  writeNetwork(context.directory.path, { address, port: await freePort(address) });
  appendFileSync(
    join(context.directory.path, 'switch.yaml'),
    'rollout: { canaryPercent: 50, forMinutes: 60 }\n',
  );
  await start(context);
});
test.after.each(async context => {
  await stop(context);
  context.directory.remove();
});

async function start(context: Context): Promise<void> {
  context.daemon = await startDaemon({ directory: context.directory.path, log: context.log, env: {} });
  await until(async () => (await status(context)).decisions.pending === 0);
}

async function stop(context: Context): Promise<void> {
  await context.daemon?.stop(0, never);
  context.daemon = null;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await isSo()) return;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('it did not come about in 10 s');
}

function type({ directory }: Context, ...args: readonly string[]): Promise<CommandResult> {
  return typeIn(directory, args);
}

async function status(context: Context): Promise<StatusReport> {
  return JSON.parse((await type(context, 'status', '--json')).out) as StatusReport;
}

/** As a collector of figures asks for them. */
async function metricsOf({ directory }: Context): Promise<string> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ socketPath: socketPath(directory.path), path: '/metrics' }, resolve).on('error', reject);
  });
  assert.match(response.headers['content-type']!, /^text\/plain; version=0\.0\.4/);
  return text(response);
}

/** Changes a price; gives the hash of what is tried then. */
async function tryOut(context: Context, rate: string): Promise<string> {
  writeRates(context.directory.path, 'retail', rate);
  const { code, out, err } = await type(context, 'reload');
  assert.is(code, 0, `reload: ${out}${err}`);
  assert.match(out, 'are tried on a share of the new calls');
  await until(async () => (await status(context)).decisions.pending === 0);
  return (await status(context)).rollout!.hash;
}

/** Newest first: why, of how many calls, and by whose reason. */
async function activations(context: Context): Promise<readonly string[]> {
  const { out } = await type(context, 'history', '--json');
  const rows = JSON.parse(out) as { cause: string; sharePercent: number; reason: string | null }[];
  return rows.map(({ cause, sharePercent, reason }) => `${cause} ${sharePercent} % ${reason ?? ''}`.trim());
}

test('a change is tried, shown, and promoted by hand; the history tells each step', async context => {
  assert.is((await type(context, 'rollout')).out, 'Nothing is being rolled out.\n');
  const before = (await status(context)).snapshot.hash;
  const tried = await tryOut(context, '0.75');

  const shown = await type(context, 'rollout', 'status');
  assert.is(shown.code, 0);
  assert.match(
    shown.out,
    new RegExp(`^ROLLOUT {3}${tried} on 50 % of the new calls since .* UTC, (60:00|59:5\\d) left`),
  );
  assert.match(shown.out, 'verdict   none yet: fewer than 200 calls on a side');
  assert.match((await type(context, 'status')).out, `ROLLOUT   ${tried} on 50 %`);
  assert.is((await status(context)).snapshot.hash, before, 'what serves most of the calls');
  const again = await type(context, 'reload');
  assert.equal([again.code, /are tried on a share/.test(again.out)], [0, true]);

  assert.match(await metricsOf(context), /^class4_rollout_share 0\.5$/m);

  const promoted = await type(context, 'rollout', 'promote', tried.slice(0, 8), '--reason', 'seen enough');
  assert.is(promoted.out, `Promoted: all new calls use ${tried}.\n`);
  assert.is((await status(context)).snapshot.hash, tried);
  assert.equal(await activations(context), ['rolloutPromoted 100 % seen enough', 'edit 50 %', 'start 100 %']);
});

test('what was aborted is told, and not tried again before the files change, also after a restart', async context => {
  const before = (await status(context)).snapshot.hash;
  const tried = await tryOut(context, '0.75');
  const aborted = await type(context, 'rollout', 'abort', '--reason', 'wrong deck', '--json');
  assert.equal(JSON.parse(aborted.out), { from: tried, to: before });

  for (const round of ['before', 'after'] as const) {
    const { out } = await type(context, 'rollout');
    assert.match(out, /^Nothing is being rolled out\.\ntaken back by \S+@\S+: /, round);
    assert.match(out, `${tried}, which is not tried again until the files change: wrong deck`);
    assert.match((await type(context, 'reload')).out, 'were tried and taken back');
    assert.is((await status(context)).snapshot.hash, before);
    if (round === 'after') break;
    await stop(context);
    await start(context);
  }
  assert.equal(await activations(context), [
    'start 100 %',
    'rolloutAborted 100 % wrong deck',
    'edit 50 %',
    'start 100 %',
  ]);
  await tryOut(context, '0.80');
});

test('another change takes the place of the first, and files as before end the rollout', async context => {
  const before = (await status(context)).snapshot.hash;
  const first = await tryOut(context, '0.75');
  const second = await tryOut(context, '0.80');
  assert.is.not(first, second);
  for (const action of ['promote', 'abort']) {
    const late = await type(context, 'rollout', action, first.slice(0, 12));
    assert.equal([late.code, late.err.includes(`is not being rolled out, but ${second}`)], [2, true]);
  }
  assert.is((await status(context)).rollout!.hash, second);
  writeRates(context.directory.path, 'retail', '0.60');
  assert.is((await type(context, 'reload')).code, 0);

  const { rollout, givenUp, snapshot } = await status(context);
  assert.equal([rollout, givenUp, snapshot.hash], [null, null, before]);
  assert.is(await tryOut(context, '0.75'), first, 'nothing is held against it');
});

test('a rollback during a rollout ends it, and while it is held nothing is tried', async context => {
  const before = (await status(context)).snapshot.hash;
  const tried = await tryOut(context, '0.75');
  const { code, out } = await type(context, 'rollback', '--reason', 'UK mobile fails');
  assert.is(code, 0, out);
  const { rollout, hold, snapshot } = await status(context);
  assert.equal([rollout, hold!.hash, snapshot.hash], [null, before, before]);
  writeRates(context.directory.path, 'retail', '0.85');
  assert.is((await type(context, 'reload')).code, 1);
  for (const action of ['promote', 'abort']) {
    const refused = await type(context, 'rollout', action);
    assert.equal([refused.code, /nothing is being rolled out/.test(refused.err)], [2, true]);
  }

  writeRates(context.directory.path, 'retail', '0.75');
  assert.is((await type(context, 'resume')).code, 0);
  assert.is((await status(context)).snapshot.hash, tried, 'whoever resumes means the files, all of them');
});

test('a switch that stops in a rollout begins it anew', async context => {
  const before = (await status(context)).snapshot.hash;
  const tried = await tryOut(context, '0.75');
  await stop(context);
  await start(context);
  await until(async () => (await status(context)).rollout !== null);

  const { rollout, snapshot } = await status(context);
  assert.equal([rollout!.hash, snapshot.hash], [tried, before]);
});

test('a wrong action is named, and a switch that does not run cannot be asked', async context => {
  const wrong = await type(context, 'rollout', 'begin');
  assert.equal([wrong.code, /one of status, promote, abort/.test(wrong.err)], [2, true]);
  const long = await type(context, 'rollout', 'abort', '--reason', 'x'.repeat(501));
  assert.is(long.code, 2);
  await stop(context);
  for (const action of ['status', 'promote', 'abort']) {
    assert.is((await type(context, 'rollout', action)).code, 4);
  }
});

test('status --watch follows a rollout, and a switch that is away, until ctrl-c', async context => {
  const screens: string[] = [];
  const watching = runCommandLine(['status', '--watch'], {
    out: text => void screens.push(text),
    err: text => void screens.push(text),
    ...{ colour: false, env: {}, workingDirectory: context.directory.path },
  });
  const seen = (pattern: RegExp) => until(() => Promise.resolve(pattern.test(screens.at(-1) ?? '')));
  try {
    await seen(/^switch {4}test/);
    const tried = await tryOut(context, '0.75');
    await seen(new RegExp(`ROLLOUT {3}${tried}`));
    assert.is((await type(context, 'rollout', 'abort', '--reason', 'wrong deck')).code, 0);
    await seen(/taken back by .*: wrong deck/);
    assert.not.match(screens.at(-1)!, 'ROLLOUT');
    await stop(context);
    await seen(/^no switch/);
    await start(context);
    await seen(/^switch {4}test/);
  } finally {
    process.emit('SIGINT');
  }
  assert.is(await watching, 0);
});

test('status --watch --json is one report on each line', async context => {
  const lines: string[] = [];
  let err = '';
  const watching = runCommandLine(['status', '--watch', '--json'], {
    out: text => void lines.push(text),
    err: text => {
      err += text;
    },
    ...{ colour: true, env: {}, workingDirectory: context.directory.path },
  });
  await until(() => Promise.resolve(lines.length >= 2));
  await stop(context);
  await until(() => Promise.resolve(/no switch/.test(err)));
  process.emit('SIGTERM');
  assert.is(await watching, 0);
  for (const line of lines) assert.is((JSON.parse(line) as StatusReport).name, 'test', line);
});

test.run();
