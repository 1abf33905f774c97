/** Which files of a configuration directory somebody changes, and in what way. */
import { stampsNow } from './config-files.ts';

export interface FileChange {
  /** Relative to the directory. */
  readonly path: string;
  /**
   * `replaced`: another file has its name now, as when it is written beside and renamed. `growing`: the same file, longer than
   * before, as when it is copied here over a slow line. `rewritten`: anything else, also when it came or went.
   */
  readonly how: 'replaced' | 'rewritten' | 'growing';
}

export interface ChangesSeen {
  readonly count: number;
  /** The first ones. */
  readonly some: readonly FileChange[];
}

const mostTold = 10;

export class FileChanges {
  readonly #directory: string;
  #stamps: ReadonlyMap<string, string> = new Map();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Since the last look; at the first one everything came. */
  look(): ChangesSeen {
    const before = this.#stamps;
    const after = stampsNow(this.#directory);
    this.#stamps = after;
    const paths = [...new Set([...before.keys(), ...after.keys()])];
    const changed = paths.filter(path => before.get(path) !== after.get(path));
    const some = changed.slice(0, mostTold).map(path => ({
      path,
      how: howChanged(before.get(path), after.get(path)),
    }));
    // What grows is what one has to wait for, wherever it stands.
    const growing = changed.find(path => howChanged(before.get(path), after.get(path)) === 'growing');
    if (growing !== undefined && !some.some(({ path }) => path === growing)) {
      some.unshift({ path: growing, how: 'growing' });
    }
    return { count: changed.length, some };
  }
}

function howChanged(before: string | undefined, after: string | undefined): FileChange['how'] {
  const [inodeBefore, sizeBefore] = before?.split(' ') ?? [];
  const [inodeAfter, sizeAfter] = after?.split(' ') ?? [];
  if (sizeBefore === undefined || sizeAfter === undefined) return 'rewritten';
  if (inodeBefore !== inodeAfter) return 'replaced';
  return Number(sizeAfter) > Number(sizeBefore) ? 'growing' : 'rewritten';
}
