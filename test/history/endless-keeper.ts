/** A program that keeps and activates one version after the other until it is killed. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '../../src/diagnostics/logger.ts';
import { historyDirectory, SwitchHistory } from '../../src/history/switch-history.ts';
import { LoadingThread } from '../../src/live/loading-thread.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';

const directory = process.argv[2]!;
const path = join(directory, 'var', 'class4.db');
await SqliteStore.open({ path, sole: true });
const table = await SqliteVersionTable.open({ path });
const keeping = new LoadingThread(directory);
const around = { keeping, log: silentLogger, clock: Date.now };
const history = new SwitchHistory({ table, directory: historyDirectory(path), ...around });
const file = join(directory, 'gateways', 'routing', 'northlink.yaml');
const deck = join(directory, 'rates', 'northlink.csv');

for (;;) {
  const { snapshot } = await keeping.load();
  if (snapshot === null) throw new Error('the configuration is broken');
  await history.keep(snapshot);
  const usual = { cause: 'edit', by: 'class4', reason: null, sharePercent: 100 } as const;
  const { id } = await history.activate({ ...usual, hash: snapshot.hash, beganAtMs: Date.now() });
  process.stdout.write('.');
  const lines = `lines: ${100 + (id % 900)}`;
  rewrite(file, text => text.replace(/^lines: \d+/m, lines));
  rewrite(deck, text => text.replace(/,0\.\d+,/, `,0.${1000 + (id % 9000)},`));
}

/** Whole or not at all, since it may be the moment of the kill. */
function rewrite(path: string, change: (text: string) => string): void {
  writeFileSync(`${path}.tmp`, change(readFileSync(path, 'utf8')));
  renameSync(`${path}.tmp`, path);
}
