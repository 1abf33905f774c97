import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { restartKeys } from '../../../src/config/restart-keys.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { DirectorySource, gitPatienceMs, quietMs } from '../../../src/live/configuration/directory-source.ts';
import { Reloader } from '../../../src/live/configuration/reloader.ts';
import { ServingVersion } from '../../../src/live/configuration/serving-version.ts';
import type { ChangesSeen } from '../../../src/live/file-changes.ts';
import type { LoadedConfiguration } from '../../../src/live/loading-thread.ts';
import { FakeHistory, FakeLog, FakeTime, settle } from '../fakes.ts';

/** A directory whose contents and movements are said by the test. */
class FakeDirectory {
  version = 1;
  loads = 0;
  gitBusy = false;
  loaded: LoadedConfiguration = { snapshot: snapshot('one'), diagnostics: [] };
  /** Called in the middle of each load. */
  meanwhile = (): void => {};
  fingerprint = () => Promise.resolve(String(this.version));
  changesSeen = () => Promise.resolve<ChangesSeen>({ count: 0, some: [] });
  readonly load = async (): Promise<LoadedConfiguration> => {
    this.loads += 1;
    const { loaded } = this;
    this.meanwhile();
    return loaded;
  };

  save(loaded: LoadedConfiguration): void {
    this.version += 1;
    this.loaded = loaded;
  }
}

function snapshot(hash: string, listenPort = 5060): Snapshot {
  const listen = [{ transport: 'udp', address: '127.0.6.1', port: listenPort }];
  const settings = { sip: { listen, server: { kind: 'embedded' } }, store: { path: 'var/class4.db' } };
  return { hash, commit: null, switch: settings } as unknown as Snapshot;
}

function good(hash: string, listenPort?: number): LoadedConfiguration {
  return { snapshot: snapshot(hash, listenPort), diagnostics: [] };
}

function broken(line: number): LoadedConfiguration {
  const place = { file: 'accounts/northwind.yaml', line, column: 3 };
  const diagnostic: Diagnostic = {
    code: 'C4101',
    severity: 'error',
    place,
    message: 'unknown key "rateTabel"',
    hint: 'Did you mean "rateTable"?',
  };
  return { snapshot: null, diagnostics: [diagnostic] };
}

interface Context {
  directory: FakeDirectory;
  time: FakeTime;
  log: FakeLog;
  applied: string[];
  source: DirectorySource;
  reloader: Reloader;
}

const test = suite<Context>('live/configuration/reloader');

test.before.each(context => {
  context.directory = new FakeDirectory();
  context.time = new FakeTime();
  context.log = new FakeLog();
  context.applied = [];
  const { directory, time, log, applied } = context;
  const around = { log, clock: time.clock, timers: time };
  const source = new DirectorySource({
    load: directory.load,
    loadSteadily: directory.load,
    fingerprint: () => directory.fingerprint(),
    changesSeen: () => directory.changesSeen(),
    isGitBusy: () => directory.gitBusy,
    ...around,
  });
  const serving = new ServingVersion({
    history: new FakeHistory(),
    initial: snapshot('one'),
    apply: ({ hash }) => applied.push(hash),
    ...around,
  });
  Object.assign(context, {
    source,
    reloader: new Reloader({ source, serving, sourceHash: null, ...around }),
  });
});

test('a change is applied once the files are quiet', async ({ source, directory, applied, time, log }) => {
  directory.save(good('two'));
  source.noticeChange();
  await time.pass(quietMs - 1);
  assert.equal(applied, []);

  await time.pass(1);

  assert.equal(applied, ['two']);
  assert.equal(log.lines, [
    'info The configuration was reloaded; new calls use it hash=two previousHash=one',
  ]);
});

test('each further change starts the wait again', async ({ source, directory, applied, time }) => {
  for (let save = 0; save < 10; save += 1) {
    directory.save(good(`save-${save}`));
    source.noticeChange();
    await time.pass(quietMs - 50);
  }
  assert.is(directory.loads, 0);

  await time.pass(quietMs);

  assert.equal(applied, ['save-9']);
});

test('a half-saved set is never applied', async ({ source, directory, applied, time }) => {
  let moves = 3;
  directory.meanwhile = () => {
    if (moves === 0) return;
    moves -= 1;
    directory.save(good(`step-${3 - moves}`));
  };
  directory.save(good('half'));
  source.noticeChange();

  await time.pass(quietMs * 6);

  assert.equal(applied, ['step-3']);
  assert.is(directory.loads, 4);
});

test('forced reloads that have to wait for one another are one', async ({ reloader, directory, applied }) => {
  directory.save(good('two'));
  const first = reloader.reloadNow();
  await settle();
  directory.save(good('three'));
  const later = await Promise.all(Array.from({ length: 20 }, () => reloader.reloadNow()));

  assert.is((await first).hash, 'two');
  assert.equal([...new Set(later.map(({ hash }) => hash))], ['three']);
  assert.equal(applied, ['two', 'three']);
  assert.is(directory.loads, 2);
});

test('the same meaning under another commit is applied without a word', async context => {
  const { reloader, directory, applied, log } = context;
  const { snapshot: committed } = good('one');
  directory.save({ snapshot: { ...committed!, commit: 'c0ffee' }, diagnostics: [] });

  assert.is((await reloader.reloadNow()).outcome, 'unchanged');
  assert.equal(applied, ['one']);
  await reloader.reloadNow();
  assert.equal(applied, ['one']);
  assert.equal(log.lines, []);
});

test('a forced reload waits for git too', async ({ reloader, source, directory, applied, time }) => {
  directory.gitBusy = true;
  directory.save(good('two'));
  source.noticeChange();
  const report = reloader.reloadNow();
  await time.pass(quietMs * 3);
  assert.equal(applied, []);

  directory.gitBusy = false;
  await time.pass(quietMs * 2);

  assert.equal(applied, ['two']);
  assert.ok(['applied', 'unchanged'].includes((await report).outcome));
});

test('a lock that a dead git left behind does not keep a forced reload from reading', async context => {
  const { reloader, directory, applied } = context;
  directory.gitBusy = true;
  directory.save(good('two'));

  assert.is((await reloader.reloadNow()).outcome, 'applied');
  assert.equal(applied, ['two']);
});

test('while git writes, nothing is read', async ({ source, directory, applied, time }) => {
  directory.gitBusy = true;
  directory.save(good('two'));
  source.noticeChange();
  await time.pass(quietMs * 8);
  assert.is(directory.loads, 0);

  directory.gitBusy = false;
  await time.pass(quietMs);

  assert.equal(applied, ['two']);
});

test('a lock that git left behind does not stop reloading for ever', async ({
  source,
  directory,
  applied,
  time,
}) => {
  directory.gitBusy = true;
  directory.save(good('two'));
  source.noticeChange();

  await time.pass(gitPatienceMs + quietMs);

  assert.equal(applied, ['two']);
});

test('a broken reload leaves the old snapshot serving and says exactly what is wrong, once', async context => {
  const { reloader, source, directory, applied, time, log } = context;
  for (let save = 0; save < 3; save += 1) {
    directory.save(broken(7));
    source.noticeChange();
    await time.pass(quietMs);
  }

  assert.equal(applied, []);
  assert.equal(log.lines, [
    'error The changed configuration is refused; the old one goes on serving errors=1 hash=one',
    'error Configuration error at=accounts/northwind.yaml:7:3 code=C4101 problem=unknown key "rateTabel" hint=Did you mean "rateTable"?',
  ]);
  assert.is(reloader.status().refused, 3);
  assert.is(reloader.status().diagnostics.length, 1);

  directory.save(broken(9));
  source.noticeChange();
  await time.pass(quietMs);
  assert.is(log.lines.length, 4, 'another problem is said');

  directory.save(good('two'));
  source.noticeChange();
  await time.pass(quietMs);
  assert.equal(applied, ['two']);
  assert.equal(reloader.status().diagnostics, []);
});

test('going back to what serves is said, since the complaint before stands in the log', async context => {
  const { source, directory, applied, time, log } = context;
  directory.save(broken(7));
  source.noticeChange();
  await time.pass(quietMs);

  directory.save(good('one'));
  source.noticeChange();
  await time.pass(quietMs);

  assert.equal(applied, []);
  assert.match(log.lines.at(-1)!, /is good again/);
});

test('unchanged content is a no-op', async ({ source, directory, applied, time, log }) => {
  directory.save(good('one'));
  source.noticeChange();
  await time.pass(quietMs);
  assert.is(directory.loads, 1);

  source.noticeChange();
  await time.pass(quietMs);

  assert.is(directory.loads, 1, 'files that did not change are not even read');
  assert.equal([applied, log.lines], [[], []]);
});

test('a change while the last one is being read is not lost', async ({
  source,
  directory,
  applied,
  time,
}) => {
  directory.save(good('two'));
  directory.meanwhile = () => {
    directory.meanwhile = () => {};
    setImmediate(() => {
      directory.save(good('three'));
      source.noticeChange();
    });
  };
  source.noticeChange();

  await time.pass(quietMs);
  await time.pass(quietMs * 4);

  assert.is(applied.at(-1), 'three');
});

test('a forced reload reads at once and reports', async ({ reloader, directory, applied }) => {
  directory.save(broken(7));
  const refused = await reloader.reloadNow();
  directory.save(good('two'));
  const done = await reloader.reloadNow();
  const again = await reloader.reloadNow();

  assert.equal([refused.outcome, done.outcome, again.outcome], ['refused', 'applied', 'unchanged']);
  assert.is(refused.hash, 'one');
  assert.is(refused.diagnostics[0]!.place.line, 7);
  assert.equal(applied, ['two']);
});

test('a forced reload gives up on files that never keep still', async ({
  reloader,
  directory,
  applied,
  time,
}) => {
  directory.meanwhile = () => directory.save(good('moving'));
  const report = reloader.reloadNow();

  await time.pass(quietMs * 30);

  assert.is((await report).outcome, 'moving');
  assert.equal(applied, []);
});

test('files that cannot be looked at leave the old snapshot serving, and are looked at again', async context => {
  const { reloader, directory, applied } = context;
  const look = directory.fingerprint;
  directory.fingerprint = () => Promise.reject(new Error('the thread ended with 1'));
  directory.save(good('two'));
  assert.is((await reloader.reloadNow()).outcome, 'refused');
  assert.equal(applied, []);

  directory.fingerprint = look;
  assert.is((await reloader.reloadNow()).outcome, 'applied');
  assert.equal(applied, ['two']);
});

test('a loader that dies leaves the old snapshot serving', async ({ reloader, directory, applied, log }) => {
  directory.save(good('two'));
  directory.meanwhile = () => {
    throw new Error('out of memory');
  };

  assert.is((await reloader.reloadNow()).outcome, 'refused');
  assert.equal(applied, []);
  assert.match(log.lines[0]!, /failure=out of memory/);
});

test('settings that need a restart are named and everything else is applied', async context => {
  const { reloader, directory, applied, log } = context;
  directory.save(good('two', 5070));

  const report = await reloader.reloadNow();

  assert.equal(report.restartNeeded, ['sip.listen']);
  assert.equal(applied, ['two']);
  assert.match(log.lines.at(-1)!, /after a restart only settings=sip\.listen/);
  assert.equal(restartKeys(snapshot('one').switch, snapshot('two').switch), []);
});

test('nothing is applied after closing', async ({ reloader, source, directory, applied, time }) => {
  directory.save(good('two'));
  source.noticeChange();
  await reloader.close();
  source.noticeChange();

  await time.pass(quietMs * 4);
  await settle();

  assert.equal(applied, []);
});

test.run();
