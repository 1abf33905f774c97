/** Keeps reading within a directory, whatever the symbolic links in it say. */
import { constants, openSync, realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { FileDigests } from './file-digests.ts';
import { readSteadily } from './steady.ts';

// Without O_NONBLOCK opening a named pipe would wait for its writer.
const forReading = constants.O_RDONLY | constants.O_NONBLOCK;

/** Not every system has it. */
const noFollow: number | undefined = constants.O_NOFOLLOW;

/**
 * Opens the files of one directory, and none that its links lead out to. It remembers which folders lie within, so it
 * is to be made anew for each reading of the directory.
 */
export class Confinement {
  readonly directory: string;
  readonly #boundary: string;
  readonly #folders = new Map<string, boolean>();
  readonly #digests: FileDigests | null;
  readonly #steadily: boolean;
  #areSteady = true;

  /** Paths are those of `directory`; links must not lead out of `boundary`, which is the directory unless it is said. */
  constructor(
    directory: string,
    boundary: string = directory,
    digests: FileDigests | null = null,
    steadily = false,
  ) {
    this.directory = directory;
    this.#steadily = steadily;
    this.#boundary = boundary;
    this.#digests = digests;
  }

  /** Each file that was read so far stood still meanwhile. */
  get areSteady(): boolean {
    return this.#areSteady;
  }

  /** As `readSteadily` where that was asked for, and null where it was not. */
  readSteadily(descriptor: number, limitBytes: number): Buffer | null {
    if (!this.#steadily) return null;
    const bytes = readSteadily(descriptor, limitBytes);
    if (bytes === null) this.#areSteady = false;
    return bytes;
  }

  /** All of a file that was opened was read. */
  noteRead(path: string, bytes: Uint8Array): void {
    this.#digests?.note(this.directory, path, bytes);
  }

  /** The descriptor of a file below the directory, or null for a link that leads out. Throws as `openSync`. */
  open(path: string): number | null {
    // What is no link lies where its folder lies, which saves asking for the real path of thousands of files.
    if (noFollow !== undefined && this.#holdsFolder(dirname(path))) {
      try {
        return openSync(path, forReading | noFollow);
      } catch (error) {
        if (!isLinkRefused(error)) throw error;
      }
    }
    return isWithin(this.#boundary, path) ? openSync(path, forReading) : null;
  }

  #holdsFolder(folder: string): boolean {
    let holds = this.#folders.get(folder);
    if (holds === undefined) {
      holds = isWithin(this.#boundary, folder);
      this.#folders.set(folder, holds);
    }
    return holds;
  }
}

/** Linux and macOS say ELOOP, FreeBSD EMLINK. */
function isLinkRefused(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ELOOP' || code === 'EMLINK';
}

/**
 * False when `path` is, through links of its own or of a folder, a file outside of `directory`. Links that stay inside
 * are fine: Kubernetes mounts a ConfigMap as links into a folder of the day. True for a path that leads nowhere: what
 * is wrong with it shows when it is read.
 */
function isWithin(directory: string, path: string): boolean {
  const real = realPath(path);
  // Nothing on the way is a link, as with almost every file.
  if (real === path) return true;
  const top = realPath(directory);
  if (real === null || top === null) return true;
  return real === top || real.startsWith(top.endsWith(sep) ? top : top + sep);
}

function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null;
  }
}
