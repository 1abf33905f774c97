/** Configuration directories for tests: a few files in a place that goes away. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { printDiagnostics } from '../../src/diagnostics/print.ts';

export type Files = Readonly<Record<string, string | Buffer>>;

export function withFiles<T>(files: Files, use: (directory: string) => T): T {
  const directory = directoryOf(files);
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** As `withFiles`, for what takes longer: the directory stays until it is done. */
export async function withFilesAsync<T>(files: Files, use: (directory: string) => Promise<T>): Promise<T> {
  const directory = directoryOf(files);
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function directoryOf(files: Files): string {
  const directory = mkdtempSync(join(tmpdir(), 'class4-config-'));
  for (const [path, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), contents);
  }
  return directory;
}

/** The Snapshot of files that must be good. */
export function snapshotOf(files: Files): Snapshot {
  return withFiles(files, directory => {
    const { snapshot, diagnostics } = loadConfiguration(directory);
    if (snapshot === null) throw new Error(printDiagnostics(diagnostics, 'text'));
    return snapshot;
  });
}

/** What is said about files. */
export function saidAbout(files: Files): string {
  return withFiles(files, directory => printDiagnostics(loadConfiguration(directory).diagnostics, 'text'));
}
