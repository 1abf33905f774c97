import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openCall } from '../store/records.ts';

import {
  activate,
  begin,
  type Context,
  edit,
  end,
  load,
  open,
  rejects,
  reopen,
  serve,
} from './kept-versions.ts';

const test = suite<Context>('history/switch-history');

test.before.each(begin);
test.after.each(end);

test('a version comes back exactly as it was, indexes and all, after the files became others', async context => {
  const first = await serve(context);
  edit(context, 77);
  const second = await serve(context);
  await reopen(context);
  rmSync(join(context.path, 'gateways'), { recursive: true });

  assert.is.not(first.hash, second.hash);
  assert.equal(await context.history.restore(first.hash), first);
  assert.equal(await context.history.restore(second.hash), second);
  assert.ok((await context.history.restore(first.hash)).indexes !== null);
  assert.equal(context.log.lines, []);
});

test('the files of a version are those that were loaded, byte by byte', async context => {
  const bytes = readFileSync(join(context.path, 'gateways', 'routing', 'northlink.yaml'));
  const { hash } = await serve(context);
  edit(context, 77);
  const version = await context.history.find(hash.slice(0, 4));

  assert.is(version?.hash, hash);
  assert.ok(version?.files?.some(({ path }) => path === 'switch.yaml'));
  assert.ok(version?.files?.some(({ path }) => path.endsWith('.csv')));
  const kept = await context.history.file(hash, 'gateways/routing/northlink.yaml');
  assert.is(Buffer.compare(Buffer.from(kept), bytes), 0);
  await rejects(context.history.file(hash, 'gateways/nowhere.yaml'), /has no file gateways\/nowhere/);
});

test('files that changed between loading and keeping are not kept as if they were the version', async context => {
  const snapshot = await load(context);
  edit(context, 78);
  await context.history.keep(snapshot);

  const version = await context.history.find(snapshot.hash.slice(0, 8));
  assert.is(version?.files, null);
  assert.equal(await context.history.restore(snapshot.hash), snapshot);
});

test('keeping again is cheap, and learns the files that were missing', async context => {
  const snapshot = await load(context);
  edit(context, 78);
  await context.history.keep(snapshot);
  const text = readFileSync(join(context.path, 'gateways', 'routing', 'northlink.yaml'), 'utf8');
  const lines = snapshot.routingGateways.find(({ name }) => name === 'northlink')?.lines;
  writeFileSync(
    join(context.path, 'gateways', 'routing', 'northlink.yaml'),
    text.replace('lines: 78', `lines: ${lines}`),
  );
  const again = await load(context);
  await context.history.keep(again);

  assert.is(again.hash, snapshot.hash);
  assert.is.not((await context.history.find(snapshot.hash))?.files ?? null, null);
});

test('a compiled form that is damaged or gone is made from the files, which is said, and made good', async context => {
  const snapshot = await serve(context);
  for (const spoil of [damage, removeAll]) {
    context.log.lines.length = 0;
    spoil(context.blobs, 's-');
    assert.equal(await context.history.restore(snapshot.hash), snapshot);
    assert.match(
      context.log.lines.join('\n'),
      /was compiled from its files.*s-[0-9a-f]+ is (?:damaged|missing)/,
    );
    await context.history.sweep(snapshot.switch.history);
    context.log.lines.length = 0;
    assert.equal(await context.history.restore(snapshot.hash), snapshot);
    assert.equal(context.log.lines, []);
  }
});

test('what this release compiled from the files of a version of another one serves the next time, too', async context => {
  const { hash } = await serve(context);
  const row = (await context.table.version(hash))!;
  const oldName = 'abcdef01'.repeat(8);
  await context.table.putVersion({ ...row, hash: oldName, program: 'another release' });

  assert.is((await context.history.restore(oldName)).hash, hash);

  assert.equal(context.log.lines, [], 'nothing was compiled');
  const { compiled } = row;
  rmSync(join(context.blobs, compiled!));
  assert.is((await context.history.restore(oldName)).hash, hash);
  assert.match(context.log.lines.join(), /another version of class4 compiled it/);
});

test('a version of which nothing is left says so', async context => {
  const { hash } = await serve(context);
  removeAll(context.blobs, '');
  await rejects(context.history.restore(hash), /cannot be restored: m-[0-9a-f]+ is missing/);
  await rejects(context.history.restore('f'.repeat(64)), /no version ffffffffffff/);
});

function damage(directory: string, prefix: string): void {
  for (const name of readdirSync(directory).filter(each => each.startsWith(prefix))) {
    const bytes = readFileSync(join(directory, name));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(directory, name), bytes);
  }
}

function removeAll(directory: string, prefix: string): void {
  for (const name of readdirSync(directory)) if (name.startsWith(prefix)) rmSync(join(directory, name));
}

test('what a killed process left is swept away at the next start, and no version with it', async context => {
  const snapshot = await serve(context);
  const stray = `a-${'0'.repeat(64)}`;
  writeFileSync(join(context.blobs, stray), 'half');
  writeFileSync(join(context.blobs, 'unfinished-1-f'), 'half');
  mkdirSync(join(context.blobs, 'restore-xyz'));
  await reopen(context);
  await context.history.sweep(snapshot.switch.history);

  const names = readdirSync(context.blobs);
  assert.ok(
    names.every(name => /^[fpmas]-/.test(name) && name !== stray),
    names.join(' '),
  );
  assert.equal(await context.history.restore(snapshot.hash), snapshot);
});

test('versions beyond the bound go with their blobs; what serves and what served before stay', async context => {
  const file = join(context.path, 'switch.yaml');
  const rule = '\nhistory: { versions: 2, days: 30, compiledVersions: 2 }\n';
  writeFileSync(file, `${readFileSync(file, 'utf8')}${rule}`);
  const hashes: string[] = [];
  for (let lines = 50; lines < 54; lines++) {
    edit(context, lines);
    context.nowMs += 1000;
    hashes.push((await serve(context)).hash);
  }
  await context.history.sweep((await load(context)).switch.history);

  const kept = (await context.table.versions()).map(({ hash }) => hash);
  assert.equal(kept, [hashes[3], hashes[2]]);
  assert.is((await context.history.find('previous'))?.hash, hashes[2]);
  await rejects(context.history.find('1'), /was not kept, or was dropped/);
  assert.is(readdirSync(context.blobs).filter(name => name.startsWith('s-')).length, 2);
});

test('versions go when all of them take more of the disk than they may, and not those of calls in progress', async context => {
  const file = join(context.path, 'switch.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nhistory: { megabytes: 1 }\n`);
  const hashes: string[] = [];
  for (let deck = 0; deck < 6; deck++) {
    const rows = Array.from(
      { length: 12_000 },
      (_, row) => `${100_000 + row * 7 + deck},0.${1000 + (row % 8999)},60/60`,
    );
    writeFileSync(
      join(context.path, 'rates', 'northlink.csv'),
      `Prefix,Rate,Increments\n${rows.join('\n')}\n`,
    );
    context.nowMs += 1000;
    const { hash } = await serve(context);
    hashes.push(hash);
    if (deck === 1) await context.store.journal(openCall('a-long-one', { snapshotHash: hash }));
  }
  await context.history.sweep((await load(context)).switch.history);

  const kept = await context.table.versions();
  const [, second, , , before, serving] = hashes;
  for (const hash of [serving!, before!, second!]) {
    assert.is((await context.history.restore(hash)).hash, hash);
  }
  const gone = hashes.filter(hash => !kept.some(row => row.hash === hash));
  assert.ok(gone.includes(hashes[0]!), `${kept.length} are left`);
  assert.is(context.log.lines.length, 1, 'what must stay takes more than the bound, which is said once');
  assert.match(context.log.lines[0]!, /more of the disk than `history.megabytes` says.*megabytes=2 bound=1/);
});

test('an activation and its hold are one step, and both survive', async context => {
  const first = await serve(context, { cause: 'start' });
  edit(context, 77);
  await serve(context);
  const hold = { hash: first.hash, by: 'ann@noc', reason: 'UK mobile', sinceMs: context.nowMs };
  await activate(context, first.hash, { cause: 'rollback', by: 'ann@noc', reason: 'UK mobile', hold });
  context.nowMs += 5000;
  await reopen(context);

  assert.equal(await context.history.hold(), hold);
  const [newest] = await context.history.activations(9);
  assert.equal([newest?.id, newest?.cause, newest?.endedAtMs], [3, 'rollback', context.nowMs]);
  await activate(context, first.hash, { cause: 'resume', hold: null });
  assert.is(await context.history.hold(), null);
});

test('a trial ends no version that serves, and the end of the trial ends both', async context => {
  const { hash } = await serve(context, { cause: 'start' });
  await activate(context, 'b'.repeat(64), { sharePercent: 5 });
  assert.equal(
    (await context.history.activations(9)).map(({ endedAtMs }) => endedAtMs),
    [null, null],
  );
  context.nowMs += 10;
  await activate(context, hash, { cause: 'rolloutAborted', reason: 'ASR fell' });

  const ends = (await context.history.activations(9)).map(({ endedAtMs }) => endedAtMs);
  assert.equal(ends, [null, context.nowMs, context.nowMs]);
});

test('what was killed has no end, and a clock that is set back ends nothing before it began', async context => {
  const { hash } = await serve(context, { cause: 'start' });
  const killed = context.history;
  await open(context);
  await activate(context, hash, { cause: 'start' });
  assert.is((await context.history.activations(9))[1]?.endedAtMs, null);
  const beganAtMs = context.nowMs;
  context.nowMs -= 60_000;
  await activate(context, hash);
  assert.is((await context.history.activations(9))[1]?.endedAtMs, beganAtMs);
  await context.history.close();
  context.history = killed;
});

test('a disk that takes nothing is an error that people can read, and the next try succeeds', async context => {
  const snapshot = await load(context);
  writeFileSync(context.blobs, 'in the way');
  await rejects(context.history.keep(snapshot), /cannot be kept: .*EEXIST|ENOTDIR/);
  rmSync(context.blobs);
  await context.history.keep(snapshot);
  assert.equal(await context.history.restore(snapshot.hash), snapshot);
});

test('a version that the thread does not remember is kept in its compiled form', async context => {
  const snapshot = await load(context);
  await context.loading.close();
  await context.history.keep(snapshot);

  assert.is((await context.history.find(snapshot.hash))?.files, null);
  assert.equal(await context.history.restore(snapshot.hash), snapshot);
});

test.run();
