/** Brings a version back, in a thread that may wait: from its compiled form, or else from its files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Snapshot } from '../config/snapshot.ts';
import { BlobError, type Blobs } from './blobs.ts';
import { CompiledForms } from './compiled-form.ts';
import { readFiles } from './file-packs.ts';
import { HistoryError } from './history-error.ts';
import { programIdentity } from './program.ts';

export interface VersionBlobs {
  readonly hash: string;
  readonly files: string | null;
  readonly compiled: string | null;
  readonly program: string | null;
}

export interface Restored {
  readonly snapshot: Snapshot;
  /** Why it had to be compiled from its files; null when it came from its compiled form. */
  readonly compiledBecause: string | null;
}

/** @throws HistoryError when neither the compiled form nor the files can be used */
export async function restoreVersion(blobs: Blobs, version: VersionBlobs): Promise<Restored> {
  const fromForm = restoreCompiled(blobs, version);
  if ('snapshot' in fromForm) return { ...fromForm, compiledBecause: null };
  if (version.files === null) {
    throw new HistoryError(
      `the version ${version.hash.slice(0, 12)} cannot be restored: ${fromForm.problem}, and its files were not kept`,
      'go back to another version, see `class4 history`',
    );
  }
  return {
    snapshot: await compileFiles(blobs, version.hash, version.files),
    compiledBecause: fromForm.problem,
  };
}

/** Without its files. A blob that is damaged is removed, so that it is written again when it is kept again. */
export function restoreCompiled(
  blobs: Blobs,
  { hash, compiled, program }: VersionBlobs,
): { readonly snapshot: Snapshot } | { readonly problem: string } {
  if (compiled === null) return { problem: 'its compiled form was dropped' };
  if (program !== programIdentity()) return { problem: 'another version of class4 compiled it' };
  try {
    const snapshot = new CompiledForms(blobs, program).restore(compiled) as Snapshot;
    if (snapshot.hash !== hash) return { problem: 'its compiled form is that of another version' };
    return { snapshot };
  } catch (error) {
    // The next version that needs the same blob is to write it again, and not to trust this one.
    if (error instanceof BlobError && error.kind === 'damaged') blobs.remove(error.blob);
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Writes the files of a version below a directory that has none of them. @throws BlobError */
export function writeFiles(blobs: Blobs, files: string, directory: string): void {
  for (const { file, bytes } of readFiles(blobs, files)) {
    const path = join(directory, file.path);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 });
  }
}

async function compileFiles(blobs: Blobs, hash: string, files: string): Promise<Snapshot> {
  const short = hash.slice(0, 12);
  const directory = mkdtempSync(join(blobs.directory, 'restore-'));
  try {
    writeFiles(blobs, files, directory);
    // Only here, because it takes a while to load all of it, and a compiled form does not need it.
    const { ConfigurationLoader } = await import('../config/load.ts');
    const { snapshot, diagnostics } = new ConfigurationLoader(directory).load({ forManyCalls: true });
    if (snapshot !== null) return snapshot;
    const [first] = diagnostics;
    throw new HistoryError(
      `the version ${short} is none that this class4 can use: ${first?.place.file ?? ''}: ${first?.message ?? ''}`,
      'go back to another version, or run the class4 that wrote it',
    );
  } catch (error) {
    if (!(error instanceof BlobError)) throw error;
    throw new HistoryError(
      `the version ${short} cannot be restored: ${error.message}`,
      `check the disk below ${blobs.directory}; go back to another version, see \`class4 history\``,
      { cause: error },
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
