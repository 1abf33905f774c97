/** Files that a command reads and writes for its user. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from '../config/read/file.ts';
import { UsageError } from './arguments.ts';
import { writeReport } from './report-file.ts';

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

/** Writes a file whole or not at all, with the folders it needs. @throws UsageError */
export function writeWhole(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${reasonOf(error)}`);
  }
  writeReport(path, text);
}
