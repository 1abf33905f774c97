/**
 * Where the database of a directory was when a switch last ran. The history stands there, and says whether a version is
 * held; switch.yaml, which names the database, may be broken or another one by then.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeDirectory } from '../../control/socket.ts';

const name = 'last-store.json';

/** `store.path` as it was written, or null when no switch has run here, or nobody can tell. */
export function readLastStore(directory: string): string | null {
  try {
    const { path } = JSON.parse(readFileSync(join(runtimeDirectory(directory), name), 'utf8')) as {
      readonly path?: unknown;
    };
    return typeof path === 'string' && path !== '' ? path : null;
  } catch {
    return null;
  }
}

/** Whole or not at all, and durable when it returns. @throws what the disk says */
export function writeLastStore(directory: string, path: string): void {
  if (readLastStore(directory) === path) return;
  const file = join(runtimeDirectory(directory), name);
  mkdirSync(runtimeDirectory(directory), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.${process.pid}`;
  const descriptor = openSync(unfinished, 'w', 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify({ path })}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(unfinished, file);
  syncDirectory(runtimeDirectory(directory));
}

/** Without it a power cut may take the name of the file back. */
function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
