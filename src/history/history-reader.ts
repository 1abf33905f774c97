/** What the thread of the history does. */
import type { Snapshot } from '../config/snapshot.ts';
import type { Blobs } from './blobs.ts';
import { CompiledForms } from './compiled-form.ts';
import { listFiles, readFileOf } from './file-packs.ts';
import type { HistoryRequest } from './history-thread.ts';
import { programIdentity } from './program.ts';
import { restoreVersion } from './restore.ts';
import { scratchPlaces } from './scratch.ts';
import { blobsBelow, surplusOf } from './sizes.ts';
import type { KeptForm } from './version-keeper.ts';

export class HistoryReader {
  readonly #blobs: Blobs;
  readonly #forms: CompiledForms;
  /** What was compiled from files, until its compiled form is kept. */
  #compiled: Snapshot | null = null;

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
    this.#forms = new CompiledForms(blobs, programIdentity());
  }

  /** @throws HistoryError, BlobError, or what the disk says */
  async answer(request: HistoryRequest): Promise<unknown> {
    switch (request.kind) {
      case 'restore': {
        const restored = await restoreVersion(
          this.#blobs,
          request.version,
          scratchPlaces(this.#blobs.directory),
          this.#forms,
        );
        if ('snapshot' in restored) this.#compiled = restored.snapshot;
        return restored;
      }
      case 'keepForm':
        return this.#keepForm(request.hash);
      case 'program':
        return programIdentity();
      case 'files':
        return listFiles(this.#blobs, request.list);
      case 'file':
        return readFileOf(this.#blobs, request.list, request.path);
      case 'surplus':
        return surplusOf(this.#blobs, request.versions, request.bytesMax);
      case 'sweep':
        return { removed: sweep(this.#blobs, request.roots) };
    }
  }

  #keepForm(hash: string): KeptForm | null {
    const snapshot = this.#compiled;
    this.#compiled = null;
    if (snapshot?.hash !== hash) return null;
    const compiled = this.#forms.keep(snapshot.hash, snapshot);
    this.#blobs.sync();
    return { compiled, program: programIdentity() };
  }
}

/** Removes every blob that no root leads to, and what a process that was killed left; returns how many. */
export function sweep(blobs: Blobs, roots: readonly string[]): number {
  blobs.open();
  const needed = new Set(roots);
  for (const root of roots) for (const blob of blobsBelow(blobs, root)) needed.add(blob);
  const there = blobs.list();
  const unneeded = there.blobs.filter(blob => !needed.has(blob));
  for (const blob of unneeded) blobs.remove(blob);
  for (const name of there.leftovers) blobs.removeLeftover(name);
  return unneeded.length + there.leftovers.length;
}
