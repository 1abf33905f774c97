/** Brings a version back, in a thread that may wait: from its compiled form, or else from its files. */
import type { WholeSnapshot } from '../config/handover/whole.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { BlobError, type Blobs } from './blobs.ts';
import { CompiledForms } from './compiled-form.ts';
import { readFiles } from './file-packs.ts';
import type { VersionCommit } from './history.ts';
import { HistoryError } from './history-error.ts';
import { programIdentity } from './program.ts';
import { scratchPlaces, withScratch } from './scratch.ts';

export interface VersionBlobs {
  readonly hash: string;
  readonly commit: VersionCommit | null;
  readonly files: string | null;
  readonly compiled: string | null;
  readonly program: string | null;
}

export type Restored =
  /** From its compiled form, in parts. */
  | { readonly whole: WholeSnapshot; readonly compiledBecause: null }
  /** From its files; `compiledBecause` says why. */
  | { readonly snapshot: Snapshot; readonly compiledBecause: string };

/**
 * `places` are where its files can stand while they are compiled, tried in this order; `forms` are those of this program.
 * @throws HistoryError when neither the compiled form nor the files can be used
 */
export async function restoreVersion(
  blobs: Blobs,
  version: VersionBlobs,
  places: readonly string[] = scratchPlaces(blobs.directory),
  forms = new CompiledForms(blobs, programIdentity()),
): Promise<Restored> {
  const fromForm = restoreCompiled(blobs, version, forms);
  if ('whole' in fromForm) return { ...fromForm, compiledBecause: null };
  if (version.files === null) {
    throw new HistoryError(
      `the version ${version.hash.slice(0, 12)} cannot be restored: ${fromForm.problem}, and its files were not kept`,
      'go back to another version, see `class4 history`',
    );
  }
  return {
    snapshot: await compileFiles(blobs, version, version.files, places),
    compiledBecause: fromForm.problem,
  };
}

/** Without its files. A blob that is damaged is removed, so that it is written again when it is kept again. */
export function restoreCompiled(
  blobs: Blobs,
  { hash, compiled, program }: VersionBlobs,
  forms = new CompiledForms(blobs, programIdentity()),
): { readonly whole: WholeSnapshot } | { readonly problem: string } {
  if (compiled === null) return { problem: 'its compiled form was dropped' };
  if (program !== programIdentity()) return { problem: 'another version of class4 compiled it' };
  try {
    const form = forms.restore(compiled);
    if (form.hash !== hash) return { problem: 'its compiled form is that of another version' };
    return { whole: form.whole };
  } catch (error) {
    // The next version that needs the same blob is to write it again, and not to trust this one.
    if (error instanceof BlobError && error.kind === 'damaged') tryRemove(blobs, error.blob);
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A disk that cannot be written to is no reason to keep somebody from going back. */
function tryRemove(blobs: Blobs, blob: string): void {
  try {
    blobs.remove(blob);
  } catch {
    // It is found damaged the next time again, and until then the files serve.
  }
}

async function compileFiles(
  blobs: Blobs,
  { hash, commit }: VersionBlobs,
  files: string,
  places: readonly string[],
): Promise<Snapshot> {
  const short = hash.slice(0, 12);
  // Only here, because it takes a while to load all of it, and a compiled form does not need it.
  const { ConfigurationLoader } = await import('../config/load.ts');
  try {
    const { snapshot, diagnostics } = withScratch(
      places,
      () => readFiles(blobs, files),
      directory => new ConfigurationLoader(directory).load({ forManyCalls: true }),
    );
    // Where they stand for the moment may be within a repository, which knows nothing of them.
    if (snapshot !== null) return { ...snapshot, commit: commit?.commit ?? null };
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
  }
}
