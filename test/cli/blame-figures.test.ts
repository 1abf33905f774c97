/** Which version is blamed for what: each figure, and the turns that a history takes. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import { type BlameReport, blameReport } from '../../src/cli/blame.ts';
import { blameText } from '../../src/cli/blame-text.ts';
import type { ActivationCause } from '../../src/history/history.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';
import type { VersionQualityQuery } from '../../src/store/version-quality.ts';
import { cdr, type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';

interface Context {
  directory: TemporaryDirectory;
  path: string;
}

interface Served {
  /** One character; the hash is made of it. */
  readonly name: string;
  readonly cause?: ActivationCause;
  readonly sharePercent?: number;
  /** Default 400; of these so many percent are answered, default 50. */
  readonly calls?: number;
  readonly answered?: number;
  readonly delayMs?: number;
  readonly talkSeconds?: number;
  readonly more?: Partial<CallDetailRecord>;
  /** By which another one goes at the same time. */
  readonly beside?: Served;
}

const test = suite<Context>('cli/blame-figures');
const beganAtMs = Date.UTC(2026, 0, 31, 12);
const hourMs = 3_600_000;
const week: VersionQualityQuery = { sinceMs: beganAtMs, untilMs: beganAtMs + 168 * hourMs };

test.before.each(context => {
  context.directory = temporaryDirectory();
  context.path = join(context.directory.path, 'class4.db');
});
test.after.each(({ directory }) => directory.remove());

/** One version after the other, two hours each. */
async function serve({ path }: Context, served: readonly Served[]): Promise<void> {
  const store = await SqliteStore.open({ path });
  const table = await SqliteVersionTable.open({ path });
  for (const [index, { name, cause = 'edit', sharePercent = 100 }] of served.entries()) {
    const hash = name.repeat(64);
    const who = { by: 'ann@noc-1', reason: cause === 'rollback' ? 'it was better' : null };
    await table.activate(
      { hash, cause, sharePercent, ...who, beganAtMs: beganAtMs + index * 2 * hourMs },
      [],
    );
  }
  const records = served.flatMap((one, index) => [
    ...callsOf(one, index, 'a'),
    ...(one.beside === undefined ? [] : callsOf(one.beside, index, 'b')),
  ]);
  await Promise.all(records.map(record => store.finishCall(record, [])));
  await table.close();
  await store.close();
}

function callsOf(served: Served, index: number, series: string): readonly CallDetailRecord[] {
  const { name, calls = 400, answered = 50, delayMs = 1500, talkSeconds = 120, more } = served;
  return Array.from({ length: calls }, (_, call) => {
    const startedAtMs = beganAtMs + index * 2 * hourMs + Math.floor((call * 2 * hourMs) / calls);
    const isAnswered = (call * 37) % 100 < answered;
    return cdr(`${series}-${index}-${call}`, {
      ...{ snapshotHash: name.repeat(64), startedAtMs, endedAtMs: startedAtMs + 200_000 },
      postDialDelayMs: delayMs + ((call * 61) % 500) - 250,
      answeredAtMs: isAnswered ? startedAtMs + 5000 : null,
      talkSeconds: isAnswered ? talkSeconds + ((call * 53) % 60) - 30 : 0,
      ...more,
    });
  });
}

function changesOf({ versions, changes }: BlameReport): readonly string[] {
  return changes.map(({ version, figure, before, after }) => {
    const { activation, hash } = versions[version]!;
    const short = { answerSeizureRatio: 'ASR', postDialDelayMs: 'PDD', averageCallDurationSeconds: 'ACD' };
    const text = (value: number) => value.toPrecision(2);
    return `${activation} ${hash[0]} ${short[figure]} ${text(before)} ${text(after)}`;
  });
}

async function blamed(context: Context, served: readonly Served[]): Promise<readonly string[]> {
  await serve(context, served);
  return changesOf(await blameReport(context.path, week));
}

test('a version that makes calls ring later is blamed for the post-dial delay alone', async context => {
  const changes = await blamed(context, [
    { name: 'a' },
    { name: 'b', delayMs: 3000 },
    { name: 'c', delayMs: 3000 },
  ]);
  assert.equal(changes, ['2 b PDD 1.5e+3 3.0e+3']);
  const text = blameText(await blameReport(context.path, week), true);
  assert.match(
    text,
    /\u001b\[31mquality changed with version 2 bbbbbbbbbbbb.*: PDD 1\.50 s before, 3\.00 s since/,
  );
});

test('a version with which people hang up sooner is blamed for the talk alone', async context => {
  const changes = await blamed(context, [{ name: 'a' }, { name: 'b', talkSeconds: 40 }]);
  assert.equal(changes, ['2 b ACD 1.2e+2 39']);
  assert.match(
    blameText(await blameReport(context.path, week), false),
    /ACD 1\d\d\.\d s before, 3\d\.\d s since/,
  );
});

test('a version that refuses calls itself is blamed, although no vendor was tried', async context => {
  const refused = {
    ...{
      routingGateway: null,
      vendorAccount: null,
      postDialDelayMs: null,
      answeredAtMs: null,
      talkSeconds: 0,
    },
    ...{ customerCharge: null, vendorCharge: null, endReason: 'NoRoute', status: 503, attempts: [] },
  } as unknown as Partial<CallDetailRecord>;
  const changes = await blamed(context, [{ name: 'a' }, { name: 'b', more: refused }]);
  assert.equal(changes, ['2 b ASR 0.50 0.0']);
});

test('calls of strangers, which no version let in, are nobody’s', async context => {
  const stranger = { mappingGateway: null, answeredAtMs: null, talkSeconds: 0 };
  const beside = { name: 'b', more: stranger, calls: 2000 };
  assert.equal(await blamed(context, [{ name: 'a' }, { name: 'b', beside }]), []);
});

test('a version that made it better is named, too, in green', async context => {
  assert.equal(
    await blamed(context, [
      { name: 'a', answered: 20 },
      { name: 'b', answered: 60 },
    ]),
    ['2 b ASR 0.20 0.60'],
  );
  assert.match(blameText(await blameReport(context.path, week), true), /\u001b\[32mquality changed with/);
});

test('two versions close together are each blamed for their own', async context => {
  const served = [
    { name: 'a', answered: 70 },
    { name: 'b', answered: 45 },
    { name: 'c', answered: 10, delayMs: 4000 },
  ];
  assert.equal(await blamed(context, served), [
    '2 b ASR 0.70 0.45',
    '3 c ASR 0.45 0.10',
    '3 c PDD 1.5e+3 4.0e+3',
  ]);
});

test('where there are too few calls no version is blamed, and that is what it says', async context => {
  assert.equal(
    await blamed(context, [
      { name: 'a', calls: 40, answered: 90 },
      { name: 'b', calls: 40, answered: 0 },
    ]),
    [],
  );
  const report = await blameReport(context.path, week);
  assert.is(report.test.isEnough, false);
  assert.match(blameText(report, false), 'not enough calls to tell: a change takes 50 on each side of it');
});

test('one version alone has nothing to be compared with', async context => {
  assert.equal(await blamed(context, [{ name: 'a', answered: 3 }]), []);
  assert.match(blameText(await blameReport(context.path, week), false), 'one version alone');
});

test('a version that served twice stands twice, and the rollback to it is named', async context => {
  const served: readonly Served[] = [
    { name: 'a', answered: 60 },
    { name: 'b', answered: 10 },
    { name: 'a', answered: 60, cause: 'rollback' },
  ];
  assert.equal(await blamed(context, served), ['2 b ASR 0.60 0.10', '3 a ASR 0.10 0.60']);
  const text = blameText(await blameReport(context.path, week), false);
  assert.match(
    text,
    'quality changed with the rollback 3 to aaaaaaaaaaaa by ann@noc-1 (it was better): ASR 10.0 %',
  );
});

test('what is tried on a share of the calls stands beside what serves the others', async context => {
  const canary: Served = { name: 'b', answered: 10, calls: 100, sharePercent: 5 };
  const served: readonly Served[] = [
    { name: 'a', answered: 60 },
    { ...canary, beside: { name: 'a', answered: 60 } },
    { name: 'a', answered: 60, cause: 'rolloutAborted' },
  ];
  assert.equal(await blamed(context, served), ['2 b ASR 0.60 0.10', '3 a ASR 0.10 0.60']);
  const { versions } = await blameReport(context.path, week);
  assert.equal(
    versions.map(({ activation, hash, calls }) => [activation, hash[0], calls]),
    [
      [1, 'a', 800],
      [2, 'b', 100],
      [3, 'a', 400],
    ],
  );
});

test('filters choose the calls whose quality is judged', async context => {
  const spoilt: Served = {
    name: 'b',
    answered: 5,
    more: { routingGateway: 'cheap', callee: '33612345678', billingCallee: '33612345678' },
  };
  await serve(context, [
    { name: 'a', beside: { ...spoilt, name: 'a', answered: 50 } },
    { name: 'b', beside: spoilt },
  ]);
  const found = async (more: object) => changesOf(await blameReport(context.path, { ...week, ...more }));

  assert.equal(await found({ gateway: 'cheap' }), ['2 b ASR 0.50 0.050']);
  assert.equal(await found({ prefix: '336' }), ['2 b ASR 0.50 0.050']);
  assert.equal(await found({ gateway: 'acme' }), []);
  assert.equal(await found({ prefix: '447' }), []);
  assert.equal(await found({ gateway: 'retail', account: 'northwind' }), ['2 b ASR 0.50 0.28']);
  assert.equal(await found({ account: 'nobody' }), []);
  assert.match(
    blameText(await blameReport(context.path, { ...week, account: 'nobody' }), false),
    /^no calls from/,
  );
});

test('a question over years is asked of the time in which there are records, and comes to the same', async context => {
  await serve(context, [{ name: 'a' }, { name: 'b', answered: 10 }]);
  const asked: number[] = [];
  const onProgress = (_: number, count: number): void => {
    asked.push(count);
  };
  const ages = { sinceMs: 0, untilMs: beganAtMs + 1000 * 24 * hourMs };
  const long = await blameReport(context.path, ages, onProgress);
  assert.equal(asked, [4, 4, 4, 4]);
  const { versions, changes } = await blameReport(context.path, week);
  assert.equal(long.versions, versions);
  assert.equal(long.changes, changes);
});

test('beyond two months it goes day by day', async context => {
  await serve(context, [{ name: 'a' }, { name: 'b', answered: 10 }]);
  const store = await SqliteStore.open({ path: context.path });
  await store.finishCall(
    cdr('much-later', { startedAtMs: beganAtMs + 70 * 24 * hourMs, snapshotHash: 'b'.repeat(64) }),
    [],
  );
  await store.close();
  const asked = new Set<number>();
  const report = await blameReport(
    context.path,
    { sinceMs: 0, untilMs: beganAtMs + 99 * 24 * hourMs },
    (_, count) => asked.add(count),
  );
  assert.equal([...asked], [71]);
  assert.equal(changesOf(report), ['2 b ASR 0.50 0.10']);
});

test.run();
