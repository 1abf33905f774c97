/**
 * What of a replay is done, on the disk, so that one that was interrupted goes on. A piece is there whole or not at all,
 * and the folder is named by everything that it depends on: another replay finds nothing of this one.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { replaceWhole } from '../report-file.ts';

const oldMs = 7 * 24 * 3_600_000;

export class KeptWork {
  /** null when nothing can be written: then nothing is kept but in memory. */
  readonly #folder: string | null;
  /** What could not be written. */
  readonly #inMemory = new Map<string, unknown>();

  private constructor(folder: string | null) {
    this.#folder = folder;
  }

  /** In a folder of `directory`, by name; made when it is missing. Others that nobody came back to are removed. */
  static open(directory: string, name: string, nowMs: number): KeptWork {
    const folder = join(directory, name);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      removeOld(directory, name, nowMs);
      return new KeptWork(folder);
    } catch {
      return new KeptWork(null);
    }
  }

  /** Whether an interrupted replay can go on. */
  get isKept(): boolean {
    return this.#folder !== null;
  }

  has(piece: string): boolean {
    if (this.#inMemory.has(piece)) return true;
    if (this.#folder === null) return false;
    return statSync(this.#path(this.#folder, piece), { throwIfNoEntry: false }) !== undefined;
  }

  /** null when it is not there, or damaged. */
  read<Value>(piece: string): Value | null {
    const inMemory = this.#inMemory.get(piece) as Value | undefined;
    if (inMemory !== undefined) return inMemory;
    if (this.#folder === null) return null;
    try {
      return deserialize(readFileSync(this.#path(this.#folder, piece))) as Value;
    } catch {
      return null;
    }
  }

  /** On a disk that is full, or gone, in memory. */
  keep(piece: string, value: unknown): void {
    try {
      if (this.#folder === null) this.#inMemory.set(piece, value);
      else replaceWhole(this.#path(this.#folder, piece), serialize(value), 0o600);
    } catch {
      this.#inMemory.set(piece, value);
    }
  }

  /** The replay is over, or begins anew. */
  forget(): void {
    this.#inMemory.clear();
    if (this.#folder === null) return;
    for (const name of existsSync(this.#folder) ? readdirSync(this.#folder) : [])
      rmSync(join(this.#folder, name), { force: true });
  }

  /** Nothing of it is wanted any more. */
  remove(): void {
    this.forget();
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
  }

  #path(folder: string, piece: string): string {
    return join(folder, `${piece}.piece`);
  }
}

function removeOld(directory: string, name: string, nowMs: number): void {
  for (const other of readdirSync(directory)) {
    if (other === name || !/^[0-9a-f]{32}$/.test(other)) continue;
    const path = join(directory, other);
    if (nowMs - statSync(path).mtimeMs > oldMs) rmSync(path, { recursive: true, force: true });
  }
}
