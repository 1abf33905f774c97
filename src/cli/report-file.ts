/** Writes a report whole or not at all: whoever waits for the file never reads half of it. */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Arguments, UsageError } from './arguments.ts';
import type { Io } from './io.ts';

/** The options that name files for reports, and what those are called. */
const fileWords = {
  output: 'output',
  junit: 'JUnit',
  'coverage-output': 'coverage',
  markdown: 'Markdown',
  'json-file': 'JSON',
} as const;

export type ReportOption = keyof typeof fileWords;

/** What --output names: absolute; null when the report goes to standard output. @throws UsageError */
export function outputPath(args: Arguments, io: Io): string | null {
  return reportPath('output', args, io);
}

/** Where an option says that a report goes: absolute; null when it says nothing. @throws UsageError */
export function reportPath(option: ReportOption, args: Arguments, io: Io): string | null {
  const path = args.value(option);
  if (path === undefined) return null;
  if (path === '') throw new UsageError(`the name of the ${fileWords[option]} file is empty text`);
  return resolve(io.workingDirectory, path);
}

/**
 * Before the work is done that the reports tell of: each has a file of its own, in a folder in which it can be made.
 * @throws UsageError
 */
export function checkReportPaths(args: Arguments, io: Io): void {
  const taken = new Map<string, string>();
  for (const option of Object.keys(fileWords) as ReportOption[]) {
    const path = reportPath(option, args, io);
    if (path === null) continue;
    const other = taken.get(path);
    if (other !== undefined) throw new UsageError(`--${other} and --${option} name the same file`);
    taken.set(path, option);
    checkFolder(path);
  }
}

/** Whether a report can be made there. @throws UsageError */
export function checkFolder(path: string): void {
  try {
    const existing = statSync(path, { throwIfNoEntry: false });
    // The dot asks for a folder, and not only for something that may be written to.
    if (existing === undefined) accessSync(`${dirname(path)}/.`, constants.W_OK);
    else if (existing.isFile()) accessSync(dirname(realpathSync(path)), constants.W_OK);
    else if (existing.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * `path` is absolute; `text` may come in pieces, for one that is too long for a string.
 * @throws UsageError when it cannot be written; what stood there before is then untouched.
 */
export function writeReport(path: string, text: string | Iterable<string>): void {
  const pieces = typeof text === 'string' ? [text] : text;
  try {
    const existing = statSync(path, { throwIfNoEntry: false });
    // A pipe or a device cannot be replaced by another file.
    if (existing !== undefined && !existing.isFile() && !existing.isDirectory()) writeThrough(path, pieces);
    else replaceWhole(existing === undefined ? path : realpathSync(path), buffersOf(pieces));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return new UsageError(`cannot write ${path}: ${reasons[code] ?? `the system says ${code}`}`);
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

function writeThrough(path: string, pieces: Iterable<string>): void {
  const descriptor = openSync(path, 'w');
  try {
    for (const piece of pieces) writeFileSync(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
}

function* buffersOf(pieces: Iterable<string>): Generator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece);
}

/** Whoever reads the file finds what was there or the new bytes, even when the process is killed. Errors are those of Node. */
export function replaceWhole(path: string, bytes: Buffer | Iterable<Buffer>, mode?: number): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const descriptor = openSync(temporary, 'w', mode);
    try {
      for (const piece of Buffer.isBuffer(bytes) ? [bytes] : bytes) writeAll(descriptor, piece);
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
