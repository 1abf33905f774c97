/** Two directories that hold mostly the same files: what was made of a file of the first serves for its equal in the second. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import type { Memory, Reading } from '../../config/read/file-memory.ts';

interface Made {
  readonly value: unknown;
  /** Relative to the first directory; null for what cannot stand for anything in another directory. */
  readonly files: readonly string[] | null;
}

/** Remembers one reading of one directory, for one reading of another. */
export class SameFiles {
  readonly #first: string;
  readonly #made = new Map<string, Made>();

  constructor(first: string) {
    this.#first = first;
  }

  /** For the reading of the first directory. */
  remember(): Memory {
    return {
      recall: (key, make) => {
        const paths: string[] = [];
        const value = make({ opens: path => paths.push(path) });
        this.#made.set(key, { value, files: this.#own(paths) });
        return value;
      },
      forgetUnused() {},
      turnTo() {},
    };
  }

  /** For the reading of `second`. */
  compareWith(second: string): Memory {
    return {
      recall: <T>(key: string, make: (reading: Reading) => T): T => {
        const made = this.#made.get(key);
        if (made?.files?.every(file => isSame(this.#first, second, file)) === true) return made.value as T;
        return make({ opens() {} });
      },
      forgetUnused() {},
      turnTo() {},
    };
  }

  #own(paths: readonly string[]): readonly string[] | null {
    const own = paths.map(path => relative(this.#first, path));
    return own.some(path => path === '..' || path.startsWith(`..${sep}`)) ? null : own;
  }
}

/** Whether both hold the same bytes under this name, and neither by a link, which may lead elsewhere. */
function isSame(first: string, second: string, file: string): boolean {
  try {
    const [one, other] = [ownPath(first, file), ownPath(second, file)];
    if (one === null || other === null) return false;
    if (one === other) return true;
    if (statSync(one).size !== statSync(other).size) return false;
    return readFileSync(one).equals(readFileSync(other));
  } catch {
    return false;
  }
}

function ownPath(directory: string, file: string): string | null {
  const path = `${realpathSync(directory)}${sep}${file}`;
  return realpathSync(path) === path && statSync(path).isFile() ? path : null;
}
