import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfiguration } from '../../src/config/load.ts';
import { historyDirectory, SwitchHistory } from '../../src/history/switch-history.ts';
import { LoadingThread } from '../../src/live/loading-thread.ts';
import { SqliteVersionTable } from '../../src/store/sqlite-version-table.ts';
import { exampleDirectory } from '../cli/example-directory.ts';
import { FakeLog } from '../live/fakes.ts';

const test = suite('history/kill');
const program = fileURLToPath(new URL('./endless-keeper.js', import.meta.url));
const rounds = 5;

/** Runs the program until it has written so many versions, and then a moment longer. */
function runAndKill(directory: string, versions: number, moreMs: number): Promise<void> {
  const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let written = 0;
  child.stdout.on('data', (data: Buffer) => {
    written += data.length;
    if (written >= versions) setTimeout(() => child.kill('SIGKILL'), moreMs);
  });
  return new Promise((resolve, reject) => {
    child.on('exit', (_, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error('it ended by itself')),
    );
  });
}

test('a process that is killed at any moment leaves whole versions, and one that serves', async () => {
  const { path, remove } = exampleDirectory();
  const file = join(path, 'switch.yaml');
  // Old versions are dropped and swept away all the time, too.
  writeFileSync(file, `${readFileSync(file, 'utf8')}\nhistory: { versions: 4, compiledVersions: 2 }\n`);
  const storePath = join(path, 'var', 'class4.db');
  const blobs = historyDirectory(storePath);
  for (let round = 0; round < rounds; round++) {
    await runAndKill(path, 3, round * 17);
    const log = new FakeLog();
    const table = await SqliteVersionTable.open({ path: storePath });
    const keeping = new LoadingThread(path);
    const history = new SwitchHistory({ table, directory: blobs, keeping, log, clock: Date.now });
    await history.sweep(loadConfiguration(path).snapshot!.switch.history);
    const [serving] = await history.activations(1);
    const versions = await table.versions();
    assert.ok(versions.some(({ hash }) => hash === serving?.hash));
    for (const { hash, files, compiled } of versions) {
      assert.is((await history.restore(hash)).hash, hash);
      // Between loading and keeping the program itself changes nothing.
      assert.type(files, 'string');
      if (compiled !== null) continue;
      assert.match(log.lines.join('\n'), new RegExp(`compiled from its files hash=${hash}`));
    }
    await history.close();
    await keeping.close();
    assert.ok(readdirSync(blobs).every(name => /^[fpmas]-/.test(name)));
  }
  remove();
});

test.run();
