/** Writes versions, in the thread that loaded them. */
import type { Snapshot } from '../config/snapshot.ts';
import { Blobs } from './blobs.ts';
import { CompiledForms } from './compiled-form.ts';
import { type Disk, realDisk } from './disk.ts';
import { keepFiles, type ReadFile } from './file-packs.ts';
import type { VersionFile } from './history.ts';
import { programIdentity } from './program.ts';

/** What a row of the database says of a version that is on the disk, whole and durable. */
export interface KeptBlobs extends KeptForm {
  /** The blob that leads to the files; null when they had changed again. */
  readonly files: string | null;
  readonly fileCount: number;
  /** Before compression. */
  readonly fileBytes: number;
}

export interface KeptForm {
  /** The blob that leads to the compiled form. */
  readonly compiled: string;
  /** Which program can read that. */
  readonly program: string;
}

export class VersionKeeper {
  readonly #blobs: Blobs;
  readonly #forms: CompiledForms;

  /** `directory` is where the blobs are. */
  constructor(directory: string, disk: Disk = realDisk) {
    this.#blobs = new Blobs(directory, disk);
    this.#forms = new CompiledForms(this.#blobs, programIdentity());
  }

  /** Durable when it returns. `files` is null when nobody knows them. @throws what the disk says */
  keep(snapshot: Snapshot, files: readonly VersionFile[] | null, read: ReadFile): KeptBlobs {
    this.#blobs.open();
    const list = files === null ? null : keepFiles(this.#blobs, files, read);
    const compiled = this.#forms.keep(snapshot.hash, snapshot);
    this.#blobs.sync();
    return {
      files: list,
      fileCount: list === null ? 0 : files!.length,
      fileBytes: list === null ? 0 : files!.reduce((sum, { bytes }) => sum + bytes, 0),
      compiled,
      program: programIdentity(),
    };
  }
}
