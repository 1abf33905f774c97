/** The process itself: signals, exit codes, what it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { freePort, writeNetwork } from '../live/network.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';

interface Context {
  directory: TemporaryDirectory;
  running: Class4[];
}

interface Class4 {
  readonly process: ChildProcess;
  readonly output: { out: string; err: string };
  readonly exited: Promise<number | null>;
  printed(text: string): Promise<void>;
}

const test = suite<Context>('cli/run');
const program = fileURLToPath(new URL('../../src/main.js', import.meta.url));

test.before.each(async context => {
  context.directory = temporaryDirectory();
  context.running = [];
  const address = '127.0.6.3';
  writeNetwork(context.directory.path, { address, port: await freePort(address) });
});
test.after.each(async ({ directory, running }) => {
  for (const { process: child } of running) child.kill('SIGKILL');
  directory.remove();
});

function class4(context: Context, ...args: readonly string[]): Class4 {
  const child = spawn(process.execPath, [program, ...args], { cwd: context.directory.path });
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const started: Class4 = {
    process: child,
    output,
    exited,
    async printed(text) {
      while (!output.out.includes(text)) {
        const gone = await Promise.race([once(child.stdout, 'data'), exited.then(() => null)]);
        if (gone === null) throw new Error(`it ended without saying "${text}": ${output.out}${output.err}`);
      }
    },
  };
  context.running.push(started);
  return started;
}

test('SIGTERM drains the switch and ends it with 0', async context => {
  const running = class4(context, 'run');
  await running.printed('The switch is ready');

  const status = class4(context, 'status', '--json');
  assert.is(await status.exited, 0);
  assert.match(
    (JSON.parse(status.output.out) as { snapshot: { hash: string } }).snapshot.hash,
    /^[0-9a-f]{64}$/,
  );
  running.process.kill('SIGTERM');

  assert.is(await running.exited, 0);
  assert.match(running.output.out, /Drained: every call has ended/);
  assert.is(running.output.err, '');
  assert.is(await class4(context, 'status').exited, 4);
});

test('SIGHUP reads the configuration and ends nothing', async context => {
  const running = class4(context, 'run');
  await running.printed('The switch is ready');
  writeFileSync(join(context.directory.path, 'accounts', 'northwind.yaml'), 'kind: customr\n');

  running.process.kill('SIGHUP');

  await running.printed('Configuration error');
  running.process.kill('SIGTERM');
  assert.is(await running.exited, 0);
});

test('every line of the log is one event with its time', async context => {
  const running = class4(context, 'run');
  await running.printed('The switch is ready');
  running.process.kill('SIGINT');
  await running.exited;

  const lines = running.output.out.trimEnd().split('\n');
  assert.equal(
    lines.filter(line => !/^\d{4}-\d\d-\d\dT[\d:.]+Z (?:info |warn |error) \S/.test(line)),
    [],
  );
});

test('a switch that cannot start ends with 2 and says what is wrong', async context => {
  writeFileSync(join(context.directory.path, 'accounts', 'northwind.yaml'), 'kind: customr\n');
  const broken = class4(context, 'run');

  assert.is(await broken.exited, 2);
  assert.match(broken.output.err, /accounts\/northwind\.yaml:1:7 error/);
});

test('a wrong drain limit is told at the start, not when it is needed', async context => {
  const running = class4(context, 'run', '--drain-limit', 'soon');

  assert.is(await running.exited, 2);
  assert.match(running.output.err, /--drain-limit must be a whole number/);
  assert.is(running.output.out, '');
});

test('reading a configuration elsewhere and a forced reload', async context => {
  const { path } = context.directory;
  const running = class4(context, 'run', '--config', path);
  await running.printed('The switch is ready');

  const unchanged = class4(context, 'reload', '--config', path);
  assert.is(await unchanged.exited, 0);
  assert.match(unchanged.output.out, /^Unchanged/);
  writeFileSync(join(path, 'accounts', 'northwind.yaml'), 'kind: customr\n');
  const refused = class4(context, 'reload');
  assert.is(await refused.exited, 2);
  assert.match(refused.output.out, /accounts\/northwind\.yaml:1:7 error[\s\S]*Refused/);
});

test.run();
