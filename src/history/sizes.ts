/** What the versions of a history take of a disk, and which of them are too much. */
import { BlobError, type Blobs } from './blobs.ts';
import { blobsOfCompiled } from './compiled-form.ts';
import { blobsOfFiles } from './file-packs.ts';

export interface SizedVersion {
  readonly hash: string;
  /** The blobs that lead to its files and its compiled form. */
  readonly files: string | null;
  readonly compiled: string | null;
  /** Whatever the bounds say. */
  readonly mustStay: boolean;
}

export interface Surplus {
  /** Hashes of versions to drop, and of others of which the compiled form is to go. */
  readonly versions: readonly string[];
  readonly compiled: readonly string[];
  /** Of what is left when they are gone; more than the bound where the rest must stay. */
  readonly bytes: number;
}

/** Of the bound is what is left, so that not each version that comes is one too much. */
const leftOfBound = 0.9;

/**
 * What has to go when all take more than `bytesMax`, for the rest to take nine tenths of that at most: compiled forms first, since the files are as good and take
 * longer only, and then versions, of each the oldest first. Versions share blobs, and a blob is gone with the last one
 * that needs it. `versions` are newest first.
 */
export function surplusOf(blobs: Blobs, versions: readonly SizedVersion[], bytesMax: number): Surplus {
  // A look at each file of one directory costs little, and is nearly always the end of it.
  const there = blobs.list().blobs.reduce((sum, blob) => sum + (blobs.size(blob) ?? 0), 0);
  if (there <= bytesMax) return { versions: [], compiled: [], bytes: there };
  const target = bytesMax * leftOfBound;
  const usage = new Usage(blobs);
  for (const { files, compiled } of versions) for (const root of [files, compiled]) usage.add(root);
  const oldestFirst = versions.filter(({ mustStay }) => !mustStay).reverse();
  const compiled: string[] = [];
  for (const version of oldestFirst) {
    if (usage.bytes <= target) break;
    if (version.compiled === null || version.files === null) continue;
    usage.remove(version.compiled);
    compiled.push(version.hash);
  }
  const dropped = new Set<string>();
  for (const version of oldestFirst) {
    if (usage.bytes <= target) break;
    usage.remove(version.files);
    if (!compiled.includes(version.hash)) usage.remove(version.compiled);
    dropped.add(version.hash);
  }
  return {
    versions: [...dropped],
    compiled: compiled.filter(hash => !dropped.has(hash)),
    bytes: usage.bytes,
  };
}

/** Every blob that a root leads to, and the root. What a damaged root leads to cannot be told, and is of no use. */
export function blobsBelow(blobs: Blobs, root: string): readonly string[] {
  try {
    return [root, ...(root.startsWith('m-') ? blobsOfFiles(blobs, root) : blobsOfCompiled(blobs, root))];
  } catch (error) {
    if (!(error instanceof BlobError)) throw error;
    return [root];
  }
}

/** How many bytes the blobs take that somebody needs. */
class Usage {
  readonly #blobs: Blobs;
  /** By root: what it leads to. */
  readonly #below = new Map<string, readonly string[]>();
  /** By blob: how many need it. */
  readonly #needed = new Map<string, number>();
  bytes = 0;

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  add(root: string | null): void {
    for (const blob of this.#of(root)) {
      const needed = this.#needed.get(blob) ?? 0;
      if (needed === 0) this.bytes += this.#blobs.size(blob) ?? 0;
      this.#needed.set(blob, needed + 1);
    }
  }

  remove(root: string | null): void {
    for (const blob of this.#of(root)) {
      const needed = this.#needed.get(blob)! - 1;
      this.#needed.set(blob, needed);
      if (needed === 0) this.bytes -= this.#blobs.size(blob) ?? 0;
    }
  }

  /** Versions share their roots, too, where one was kept under two names. */
  #of(root: string | null): readonly string[] {
    if (root === null) return [];
    let below = this.#below.get(root);
    if (below === undefined) {
      below = [...new Set(blobsBelow(this.#blobs, root))];
      this.#below.set(root, below);
    }
    return below;
  }
}
