/**
 * Pieces of versions as files of one directory. The name of a blob follows from what is in it, so that versions share
 * what they have in common, and one that is there is never written again. A blob appears under its name when it is
 * whole and durable; whatever else is in the directory was left by a process that was killed.
 */
import { join } from 'node:path';
import type { Disk } from './disk.ts';

/** `f`: a file, `p`: a pack of small files, `m`: the list of these, `a`: arrays, `s`: what the arrays belong to. */
export type BlobKind = 'f' | 'p' | 'm' | 'a' | 's';

const nameSyntax = /^[fpmas]-[0-9a-f]{64}$/;

/** A blob is not there, or not what was written. */
export class BlobError extends Error {
  readonly blob: string;
  readonly kind: 'missing' | 'damaged';

  constructor(blob: string, kind: 'missing' | 'damaged') {
    super(kind === 'missing' ? `${blob} is missing` : `${blob} is damaged`);
    this.name = 'BlobError';
    this.blob = blob;
    this.kind = kind;
  }
}

export class Blobs {
  readonly directory: string;
  readonly #disk: Disk;
  #unfinished = 0;

  constructor(directory: string, disk: Disk) {
    this.directory = directory;
    this.#disk = disk;
  }

  /** Makes the directory when it is missing. */
  open(): void {
    this.#disk.makeDirectory(this.directory);
  }

  /** Of `bytes`, when it is known how many it must have. */
  has(name: string, bytes?: number): boolean {
    const size = this.#disk.size(this.#path(name));
    return size !== null && (bytes === undefined || size === bytes);
  }

  size(name: string): number | null {
    return this.#disk.size(this.#path(name));
  }

  /** Whole or not at all, whatever happens. Its name is durable after `sync`. */
  put(name: string, parts: readonly Uint8Array[]): void {
    const path = this.#path(name);
    this.#unfinished += 1;
    const unfinished = join(this.directory, `unfinished-${process.pid}-${name}-${this.#unfinished}`);
    try {
      this.#disk.create(unfinished, parts);
      this.#disk.rename(unfinished, path);
    } catch (error) {
      this.#tryRemove(unfinished);
      throw error;
    }
  }

  /** Every blob that is there stays there, even after a power cut. */
  sync(): void {
    this.#disk.syncDirectory(this.directory);
  }

  /** @throws BlobError when it is missing, or has another size than `into` */
  readInto(name: string, into: Uint8Array): void {
    try {
      if (this.#disk.read(this.#path(name), into)) return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BlobError(name, 'missing');
      throw error;
    }
    throw new BlobError(name, 'damaged');
  }

  /** @throws BlobError when it is missing */
  read(name: string): Buffer {
    const size = this.#disk.size(this.#path(name));
    if (size === null) throw new BlobError(name, 'missing');
    const bytes = Buffer.allocUnsafe(size);
    this.readInto(name, bytes);
    return bytes;
  }

  /** One that is damaged has to go, so that it is written anew the next time that it is needed. */
  remove(name: string): void {
    this.#disk.remove(this.#path(name));
  }

  /** Names of all blobs, and of everything else that is in the directory. */
  list(): { readonly blobs: readonly string[]; readonly leftovers: readonly string[] } {
    const names = this.#disk.list(this.directory);
    return {
      blobs: names.filter(name => nameSyntax.test(name)),
      leftovers: names.filter(name => !nameSyntax.test(name)),
    };
  }

  removeLeftover(name: string): void {
    this.#disk.remove(join(this.directory, name));
  }

  #path(name: string): string {
    if (!nameSyntax.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a blob`);
    return join(this.directory, name);
  }

  #tryRemove(path: string): void {
    try {
      this.#disk.remove(path);
    } catch {
      // It is swept away at the next start; what went wrong before is worth more.
    }
  }
}
