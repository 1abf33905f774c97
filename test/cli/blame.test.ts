import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blameReport } from '../../src/cli/blame.ts';
import { blameText } from '../../src/cli/blame-text.ts';
import type { NewActivation } from '../../src/history/history.ts';
import { money } from '../../src/rating/money.ts';
import { Database } from '../../src/store/database.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';
import { versionQualitySql } from '../../src/store/version-quality.ts';
import { cdr, type TemporaryDirectory } from '../store/records.ts';
import { projectDirectory } from '../support/source-files.ts';
import { exampleDirectory, typeIn } from './example-directory.ts';

interface Context {
  directory: TemporaryDirectory;
  path: string;
}

const test = suite<Context>('cli/blame');
const beganAtMs = Date.UTC(2026, 0, 31, 12);
const hourMs = 3_600_000;
const day = { sinceMs: beganAtMs, untilMs: beganAtMs + 24 * hourMs };
const hashes = ['1', '2', '3'].map(digit => digit.repeat(64));

/** Three versions, one an hour; with the second one UK mobile goes wrong, and the third does not mend it. */
test.before(async context => {
  context.directory = exampleDirectory();
  context.path = join(context.directory.path, 'var', 'class4.db');
  const store = await SqliteStore.open({ path: context.path });
  const table = await SqliteVersionTable.open({ path: context.path });
  let open: readonly number[] = [];
  for (const [index, hash] of hashes.entries()) {
    const version = { hash, keptAtMs: beganAtMs, files: null, fileCount: 0, fileBytes: 0 };
    const commit = {
      commit: `${index + 1}`.repeat(40),
      author: 'Ann <ann@example.com>',
      subject: ['Add Northlink', 'Cheaper UK mobile', 'More lines'][index]!,
      committedAtMs: beganAtMs,
    };
    await table.putVersion({
      ...version,
      compiled: null,
      program: null,
      commit: index === 2 ? null : commit,
    });
    const usual: NewActivation = {
      ...{ hash, by: 'class4', reason: null, sharePercent: 100 },
      cause: index === 0 ? 'start' : 'edit',
      beganAtMs: beganAtMs + index * hourMs,
    };
    open = [(await table.activate(usual, open)).id];
  }
  for (const [index, answeredOf] of [0.6, 0.2, 0.2].entries()) await calls(store, index, '4477', answeredOf);
  for (const index of [0, 1, 2]) await calls(store, index, '4420', 0.5);
  await table.close();
  await store.close();
});
test.after(({ directory }) => directory.remove());

async function calls(store: SqliteStore, index: number, prefix: string, answered: number): Promise<void> {
  const count = 100;
  const all = Array.from({ length: count }, (_, call) => {
    const startedAtMs = beganAtMs + index * hourMs + call * 30_000;
    const isAnswered = call < count * answered;
    const number = `${prefix}${String(call).padStart(8, '0')}`;
    return cdr(`${index}-${prefix}-${call}`, {
      ...{ snapshotHash: hashes[index]!, startedAtMs, endedAtMs: startedAtMs + 65_000 },
      ...{ callee: number, billingCallee: number, postDialDelayMs: 1200 + index * 100 },
      ...{ answeredAtMs: isAnswered ? startedAtMs + 5000 : null, talkSeconds: isAnswered ? 60 : 0 },
      ...(isAnswered ? {} : { customerCharge: null, vendorCharge: null, profit: money(0n) }),
      routingGateway: prefix === '4477' ? 'northlink' : 'acme',
    });
  });
  await Promise.all(all.map(record => store.finishCall(record, [])));
}

function golden(name: string, actual: string): void {
  const path = join(projectDirectory, 'test', 'golden', 'blame', `${name}.golden`);
  let expected = '';
  try {
    expected = readFileSync(path, 'utf8');
  } catch {
    // A new one is written beside it, to be looked at.
  }
  if (actual !== expected) writeFileSync(`${path}.ACTUAL`, actual);
  assert.is(actual, expected, `see ${path}.ACTUAL`);
}

test('the commit with which quality changed is named, with its author and the ratios', async ({ path }) => {
  const report = await blameReport(path, { ...day, prefix: '447' });
  assert.equal(
    report.changes.map(({ version }) => version),
    [1],
  );
  golden('mobile', blameText(report, false));
});

test('destinations that are as they were are nobody’s fault', async ({ path }) => {
  const report = await blameReport(path, { ...day, prefix: '4420' });
  assert.equal(report.changes, []);
  golden('landlines', blameText(report, false));
});

test('gateway, account and time choose the calls', async ({ path }) => {
  const of = async (more: object) => (await blameReport(path, { ...day, ...more })).versions;
  const answered = (versions: Awaited<ReturnType<typeof of>>) => versions.map(version => version.answered);
  assert.equal(answered(await of({})), [110, 70, 70]);
  assert.equal(answered(await of({ gateway: 'northlink' })), [60, 20, 20]);
  assert.equal(answered(await of({ gateway: 'retail', prefix: '4477' })), [60, 20, 20]);
  assert.equal(answered(await of({ account: 'acme-telecom' })), [110, 70, 70]);
  assert.equal(answered(await of({ account: 'nobody' })), []);
  assert.equal(answered(await of({ sinceMs: beganAtMs + hourMs })), [70, 70]);
  assert.equal(answered(await of({ untilMs: beganAtMs + hourMs })), [110]);
});

test('the command takes times and durations, and gives everything as JSON', async ({ directory }) => {
  const type = (...args: readonly string[]) => typeIn(directory, ['blame', ...args]);
  const { out, code } = await type(
    '--since',
    '2026-01-31',
    '--until',
    '2026-02-01',
    '--prefix',
    '447',
    '--json',
  );
  assert.is(code, 0);
  const { versions, changes, since } = JSON.parse(out);
  assert.is(since, '2026-01-31T00:00:00.000Z');
  assert.equal(
    [versions[1].activation, versions[1].commit.subject, versions[1].to, versions[1].profitPerMinute],
    [2, 'Cheaper UK mobile', '2026-01-31T14:00:00.000Z', '0.0025'],
  );
  assert.equal([changes[0].figure, changes[0].before, changes[0].after], ['answerSeizureRatio', 0.6, 0.2]);
  assert.match((await type('--since', '90000d', '--prefix', '447')).out, 'quality changed with 22222222');
  assert.match((await type('--since', '24 hours')).err, '--since');
  assert.match((await type('--since', '1h', '--until', '2h')).err, '--since must lie before --until');
});

test('a version that the history does not know stands with its calls alone', async () => {
  const directory = exampleDirectory();
  try {
    const { out, code } = await typeIn(directory, ['blame']);
    assert.is(code, 2, out);
    const path = join(directory.path, 'var', 'class4.db');
    const store = await SqliteStore.open({ path });
    await store.finishCall(cdr('one', { startedAtMs: beganAtMs }), []);
    await store.close();
    const { versions } = await blameReport(path, day);
    assert.equal(
      versions.map(({ activation, hash, from, commit }) => ({ activation, hash, from, commit })),
      [{ activation: null, hash: 'a'.repeat(64), from: '2026-01-31T12:00:00.000Z', commit: null }],
    );
  } finally {
    directory.remove();
  }
});

test('no question looks at all records', async ({ path }) => {
  const database = await Database.open(path, 'existing');
  try {
    for (const more of [{}, { prefix: '447' }, { gateway: 'acme' }, { account: 'northwind' }]) {
      const { sql, parameters } = versionQualitySql({ ...day, ...more }, 'served');
      const plan = (await database.all(`EXPLAIN QUERY PLAN ${sql}`, parameters)).map(row =>
        String(row['detail']),
      );
      assert.ok(
        plan.some(line => /SEARCH cdr USING INDEX cdr_\w+ \(.*started_at_ms>/.test(line)),
        plan.join('\n'),
      );
      assert.not.ok(
        plan.some(line => /SCAN cdr/.test(line)),
        plan.join('\n'),
      );
      assert.ok(
        plan.some(line => /SEARCH activation USING .*activation_records/.test(line)),
        plan.join('\n'),
      );
    }
  } finally {
    await database.close();
  }
});

test.run();
