/**
 * Where the files of a version stand while they are compiled. The disk of the history may be full when somebody has to
 * go back at once, so that memory that looks like a disk is as good a place.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { VersionFile } from './history.ts';
import { HistoryError } from './history-error.ts';

const prefix = 'restore-';
/** Among the files of other programs. */
const prefixAmongOthers = `class4-${prefix}`;

/** In the order in which they are tried; the first one is the history's own, and is swept with it. */
export function scratchPlaces(blobsDirectory: string): readonly string[] {
  return [blobsDirectory, '/dev/shm', tmpdir()];
}

export interface ScratchFile {
  readonly file: VersionFile;
  readonly bytes: Uint8Array;
}

/**
 * Has `work` done with a directory that has these files and nothing else, and is gone afterwards. `files` is asked once
 * for each place that is tried. @throws HistoryError when no place takes them; what `files` and `work` throw
 */
export function withScratch<Result>(
  places: readonly string[],
  files: () => Iterable<ScratchFile>,
  work: (directory: string) => Result,
): Result {
  const refusals: string[] = [];
  for (const [index, place] of places.entries()) {
    if (index > 0) removeAbandoned(place);
    const directory = fill(join(place, index === 0 ? prefix : prefixAmongOthers), files, refusals);
    if (directory === null) continue;
    try {
      return work(directory);
    } finally {
      tryRemove(directory);
    }
  }
  throw new HistoryError(
    `no disk takes its files for as long as they are compiled (${refusals.join('; ')})`,
    `free some space below ${places.join(' or ')}, or go back to a version whose compiled form is kept`,
  );
}

/** Into a directory that has none of them. */
export function writeFiles(files: Iterable<ScratchFile>, directory: string): void {
  for (const { file, bytes } of files) {
    const path = join(directory, file.path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
  }
}

/** null when the place does not take them. */
function fill(start: string, files: () => Iterable<ScratchFile>, refusals: string[]): string | null {
  let directory: string | null = null;
  try {
    directory = mkdtempSync(`${start}${process.pid}-`);
    writeFiles(files(), directory);
    return directory;
  } catch (error) {
    if (directory !== null) tryRemove(directory);
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    refusals.push(error.message);
    return null;
  }
}

/** A process that was killed could not. */
function removeAbandoned(place: string): void {
  try {
    for (const name of readdirSync(place)) {
      const owner = name.startsWith(prefixAmongOthers)
        ? /^\d+/.exec(name.slice(prefixAmongOthers.length))
        : null;
      if (owner !== null && !isAlive(Number(owner[0]))) tryRemove(join(place, name));
    }
  } catch {
    // A place that cannot be listed is not there; that is found out by writing to it.
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function tryRemove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // What cannot be removed now is swept away later.
  }
}
