/** Files that a command reads and writes for its user. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { reasonOf } from '../config/read/file.ts';
import { UsageError } from './arguments.ts';

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
 * Writes a file whole or not at all: a reader sees the old contents or the new, also after a crash. A symbolic link keeps
 * pointing where it points.
 * @throws UsageError
 */
export function writeWhole(path: string, shown: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const target = resolved(path);
    // Hidden files are not looked at by whoever watches the directory.
    const draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    try {
      const descriptor = openSync(draft, 'wx', modeOf(target));
      try {
        writeAll(descriptor, Buffer.from(text));
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(draft, target);
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    throw new UsageError(`cannot write ${shown}: ${reasonOf(error)}`);
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written);
  }
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function modeOf(path: string): number {
  return (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o666) & 0o777;
}
