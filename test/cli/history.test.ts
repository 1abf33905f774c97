import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { silentLogger } from '../../src/diagnostics/logger.ts';
import { Blobs } from '../../src/history/blobs.ts';
import { realDisk } from '../../src/history/disk.ts';
import { keepFiles, sha256Of } from '../../src/history/file-packs.ts';
import { historyDirectory, SwitchHistory } from '../../src/history/switch-history.ts';
import { LoadingThread } from '../../src/live/loading-thread.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';
import { cdr, type TemporaryDirectory } from '../store/records.ts';
import { projectDirectory } from '../support/source-files.ts';
import { type CommandResult, exampleDirectory, typeIn } from './example-directory.ts';

interface Context {
  directory: TemporaryDirectory;
  hashes: readonly string[];
}

const test = suite<Context>('cli/history');
const at = ['--at', '2026-12-01T12:00:00Z'];
const beganAtMs = Date.UTC(2026, 0, 31, 12);

test.before(async context => {
  context.directory = exampleDirectory();
  context.hashes = await serveTwice(context.directory.path);
});
test.after(({ directory }) => directory.remove());

/** A start, an edit of a gateway and a deck, and a rollback that the end of the switch ended. */
async function serveTwice(path: string): Promise<readonly string[]> {
  const storePath = join(path, 'var', 'class4.db');
  const store = await SqliteStore.open({ path: storePath });
  const table = await SqliteVersionTable.open({ path: storePath });
  const loading = new LoadingThread(path);
  let nowMs = beganAtMs;
  const around = { keeping: loading, log: silentLogger, clock: () => nowMs };
  const history = new SwitchHistory({ table, directory: historyDirectory(storePath), ...around });
  const usual = { by: 'class4', reason: null, sharePercent: 100 } as const;
  const first = (await loading.load()).snapshot!;
  await history.keep(first);
  await history.activate({ ...usual, hash: first.hash, cause: 'start', beganAtMs: nowMs });
  const file = join(path, 'gateways', 'routing', 'northlink.yaml');
  const lines = readFileSync(file, 'utf8').replace(/^lines: \d+/m, 'lines: 7');
  writeFileSync(file, lines);
  appendFileSync(join(path, 'rates', 'northlink.csv'), 'UK mobile test,4477009,0.0200,1/1\n');
  nowMs += 60_000;
  const { snapshot: second, diagnostics } = await loading.load();
  assert.ok(second !== null, JSON.stringify(diagnostics));
  await history.keep(second!);
  await history.activate({ ...usual, hash: second!.hash, cause: 'edit', beganAtMs: nowMs });
  for (const [name, answeredAtMs] of [
    ['one', nowMs + 3000],
    ['two', null],
  ] as const) {
    const call = {
      snapshotHash: second!.hash,
      startedAtMs: nowMs + 1000,
      answeredAtMs,
      postDialDelayMs: 1500,
    };
    await store.finishCall(cdr(name, call), []);
  }
  nowMs += 3_600_000;
  const hold = { hash: first.hash, by: 'ann@noc', reason: 'UK mobile is down', sinceMs: nowMs };
  const rollback = { by: hold.by, reason: hold.reason, cause: 'rollback', sharePercent: 100 } as const;
  await history.activate({ ...rollback, hash: first.hash, beganAtMs: nowMs, hold });
  nowMs += 90_000;
  await history.close();
  await loading.close();
  await store.close();
  return [first.hash, second!.hash];
}

function type({ directory }: Context, ...args: readonly string[]): Promise<CommandResult> {
  return typeIn(directory, args);
}

/** Hashes follow from the example network, which may change. */
function withNames(text: string, { hashes }: Context): string {
  return ['first', 'second'].reduce(
    (named, name, index) =>
      named
        .replaceAll(hashes[index]!, `<hash of the ${name}>`)
        .replaceAll(hashes[index]!.slice(0, 12), name.padEnd(12, '.')),
    text.replace(/\(\d+ bytes\)/g, '(… bytes)'),
  );
}

async function golden(name: string, context: Context, ...args: readonly string[]): Promise<void> {
  const { code, out, err } = await type(context, ...args);
  assert.is(code, 0, err);
  const path = join(projectDirectory, 'test', 'golden', 'history', `${name}.golden`);
  const actual = withNames(out, context);
  let expected = '';
  try {
    expected = readFileSync(path, 'utf8');
  } catch {
    // A new one is written beside it, to be looked at.
  }
  if (actual !== expected) writeFileSync(`${path}.ACTUAL`, actual);
  assert.is(actual, expected, `see ${path}.ACTUAL`);
}

test('the list tells since when, for how long, why, by whom, and what came of the calls', context =>
  golden('list', context, 'history'));

test('a version is shown with its files and the times in which it served', context =>
  golden('show', context, 'history', 'show', 'previous'));

test('two versions differ in lines of YAML and in rows of decks', context =>
  golden('diff', context, 'history', 'diff', '1', '2', '--files'));

test('two versions differ in what becomes of calls, with the lines that did it', context =>
  golden('diff-plan', context, 'history', 'diff', '1', '2', ...at));

test('a plan takes versions as sides', async context => {
  const typed = ['plan', '--from', 'history:1', '--to', 'history:2', ...at];
  const [plan, diff] = [
    await type(context, ...typed),
    await type(context, 'history', 'diff', '1', '2', ...at),
  ];
  assert.is(plan.code, 0, plan.err);
  assert.ok(diff.out.endsWith(plan.out), plan.out);
  const named = await type(context, 'plan', '--from', 'history:previous', '--to', '.', ...at);
  assert.match(named.out, /^Plan from version [0-9a-f]{12} \(previous\) to the files in this directory/);
  const guarded = await type(context, ...typed, '--fail-on', 'changes', '--json');
  assert.is(guarded.code, 1);
  assert.equal(JSON.parse(guarded.out).from.name, 'history:1');
  for (const [side, said] of [
    ['history:99', 'there is no version "99"'],
    ['history:', 'names no version'],
    ['history:../etc', 'there is no version "../etc"'],
  ] as const) {
    const wrong = await type(context, 'plan', '--from', side);
    assert.is(wrong.code, 2);
    assert.match(wrong.err, said);
  }
});

test('versions are compared without files in the directory, and while a switch has the database', async context => {
  const expected = (await type(context, 'history', 'diff', '1', '2', ...at)).out;
  const { path } = context.directory;
  const away = join(path, 'var', 'away');
  mkdirSync(away);
  const files = ['switch.yaml', 'gateways', 'accounts', 'rates', 'calendars'];
  for (const name of files) renameSync(join(path, name), join(away, name));
  const store = await SqliteStore.open({ path: join(path, 'var', 'class4.db'), sole: true });
  try {
    const { code, out, err } = await type(context, 'history', 'diff', '1', '2', ...at);
    assert.is(code, 0, err);
    assert.is(out, expected);
  } finally {
    await store.close();
    for (const name of files) renameSync(join(away, name), join(path, name));
    rmSync(away, { recursive: true });
  }
});

test('versions that another class4 compiled are compiled from their files, and those that do not compile are told', async context => {
  const { path } = context.directory;
  const storePath = join(path, 'var', 'class4.db');
  const expected = (await type(context, 'history', 'diff', '1', '2', ...at)).out;
  const table = await SqliteVersionTable.open({ path: storePath });
  const rows = await Promise.all(context.hashes.map(hash => table.version(hash)));
  const blobs = new Blobs(historyDirectory(storePath), realDisk);
  const bytes = Buffer.from('name: [\n');
  const file = { path: 'switch.yaml', sha256: sha256Of(bytes), bytes: bytes.length };
  try {
    for (const row of rows) await table.putVersion({ ...row!, program: 'another one' });
    const { code, out, err } = await type(context, 'history', 'diff', '1', '2', ...at);
    assert.is(code, 0, err);
    assert.is(out, expected);

    await table.putVersion({ ...rows[1]!, compiled: null, files: null });
    const lost = await type(context, 'history', 'diff', '1', '2');
    assert.is(lost.code, 2);
    assert.match(lost.err, /the files of the version [0-9a-f]{12} were not kept/);
    await table.putVersion({ ...rows[1]!, files: null });
    const compiled = await type(context, 'history', 'diff', '1', '2', ...at);
    assert.is(compiled.code, 0, compiled.err);
    assert.match(compiled.out, 'were not kept, so only what becomes of calls can be compared');
    assert.match(compiled.out, 'northlink asks 0.5412/60s → 0.02/60s');
    assert.is((await type(context, 'history', 'diff', '1', '2', '--files')).code, 2);

    const files = keepFiles(blobs, [file], () => bytes);
    await table.putVersion({ ...rows[1]!, compiled: null, files });
    const broken = await type(context, 'history', 'diff', '1', '2');
    assert.is(broken.code, 2);
    assert.match(broken.err, /^history:2:switch\.yaml:\d+:\d+ error C4\d+ /m);
    assert.match(broken.err, /^class4 history diff: version [0-9a-f]{12} \(number 2\) cannot be compared/m);
  } finally {
    for (const row of rows) await table.putVersion(row!);
    await table.close();
  }
});

test('a blob that is damaged is told with what to look at', async context => {
  const directory = historyDirectory(join(context.directory.path, 'var', 'class4.db'));
  const lists = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(name =>
    /m-[0-9a-f]+$/.test(name),
  );
  const contents = lists.map(name => readFileSync(join(directory, name)));
  try {
    for (const name of lists) writeFileSync(join(directory, name), 'damaged');
    const { code, err } = await type(context, 'history', 'diff', '1', '2');
    assert.is(code, 2);
    assert.match(err, /the history cannot be read: [\s\S]*check .*class4\.db-history/);
  } finally {
    for (const [index, name] of lists.entries()) writeFileSync(join(directory, name), contents[index]!);
  }
});

test('without a second version the one that serves is meant', async context => {
  const { out } = await type(context, 'history', 'diff', '2', '--files');
  assert.match(out, /\+lines: \d+/);
  const planned = await type(context, 'history', 'diff', '2', ...at);
  assert.match(planned.out, /to version [0-9a-f]{12} \(what serves\)$/m);
  assert.is((await type(context, 'history', 'diff', '2', '--files', '--all')).code, 2);
  assert.match((await type(context, 'history', 'diff', '1', '3')).out, /is the same version/);
});

test('everything is there as JSON', async context => {
  const list = JSON.parse((await type(context, 'history', '--json', '--limit', '2')).out);
  assert.is(list.length, 2);
  assert.equal(
    [list[1].calls, list[1].answered, list[1].answerSeizureRatio, list[1].state],
    [2, 1, 0.5, 'ended'],
  );
  const shown = JSON.parse((await type(context, 'history', 'show', context.hashes[0]!, '--json')).out);
  assert.is(shown.served.length, 2);
  assert.match(shown.files[0].sha256, /^[0-9a-f]{64}$/);
  const diff = JSON.parse((await type(context, 'history', 'diff', '1', '2', '--json')).out);
  assert.is(diff.plan.plan.differences[0].prefix, '4477009');
  assert.is(diff.plan.from.kind, 'version');
  const files = JSON.parse((await type(context, 'history', 'diff', '1', '2', '--json', '--files')).out);
  assert.equal(files, { from: diff.from, to: diff.to, files: diff.files });
  assert.equal(
    diff.files.map((file: { path: string }) => file.path),
    ['gateways/routing/northlink.yaml', 'rates/northlink.csv'],
  );
});

test('one file comes as it was', async context => {
  const path = 'gateways/routing/northlink.yaml';
  const now = readFileSync(join(context.directory.path, path), 'utf8');
  assert.is((await type(context, 'history', 'show', '2', '--file', path)).out, now);
  assert.is.not((await type(context, 'history', 'show', '1', '--file', path)).out, now);
  const missing = await type(context, 'history', 'show', '1', '--file', 'nowhere.yaml');
  assert.is(missing.code, 2);
  assert.match(missing.err, /has no file nowhere\.yaml/);
});

test('names that lead nowhere say how versions are named', async context => {
  for (const name of ['99', 'abc', 'zzzz']) {
    const { code, err } = await type(context, 'history', 'show', name);
    assert.is(code, 2);
    assert.match(err, /there is no version .*[\s\S]*`class4 history`/);
  }
});

test('a broken configuration hides no history', async context => {
  const file = join(context.directory.path, 'switch.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, 'name: [');
  try {
    assert.is((await type(context, 'history')).code, 0);
  } finally {
    writeFileSync(file, text);
  }
});

test('what the file system says of the files beside the database is told with what to look at', async context => {
  const directory = historyDirectory(join(context.directory.path, 'var', 'class4.db'));
  renameSync(directory, `${directory}-away`);
  writeFileSync(directory, 'no directory');
  try {
    assert.is((await type(context, 'history')).code, 0);
    const { code, err } = await type(context, 'history', 'show', '1');
    assert.is(code, 2);
    assert.match(err, /the history cannot be read: ENOTDIR/);
    assert.match(err, `check ${directory}, and who may read it`);
  } finally {
    rmSync(directory);
    renameSync(`${directory}-away`, directory);
  }
});

test('before a switch was ever started there is no history', async () => {
  const fresh = exampleDirectory();
  rmSync(join(fresh.path, 'var'), { recursive: true, force: true });
  const { code, err } = await typeIn(fresh, ['history']);
  fresh.remove();
  assert.is(code, 2);
  assert.match(err, /there is no history yet/);
});

test.run();
