/**
 * A program that serves two versions from a network on a disk of its own, fills that disk up, and goes back to the
 * older one, of which only the files are left. Prints what came of it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDaemon } from '../../src/live/daemon.ts';
import type { StatusReport } from '../../src/live/operations.ts';
import { openWriter } from '../../src/store/writer.ts';
import { typeIn } from '../cli/example-directory.ts';
import { FakeLog } from '../live/fakes.ts';
import { writeRates } from '../live/network.ts';

const path = process.argv[2]!;
const directory = { path, remove() {} };
const log = new FakeLog();
const start = () => startDaemon({ directory: path, log, env: {} });
const filler = join(path, 'var', 'filler');

async function statusWhen(isTrue: (status: StatusReport) => boolean): Promise<StatusReport> {
  for (let tries = 0; tries < 400; tries += 1) {
    const status = JSON.parse((await typeIn(directory, ['status', '--json'])).out) as StatusReport;
    if (isTrue(status)) return status;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('it never came true');
}

/** Until not one more byte fits, a few at a time at last. */
function fillUp(): void {
  for (let bytes = 1 << 20; bytes >= 1; bytes >>= 1) {
    try {
      for (let part = 0; ; part += 1) writeFileSync(`${filler}-${bytes}-${part}`, Buffer.alloc(bytes));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

const isDurable = ({ decisions }: StatusReport) => decisions.pending === 0;
let daemon = await start();
const older = daemon.snapshotHash;
await statusWhen(isDurable);
writeRates(path, 'retail', '0.75');
await typeIn(directory, ['reload']);
await statusWhen(isDurable);
await daemon.stop(0, new Promise<void>(() => {}));
const writer = await openWriter(join(path, 'var', 'class4.db'));
await writer.database.run('UPDATE version SET compiled = NULL, program = NULL WHERE hash = ?', [older]);
await writer.close();
daemon = await start();
await statusWhen(isDurable);
fillUp();
const rollback = await typeIn(directory, ['rollback', '--reason', 'the disk is full, too', '--json']);
const { snapshot } = await statusWhen(() => true);
process.stdout.write(JSON.stringify({ rollback, older, serving: snapshot.hash, log: log.lines }));
process.exit(0);
