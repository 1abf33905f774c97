/** Puts new contents into a file that is there: whole or not at all, with the permissions and owner it has. */
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reasonOf } from '../config/read/file.ts';
import { UsageError } from './arguments.ts';
import { writeAll } from './report-file.ts';

/**
 * A link stays a link, and the file that it leads to is written. Whoever reads meanwhile, and whatever interrupts us,
 * finds the old file or the new one. `path` is absolute. @throws UsageError
 */
export function rewriteFile(path: string, text: string): void {
  let temporary: string | null = null;
  try {
    const target = realpathSync(path);
    const { mode, uid, gid } = statSync(target);
    // The name of a hidden file is looked at by nobody who reads the configuration.
    temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    const descriptor = openSync(temporary, 'wx', 0o600);
    try {
      writeAll(descriptor, Buffer.from(text));
      keepOwner(descriptor, uid, gid);
      fchmodSync(descriptor, mode & 0o7777);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, target);
  } catch (error) {
    if (temporary !== null) rmSync(temporary, { force: true });
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}

/** Only the superuser may give a file away; for anybody else it stays his own, as with every editor. */
function keepOwner(descriptor: number, uid: number, gid: number): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}
