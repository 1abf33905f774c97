/** Remembers what was made of a file for as long as the file has not been touched. */
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';

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
  /** By path (relative in a checkout), as the files were when they were read. */
  readonly stamps: ReadonlyMap<string, string>;
}

export interface Memory {
  /** Answers from memory when no file that the answer came from was touched, and makes it again otherwise. */
  recall<T>(key: string, make: (reading: Reading) => T): T;
  /** Forgets what was not asked for since the last call: its files are gone. */
  forgetUnused(): void;
  /**
   * From now on the files stand in a directory that nobody changes. Files that a directory before it had too are links
   * to them, and known.
   */
  turnTo(checkout: string): void;
}

/** For a single reading, which nothing is remembered for: looking at the time stamps of files would be in vain. */
export const noMemory: Memory = {
  recall: (_key, make) => make({ opens() {} }),
  forgetUnused() {},
  turnTo() {},
};

/**
 * What one reading of a directory made of each file, for the next reading. `nowMs` is the clock of the file system's
 * time stamps.
 */
export class FileMemory implements Memory {
  readonly #nowMs: () => number;
  #known = new Map<string, Remembered>();
  #used = new Map<string, Remembered>();
  #checkout: string | null = null;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  recall<T>(key: string, make: (reading: Reading) => T): T {
    const known = this.#known.get(key);
    if (known !== undefined && this.#areCurrent(known.stamps)) {
      this.#used.set(key, known);
      return known.value as T;
    }
    const beganAtMs = this.#nowMs();
    const stamps = new Map<string, string>();
    let settled = true;
    const value = make({
      opens: path => {
        const { stamp, changedAtMs } = this.#stampOf(path);
        stamps.set(this.#checkout === null ? path : relative(this.#checkout, path), stamp);
        if (this.#checkout === null && changedAtMs > beganAtMs - settledMs) settled = false;
      },
    });
    if (settled && this.#areCurrent(stamps)) this.#used.set(key, { value, stamps });
    return value;
  }

  forgetUnused(): void {
    this.#known = this.#used;
    this.#used = new Map();
  }

  turnTo(checkout: string): void {
    this.#checkout = checkout;
  }

  #areCurrent(stamps: ReadonlyMap<string, string>): boolean {
    for (const [path, stamp] of stamps) {
      const absolute = this.#checkout === null ? path : join(this.#checkout, path);
      if (this.#stampOf(absolute).stamp !== stamp) return false;
    }
    return true;
  }

  /**
   * The time of the last change of the inode is beyond what tools can set back, as they do with the modification time.
   * Where nobody changes anything it only tells of new links, and does not count.
   */
  #stampOf(path: string): { readonly stamp: string; readonly changedAtMs: number } {
    try {
      const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = statSync(path, { bigint: true });
      const changed = this.#checkout === null ? ` ${ctimeNs}` : '';
      return { stamp: `${dev} ${ino} ${size} ${mtimeNs}${changed}`, changedAtMs: Number(ctimeMs) };
    } catch (error) {
      return { stamp: String((error as NodeJS.ErrnoException).code), changedAtMs: 0 };
    }
  }
}
