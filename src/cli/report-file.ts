/** Writes a report whole or not at all: whoever waits for the file never reads half of it. */
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { type Arguments, UsageError } from './arguments.ts';
import type { Io } from './io.ts';

/** What --output names, or another option: absolute; null when nobody asks for it. @throws UsageError */
export function outputPath(args: Arguments, io: Io, option = 'output'): string | null {
  const output = args.value(option);
  if (output === undefined) return null;
  if (output === '') throw new UsageError(`the name of the ${option} file is empty text`);
  return resolve(io.workingDirectory, output);
}

/** What --junit names: absolute; null when nobody asks for it. @throws UsageError */
export function junitPath(args: Arguments, io: Io): string | null {
  const path = args.value('junit');
  if (path === undefined) return null;
  if (path === '') throw new UsageError('the name of the JUnit file is empty text');
  return resolve(io.workingDirectory, path);
}

/** `path` is absolute. @throws UsageError when it cannot be written; what stood there before is then untouched. */
export function writeReport(path: string, text: string): void {
  try {
    const existing = statSync(path, { throwIfNoEntry: false });
    // A pipe or a device cannot be replaced by another file.
    if (existing !== undefined && !existing.isFile() && !existing.isDirectory()) writeFileSync(path, text);
    else replace(existing === undefined ? path : realpathSync(path), text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UsageError(`cannot write ${path}: ${reasons[code] ?? `the system says ${code}`}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};

function replace(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const descriptor = openSync(temporary, 'w');
    try {
      writeAll(descriptor, Buffer.from(text));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

type Write = (descriptor: number, bytes: Buffer, offset: number, length: number) => number;

/** The system may take less than it is given, for example when the disk is nearly full. */
export function writeAll(descriptor: number, bytes: Buffer, write: Write = writeSync): void {
  for (let at = 0; at < bytes.length; ) at += write(descriptor, bytes, at, bytes.length - at);
}
