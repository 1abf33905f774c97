/** Remembers what was made of a file for as long as the file has not been touched. */
import { statSync } from 'node:fs';

/** Told of each file, just before it is read, that an answer depends on. `path` is absolute. */
export interface Reading {
  opens(path: string): void;
}

/**
 * A change within this time of a reading could leave no trace: time stamps of files move on in steps of a few
 * milliseconds.
 */
const settledMs = 100;

interface Remembered {
  readonly value: unknown;
  /** By path, as the files were when they were read. */
  readonly stamps: ReadonlyMap<string, string>;
}

export interface Memory {
  /** Answers from memory when no file that the answer came from was touched, and makes it again otherwise. */
  recall<T>(key: string, make: (reading: Reading) => T): T;
  /** Forgets what was not asked for since the last call: its files are gone. */
  forgetUnused(): void;
}

/** For a single reading, which nothing is remembered for: looking at the time stamps of files would be in vain. */
export const noMemory: Memory = {
  recall: (_key, make) => make({ opens() {} }),
  forgetUnused() {},
};

/**
 * What one reading of a directory made of each file, for the next reading. `nowMs` is the clock of the file system's
 * time stamps.
 */
export class FileMemory implements Memory {
  readonly #nowMs: () => number;
  #known = new Map<string, Remembered>();
  #used = new Map<string, Remembered>();

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  recall<T>(key: string, make: (reading: Reading) => T): T {
    const known = this.#known.get(key);
    if (known !== undefined && isCurrent(known.stamps)) {
      this.#used.set(key, known);
      return known.value as T;
    }
    const beganAtMs = this.#nowMs();
    const stamps = new Map<string, string>();
    let settled = true;
    const value = make({
      opens: path => {
        const { stamp, changedAtMs } = stampOf(path);
        stamps.set(path, stamp);
        if (changedAtMs > beganAtMs - settledMs) settled = false;
      },
    });
    if (settled && isCurrent(stamps)) this.#used.set(key, { value, stamps });
    return value;
  }

  forgetUnused(): void {
    this.#known = this.#used;
    this.#used = new Map();
  }
}

function isCurrent(stamps: ReadonlyMap<string, string>): boolean {
  for (const [path, stamp] of stamps) {
    if (stampOf(path).stamp !== stamp) return false;
  }
  return true;
}

/** The time of the last change of the inode is beyond what tools can set back, as they do with the modification time. */
function stampOf(path: string): { readonly stamp: string; readonly changedAtMs: number } {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = statSync(path, { bigint: true });
    return { stamp: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`, changedAtMs: Number(ctimeMs) };
  } catch (error) {
    return { stamp: String((error as NodeJS.ErrnoException).code), changedAtMs: 0 };
  }
}
