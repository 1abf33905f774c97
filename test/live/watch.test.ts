/** The watching of a directory at its worst. Files and the system are real, time is not. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fingerprint } from '../../src/live/config-files.ts';
import { type Listen, pollAloneMs, pollMs, type Watching, watchConfiguration } from '../../src/live/watch.ts';
import { listenInThread } from '../../src/live/watch-thread.ts';
import { FakeLog, FakeTime } from './fakes.ts';

interface Context {
  top: string;
  time: FakeTime;
  log: FakeLog;
  changes: (string | null)[];
  watching: Watching | null;
}

const test = suite<Context>('live/watch');

test.before.each(context => {
  context.top = mkdtempSync(join(tmpdir(), 'class4-watch-'));
  context.time = new FakeTime();
  context.log = new FakeLog();
  context.changes = [];
  context.watching = null;
});

test.after.each(async ({ top, watching }) => {
  await watching?.close();
  rmSync(top, { recursive: true, force: true });
});

async function watched(context: Context, directory: string, listen?: Listen): Promise<void> {
  const { time, log, changes } = context;
  const onChange = (path: string | null): number => changes.push(path);
  const how = listen === undefined ? {} : { listen };
  context.watching = await watchConfiguration({ directory, onChange, log, timers: time, ...how });
}

/** Real, because files are; bounded, because a test must end. */
async function until(isSo: () => boolean, meanwhile: () => Promise<void> | void = () => {}): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries === 600) throw new Error('it does not come to that');
    await meanwhile();
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

const quiet: Listen = () => ({ close: async () => undefined });

function failing(code: string): Error {
  return Object.assign(new Error(`${code}: System limit for number of file watchers reached, watch '/x'`), {
    code,
  });
}

test('when the limits of inotify are reached, files are looked at, and that is said once', async context => {
  const { top, time, log, changes } = context;
  writeFileSync(join(top, 'switch.yaml'), 'name: one\n');
  let closed = 0;
  await watched(context, top, (_directory, { onError }) => {
    for (let file = 0; file < 3000; file += 1) setImmediate(() => onError(failing('ENOSPC')));
    return {
      async close() {
        closed += 1;
      },
    };
  });
  await until(() => context.watching!.polling);

  assert.is(closed, 1);
  assert.is(log.lines.length, 1);
  assert.match(
    log.lines[0]!,
    /are looked at every 2 s until a restart error=ENOSPC.* hint=raise fs\.inotify\.max_user_watches/,
  );

  writeFileSync(join(top, 'switch.yaml'), 'name: two\n');
  await until(
    () => changes.length > 0,
    () => time.pass(pollAloneMs),
  );
  unlinkSync(join(top, 'switch.yaml'));
  await until(
    () => changes.length > 1,
    () => time.pass(pollAloneMs),
  );
  assert.is(log.lines.length, 1);
});

test('a system that cannot watch at all is no reason not to start', async context => {
  await watched(context, context.top, () => {
    throw failing('EMFILE');
  });

  assert.ok(context.watching!.polling);
  assert.match(context.log.lines[0]!, /max_user_instances/);
});

test('changes that nobody tells of are found, and the system is asked anew', async context => {
  const { top, time, changes } = context;
  let asked = 0;
  await watched(context, top, (...how) => {
    asked += 1;
    return quiet(...how);
  });
  mkdirSync(join(top, 'rates'));
  writeFileSync(join(top, 'rates/uk.csv'), 'prefix,rate\n');
  await until(
    () => changes.length === 1,
    () => time.pass(pollMs),
  );

  assert.is(asked, 2);
  assert.equal(changes, [null]);
});

test('a link that is switched to another directory is noticed, and what happens there too', async context => {
  const { top, time, changes } = context;
  for (const version of ['one', 'two']) {
    mkdirSync(join(top, version));
    writeFileSync(join(top, version, 'switch.yaml'), `name: ${version}\n`);
  }
  const current = join(top, 'current');
  symlinkSync('one', current);
  await watched(context, current);
  symlinkSync('two', join(top, 'next'));
  renameSync(join(top, 'next'), current);
  await until(
    () => changes.length > 0,
    () => time.pass(pollMs),
  );

  const before = changes.length;
  appendFileSync(join(top, 'two/switch.yaml'), '# edited\n');
  await until(
    () => changes.length > before,
    () => time.pass(pollMs),
  );
  assert.not.ok(context.watching!.polling);
});

test('the files of a ConfigMap are noticed when Kubernetes switches its ..data', async context => {
  const { top, time, changes } = context;
  const folder = join(top, 'accounts');
  mkdirSync(folder);
  const publish = (day: string, text: string): void => {
    mkdirSync(join(folder, day));
    writeFileSync(join(folder, day, 'northwind.yaml'), text);
    symlinkSync(day, join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  };
  publish('..2026_01_15', 'kind: customer\n');
  symlinkSync('..data/northwind.yaml', join(folder, 'northwind.yaml'));
  await watched(context, top);

  publish('..2026_01_16', 'kind: customer # again\n');
  rmSync(join(folder, '..2026_01_15'), { recursive: true });
  await until(
    () => changes.length > 0,
    () => time.pass(pollMs),
  );
});

test('files that were deleted and put back are noticed, also when nothing but that happened', async context => {
  const { top, time, changes } = context;
  const file = join(top, 'switch.yaml');
  writeFileSync(file, 'name: one\n');
  const before = await fingerprint(top);
  await watched(context, top, quiet);
  unlinkSync(file);
  await until(
    () => changes.length === 1,
    () => time.pass(pollMs),
  );
  writeFileSync(file, 'name: one\n');
  await until(
    () => changes.length === 2,
    () => time.pass(pollMs),
  );

  assert.is.not(await fingerprint(top), before);
});

test('the whole directory may go and come back', async context => {
  const { top, time, changes } = context;
  const directory = join(top, 'config');
  mkdirSync(directory);
  writeFileSync(join(directory, 'switch.yaml'), 'name: one\n');
  await watched(context, directory);
  rmSync(directory, { recursive: true });
  await until(
    () => changes.length > 0,
    () => time.pass(pollMs),
  );

  const gone = changes.length;
  mkdirSync(directory);
  writeFileSync(join(directory, 'switch.yaml'), 'name: two\n');
  await until(
    () => changes.length > gone,
    () => time.pass(pollMs),
  );
  const back = changes.length;
  writeFileSync(join(directory, 'switch.yaml'), 'name: three\n');
  await until(
    () => changes.length > back,
    () => time.pass(pollMs),
  );
});

test('a checkout of 3,000 files is noticed as long as it goes on, to its last file', async context => {
  const { top, time, changes } = context;
  mkdirSync(join(top, 'accounts'));
  await watched(context, top);
  for (let file = 0; file < 3000; file += 1)
    writeFileSync(join(top, `accounts/a${file}.yaml`), 'kind: vendor\n');
  const last = join('accounts', 'a2999.yaml');
  await until(
    () => changes.includes(last) || changes.includes(null),
    () => time.pass(pollMs),
  );
});

test('a file whose time stamps were set back is another file all the same', async ({ top }) => {
  const file = join(top, 'switch.yaml');
  const then = new Date('2026-01-15T12:00:00Z');
  writeFileSync(file, 'name: one\n');
  utimesSync(file, then, then);
  const before = await fingerprint(top);
  writeFileSync(file, 'name: two\n');
  utimesSync(file, then, then);

  assert.is.not(await fingerprint(top), before);
});

test('after it was closed nothing is noticed', async context => {
  const { top, time, changes } = context;
  let tell = (_path: string): void => {};
  await watched(context, top, (_directory, { onChange }) => {
    tell = onChange;
    return { close: async () => undefined };
  });
  await context.watching!.close();
  tell('switch.yaml');
  await time.pass(pollMs * 3);

  assert.equal(changes, []);
  assert.is(time.timerCount, 0);
});

test('what changed before the system was listened to is noticed as soon as it is', async context => {
  const { top, changes } = context;
  let ready = (): void => {};
  await watched(context, top, (_directory, { onReady }) => {
    ready = onReady;
    return { close: async () => undefined };
  });
  ready();
  writeFileSync(join(top, 'switch.yaml'), 'name: early\n');
  ready();
  await until(() => changes.length > 0);
  assert.equal(changes, [null]);
});

test('what changed between the first look and the listening is noticed, whichever is told first', async context => {
  const { time, log, changes } = context;
  let looked = (_seen: string): void => {};
  const starting = watchConfiguration({
    ...{ directory: context.top, onChange: path => changes.push(path), log, timers: time },
    fingerprint: () => new Promise(resolve => (looked = resolve)),
    listen(_directory, { onReady }) {
      setImmediate(onReady);
      return { close: async () => undefined };
    },
  });
  await new Promise(resolve => setTimeout(resolve, 5));
  looked('before the change');
  context.watching = await starting;
  looked('after the change');
  await time.pass(0);

  assert.equal(changes, [null]);
});

test('who cannot look at the files for the first time is told, and nothing is left open', async ({
  top,
  time,
  log,
}) => {
  let closed = 0;
  const watching = watchConfiguration({
    ...{ directory: top, onChange: () => {}, log, timers: time },
    fingerprint: () => Promise.reject(new Error('the thread ended')),
    listen: () => ({
      async close() {
        closed += 1;
      },
    }),
  });
  const failure = await watching.then(String, String);

  assert.equal([failure, closed, time.timerCount], ['Error: the thread ended', 1, 0]);
});

test('when the thread that listens dies, the files are looked at', async context => {
  await watched(context, context.top, (_directory, callbacks) =>
    listenInThread(null as unknown as string, callbacks),
  );
  await until(() => context.watching!.polling);
  await until(() => context.log.lines.length > 0);

  assert.match(context.log.lines[0]!, /^warn The system tells of no changes .* error=/);
  writeFileSync(join(context.top, 'switch.yaml'), 'name: one\n');
  await until(
    () => context.changes.length > 0,
    () => context.time.pass(pollAloneMs),
  );
  assert.is(context.log.lines.length, 1);
});

test.run();
