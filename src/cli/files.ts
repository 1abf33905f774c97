/** Files that a command reads and writes for its user. */
import { lstatSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { reasonOf } from '../config/read/file.ts';
import { UsageError } from './arguments.ts';
import { writeReport } from './report-file.ts';
import { rewriteFile } from './rewrite-file.ts';

/** @throws UsageError when it cannot be read, or has more than `limitBytes`. */
export function readUserFile(path: string, shown: string, limitBytes: number): Buffer {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw new UsageError(`${shown} is a directory`);
    if (stat.size > limitBytes) {
      throw new UsageError(`${shown} has ${stat.size} bytes; at most ${limitBytes} are read`);
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${shown}: ${reasonOf(error)}`);
  }
}

/**
 * Writes a file whole or not at all, with the folders it needs. One that is there keeps its permissions and its owner,
 * so that the switch can read it as before. @throws UsageError
 */
export function writeWhole(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) rewriteFile(path, text);
  else writeReport(path, text);
}

/** Refuses to write where a link of the directory leads out of it. @throws UsageError */
export function refuseLinkOut(directory: string, path: string): void {
  const top = realpathSync(directory);
  // What is not there yet lies where the nearest folder above it does.
  for (let there = join(directory, path); there !== directory; there = dirname(there)) {
    const isThere = lstatSync(there, { throwIfNoEntry: false }) !== undefined;
    if (!isThere) continue;
    const way = relative(top, realPathOf(there));
    if (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
    throw new UsageError(`${path} leads out of the configuration directory by a link; nothing was written`);
  }
}

/** @throws UsageError for a link that leads nowhere. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
}
