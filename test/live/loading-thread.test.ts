import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { putTogether } from '../../src/config/handover/whole.ts';
import { Blobs } from '../../src/history/blobs.ts';
import { CompiledForms } from '../../src/history/compiled-form.ts';
import { realDisk } from '../../src/history/disk.ts';
import { programIdentity } from '../../src/history/program.ts';
import { LoadingThread } from '../../src/live/loading-thread.ts';

interface Context {
  top: string;
  threads: LoadingThread[];
}

const test = suite<Context>('live/loading-thread');
const example = fileURLToPath(new URL('../../../examples/every-feature/', import.meta.url));

test.before.each(context => {
  context.top = mkdtempSync(join(tmpdir(), 'class4-loading-'));
  cpSync(example, join(context.top, 'configuration'), { recursive: true });
  context.threads = [];
});

test.after.each(async ({ top, threads }) => {
  await Promise.all(threads.map(thread => thread.close()));
  rmSync(top, { recursive: true, force: true });
});

function started({ top, threads }: Context): LoadingThread {
  const thread = new LoadingThread(join(top, 'configuration'));
  threads.push(thread);
  return thread;
}

test('a version that another thread loaded is kept whole, again and again, and without its files', async context => {
  const { snapshot, diagnostics } = await started(context).load();
  assert.ok(snapshot !== null, JSON.stringify(diagnostics));
  const into = join(context.top, 'history');
  const other = started(context);
  const kept = [await other.keep(snapshot, into), await other.keep(snapshot, into)];
  const forms = new CompiledForms(new Blobs(into, realDisk), programIdentity());
  for (const { blobs } of kept) {
    assert.is(blobs.files, null);
    assert.equal(putTogether(forms.restore(blobs.compiled).whole), snapshot);
  }
});

test('a version is kept with its files by the thread that loaded it', async context => {
  const thread = started(context);
  const { snapshot } = await thread.load();
  const { blobs } = await thread.keep(snapshot!, join(context.top, 'history'));
  assert.ok(blobs.files !== null && blobs.fileCount > 0);
});

test('a version that was loaded before is there still, and shares with the next one what did not change', async context => {
  const thread = started(context);
  const { snapshot: before } = await thread.load();
  const file = join(context.top, 'configuration', 'switch.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^name: .*$/m, 'name: another'));
  const { snapshot: after } = await thread.load();

  assert.is.not(after!.hash, before!.hash);
  assert.is(thread.recall(before!.hash), before);
  assert.is(thread.recall(after!.hash), after);
  assert.is(after!.routingGateways[0], before!.routingGateways[0]);
  assert.is(thread.recall('another'), null);
});

test('of what a thread loaded that died nothing is held', async context => {
  const thread = started(context);
  const { snapshot } = await thread.load();
  await thread.close();
  assert.is(thread.recall(snapshot!.hash), null);
});

test.run();
