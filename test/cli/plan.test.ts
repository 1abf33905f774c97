/** `class4 plan` as it is typed, in repositories of git and beside a switch. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfiguration } from '../../src/config/load.ts';
import { openControlServer } from '../../src/control/server.ts';
import { silentLogger } from '../../src/diagnostics/logger.ts';
import type { SwitchOperations } from '../../src/live/operations.ts';
import { snapshotBytes } from '../../src/live/snapshot-bytes.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { network } from '../plan/edits/network.ts';
import { cdr, type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { type CommandResult, typeIn } from './example-directory.ts';
import { git } from './made-repository.ts';
import { commitAll, write } from './written-directory.ts';

interface Context {
  directory: TemporaryDirectory;
}

const test = suite<Context>('cli/plan');

test.before.each(context => {
  context.directory = temporaryDirectory();
  write(context.directory.path, network);
});
test.after.each(({ directory }) => directory.remove());

const acme = 'gateways/routing/acme.yaml';

function lock(directory: string, gateway = acme): void {
  appendFileSync(join(directory, gateway), 'locked: true\n');
}

async function plan({ directory }: Context, ...args: readonly string[]): Promise<CommandResult> {
  return typeIn(directory, ['plan', ...args]);
}

test('compares where the default branch was left with the files, and touches neither index nor files', async context => {
  const { path } = context.directory;
  commitAll(path);
  git(path, 'checkout', '--quiet', '-b', 'change');
  write(path, { '.git/hooks/post-checkout': '#!/bin/sh\ntouch "$0.ran"\n' });
  chmodSync(join(path, '.git/hooks/post-checkout'), 0o755);
  lock(path);
  const before = git(path, 'status', '--porcelain').output;

  const { code, out, err } = await plan(context);
  assert.is(code, 0, err);
  assert.match(out, /^Plan from where main was left \([0-9a-f]{12}\) to the files in this directory$/m);
  assert.match(out, 'routes lost');
  assert.match(out, 'gateways/routing/acme.yaml:5 acme: the gateway is locked');
  assert.is(git(path, 'status', '--porcelain').output, before);
  assert.not.ok(existsSync(join(path, '.git/hooks/post-checkout.ran')));
});

test('branches, tags, commits and folders of them are sides', async context => {
  const { path } = context.directory;
  write(join(path, 'voice'), network);
  commitAll(path);
  git(path, 'tag', 'v1');
  lock(path);
  lock(join(path, 'voice'), 'gateways/routing/best.yaml');
  commitAll(path);
  const commit = git(path, 'rev-parse', 'HEAD').output.trim();

  assert.match((await plan(context, '--from', 'v1', '--to', 'main')).out, '- acme, best\n    + best\n');
  assert.match((await plan(context, '--from', 'v1', '--to', commit.slice(0, 9))).out, 'locked');
  const folder = await plan(context, '--from', 'v1', '--to', 'main:voice');
  assert.match(folder.out, '- acme, best\n    + acme\n');
  const below = await plan(context, '--config', 'voice', '--from', 'v1', '--to', 'main');
  assert.match(below.out, '- acme, best\n    + acme\n');
  const left = await plan(context, '--from', 'v1...', '--to', 'main');
  assert.match(left.out, /^Plan from where v1 was left/);
});

test('a name that git does not have says which one was probably meant', async context => {
  commitAll(context.directory.path);
  git(context.directory.path, 'branch', 'release/two');

  for (const [wrong, meant] of [
    ['mian', 'main'],
    ['two', 'release/two'],
  ] as const) {
    const { code, err } = await plan(context, '--from', wrong);
    assert.is(code, 2);
    assert.match(err, `there is no directory, branch, tag or commit "${wrong}" (did you mean "${meant}"?)`);
  }
  for (const hostile of [
    '--upload-pack=x',
    '-h',
    '$(touch x)',
    'main:../../etc',
    'main^{blob}',
    '\u001b[2J',
  ]) {
    const { code } = await plan(context, `--from=${hostile}`);
    assert.is(code, 2, hostile);
  }
});

test('without a repository, a commit or a default branch it says what to do', async context => {
  const { path } = context.directory;
  assert.match((await plan(context)).err, 'lies in no git repository, so there is nothing to compare with');
  assert.match((await plan(context, '--from', 'nowhere')).err, 'there is no directory nowhere');

  git(path, 'init', '--quiet', '-b', 'trunk');
  assert.match((await plan(context)).err, 'there is no commit to compare with yet');
  commitAll(path);
  assert.match((await plan(context)).err, '--from BRANCH');
  assert.is((await plan(context, '--from', 'trunk')).code, 0);
});

test('a shallow clone says how to deepen it', async context => {
  const { path } = context.directory;
  commitAll(path);
  git(path, 'checkout', '--quiet', '-b', 'change');
  lock(path);
  commitAll(path);
  git(path, 'checkout', '--quiet', 'main');
  const clone = temporaryDirectory();
  git(clone.path, 'clone', '--quiet', '--depth', '1', '--branch', 'change', `file://${path}`, '.');

  for (const args of [[], ['--from', 'HEAD~1']]) {
    const { code, err } = await typeIn(clone, ['plan', ...args]);
    assert.is(code, 2);
    assert.match(err, 'git fetch --deepen=100');
  }
  clone.remove();
});

test('a side that does not compile is named with its errors, and so is the other one', async context => {
  const { path } = context.directory;
  appendFileSync(join(path, acme), 'priorty: 5\n');
  commitAll(path);
  appendFileSync(join(path, 'accounts/bell.yaml'), 'kindd: vendor\n');

  const { code, out, err } = await plan(context, '--from', 'main');
  assert.is(code, 2);
  assert.is(out, '');
  assert.match(err, /^[0-9a-f]{12}:gateways\/routing\/acme\.yaml:5:1 error C4201 there is no key "priorty"/m);
  assert.match(err, /^ +5 \| priorty: 5$/m);
  assert.match(err, /^class4 plan: main \([0-9a-f]{12}\) cannot be compared: 1 error$/m);
  assert.match(err, /^accounts\/bell\.yaml:4:1 error C4201/m);
  assert.match(err, /^class4 plan: the files in this directory cannot be compared: 2 errors$/m);
});

test('a commit without a configuration says so', async context => {
  const { path } = context.directory;
  commitAll(path);

  assert.match((await plan(context, '--from', 'main:nowhere')).err, 'main:nowhere (');
  assert.match((await plan(context, '--from', 'main:nowhere')).err, 'holds no configuration in nowhere/');
});

test('what Git LFS keeps elsewhere is not taken for a deck', async context => {
  const { path } = context.directory;
  const deck = readFileSync(join(path, 'rates/best.csv'), 'utf8');
  write(path, { 'rates/best.csv': 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n' });
  commitAll(path);
  write(path, { 'rates/best.csv': deck });

  const { code, err } = await plan(context, '--from', 'main');
  assert.is(code, 2);
  assert.match(err, 'rates/best.csv is kept by Git LFS');
});

test('links and renamed files are read as they are, and mean no change', async context => {
  const { path } = context.directory;
  commitAll(path);
  renameSync(join(path, 'rates/best.csv'), join(path, 'rates/renamed.csv'));
  const table = join(path, 'rates/best.yaml');
  writeFileSync(table, readFileSync(table, 'utf8').replace('best.csv', 'renamed.csv'));

  const { code, out } = await plan(context, '--fail-on', 'changes');
  assert.is(code, 0, out);
  assert.match(out, 'Nothing changes: both sides mean the same.');
});

test('directories are sides without git, and tables that changed in one of them are not taken for those of the other', async context => {
  const { path } = context.directory;
  write(join(path, 'old'), network);
  write(join(path, 'new'), {
    ...network,
    'rates/best.csv': network['rates/best.csv']!.replace('0.013', '0.014'),
  });

  const { out } = await plan(context, '--from', 'old', '--to', 'new');
  assert.match(out, 'Plan from the files in old to the files in new');
  assert.match(out, 'best asks 0.013/60s → 0.014/60s');
  const back = await plan(context, '--from', 'new', '--to', 'old');
  assert.match(back.out, 'best asks 0.014/60s → 0.013/60s');
});

test('guards decide the exit code, and are told apart from the report', async context => {
  const { path } = context.directory;
  commitAll(path);
  assert.is((await plan(context, '--fail-on', 'unroutable,loss,changes')).code, 0);
  rmSync(join(path, 'gateways/routing/best.yaml'));

  assert.is((await plan(context)).code, 0);
  const { code, out, err } = await plan(context, '--fail-on', 'unroutable', '--json');
  assert.is(code, 1);
  assert.match(err, 'numbers of 1 prefix are carried no longer: 1');
  assert.is(JSON.parse(out).guards[0].guard, 'unroutable');
  const wrong = await plan(context, '--fail-on', 'unroutible');
  assert.is(wrong.code, 2);
  assert.match(wrong.err, '--fail-on takes unroutable, loss, changes, not "unroutible"');
});

test('a large change needs its word', async context => {
  const { path } = context.directory;
  const deck = (rate: string): string =>
    `prefix,rate\n${Array.from({ length: 40 }, (_, i) => `44${10 + i},${rate}\n`).join('')}`;
  write(path, { 'rates/best.csv': deck('0.013') });
  commitAll(path);
  write(path, { 'rates/best.csv': deck('0.014') });

  const { code, err } = await plan(context);
  assert.is(code, 1);
  assert.match(
    err,
    /40 of 45 rates would change \(88\.9 %\); at most 30 % may at once\n {2}→ .* --allow rates/,
  );
  appendFileSync(join(path, 'switch.yaml'), 'plan: { allow: { rates: A new deck of Best } }\n');
  const allowed = await plan(context);
  assert.is(allowed.code, 0, allowed.err);
  assert.match(allowed.out, /^ {2}more rates allowed +“A new deck of Best” \(switch\.yaml:\d+\)$/m);
  const page = await plan(context, '--format', 'markdown');
  assert.match(page.out, '“A new deck of Best”');
  commitAll(path);
  write(path, { 'rates/best.csv': deck('0.015') });
  const later = await plan(context, '--from', 'main');
  assert.is(later.code, 1);
  assert.match(later.err, /the one in switch\.yaml:\d+ was for an earlier change/);
  assert.is((await plan(context, '--allow', 'routes')).code, 1);
  assert.is((await plan(context, '--allow', 'routes,rates')).code, 0);
  assert.is((await plan(context, '--limit', '90')).code, 0);
});

test('a gateway to take for down must be there', async context => {
  commitAll(context.directory.path);

  assert.is((await plan(context, '--down', 'acme')).code, 0);
  assert.match((await plan(context, '--down', 'acmee')).err, '"acmee" (did you mean "acme"?)');
});

test('what a lost backup would do shows when it is supposed', async context => {
  const { path } = context.directory;
  commitAll(path);
  rmSync(join(path, 'gateways/routing/acme.yaml'));

  const { out } = await plan(context, '--down', 'best');
  assert.match(out, /^ {2}while best is down +no longer carried: 2 prefixes of 2 customers/m);
});

test('what a running switch has loaded is a side: no drift is exit code 0, and drift is told exactly', async context => {
  const { path } = context.directory;
  const { snapshot } = loadConfiguration(path);
  const server = await openControlServer(path, silentLogger);
  server.serve({ snapshot: () => snapshotBytes(snapshot!) } as unknown as SwitchOperations);
  try {
    const same = await plan(context, '--from', 'live', '--fail-on', 'changes');
    assert.is(same.code, 0, same.err);
    assert.match(same.out, 'Plan from the running switch to the files in this directory');
    lock(path);
    const drift = await plan(context, '--from', 'live', '--fail-on', 'changes');
    assert.is(drift.code, 1);
    assert.match(drift.out, '- acme, best\n    + best\n');
    assert.match(drift.err, 'the two sides do not mean the same');
  } finally {
    await server.close();
  }
  assert.is((await plan(context, '--from', 'live')).code, 4);
});

test('traffic weighs the report by the calls of the database', async context => {
  const { path } = context.directory;
  commitAll(path);
  lock(path);
  const file = join(path, 'old.db');
  const store = await SqliteStore.open({ path: file });
  const at = Date.parse('2029-06-01T12:00:00Z');
  for (const [index, days] of [0, 1, 3, 20].entries()) {
    const call = { ...cdr(`call-${index}`), mappingGateway: 'bell', callee: '447700900123' };
    await store.finishCall({ ...call, talkSeconds: 6000, startedAtMs: at - days * 86_400_000 }, []);
  }
  await store.close();

  const { code, out, err } = await plan(context, '--traffic', 'old.db');
  assert.is(code, 0, err);
  // 300 minutes of 7 days cost 0.005 more each; the call of 20 days ago is too old.
  assert.match(out, /^ {2}traffic +300 of 300 minutes of 7 days until 2029-06-01; margin −0\.21 EUR a day$/m);
  assert.match(out, '300 min, margin −0.21 EUR a day');
  const all = await plan(context, '--traffic', 'old.db', '--since', '2029-01-01');
  assert.match(all.out, '400 of 400 minutes of 20 days');
  for (const [name, said] of [
    ['nowhere.db', 'there is no database nowhere.db'],
    ['switch.yaml', 'it is no SQLite database'],
  ] as const) {
    const wrong = await plan(context, '--traffic', name);
    assert.is(wrong.code, 2);
    assert.match(wrong.err, said);
  }
});

test('reports go into files, whole, and standard output says the same as text', async context => {
  const { path } = context.directory;
  commitAll(path);
  lock(path);

  const { out } = await plan(context, '--format', 'json', '--output', 'p.json', '--markdown', 'p.md');
  assert.match(out, /^Plan from/);
  assert.is(JSON.parse(readFileSync(join(path, 'p.json'), 'utf8')).summary.kinds[0].kind, 'routesLost');
  assert.match(readFileSync(join(path, 'p.md'), 'utf8'), /^<!-- class4 plan \. -->\n### class4 plan: /);
});

test.run();
