/** What the files of a directory were when they were read, so that whoever keeps them can tell that they still are. */
import { createHash } from 'node:crypto';
import { relative, sep } from 'node:path';

export interface FileDigest {
  /** Relative to the directory, with forward slashes. */
  readonly path: string;
  /** Of its bytes, hex. */
  readonly sha256: string;
  readonly bytes: number;
}

export class FileDigests {
  readonly #byPath = new Map<string, FileDigest>();

  /** `path` lies below `directory`. */
  note(directory: string, path: string, bytes: Uint8Array): void {
    const known = relative(directory, path).split(sep).join('/');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.#byPath.set(known, { path: known, sha256, bytes: bytes.length });
  }

  /** null when one of them was never read. Forgets all others. */
  of(paths: readonly string[]): readonly FileDigest[] | null {
    const wanted = new Set(paths);
    for (const path of this.#byPath.keys()) if (!wanted.has(path)) this.#byPath.delete(path);
    return this.#byPath.size === wanted.size ? [...this.#byPath.values()] : null;
  }
}
