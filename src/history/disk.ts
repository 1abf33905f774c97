/** What the history does to a disk, few enough operations for a test to have each of them fail. */
import {
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';

/** Synchronous, because only threads that may wait use it. Errors are those of Node. */
export interface Disk {
  /** Private to the user of the switch; nothing happens when it is there. */
  makeDirectory(path: string): void;
  /** Names in a directory. */
  list(path: string): readonly string[];
  /** Size in bytes, or null when there is no such file. */
  size(path: string): number | null;
  /** A new file with these parts, one behind the other, durable when it returns. */
  create(path: string, parts: readonly Uint8Array[]): void;
  rename(from: string, to: string): void;
  /** Makes the names in a directory durable. */
  syncDirectory(path: string): void;
  /** All of a file, into `into` of exactly its size; false when the file has another size. */
  read(path: string, into: Uint8Array): boolean;
  /** Files and folders; nothing happens when it is not there. */
  remove(path: string): void;
}

const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

export const realDisk: Disk = {
  makeDirectory: path => void mkdirSync(path, { recursive: true, mode: 0o700 }),
  list: path => readdirSync(path),
  size(path) {
    return statSync(path, { throwIfNoEntry: false })?.size ?? null;
  },
  create(path, parts) {
    const descriptor = openSync(path, createOnly, 0o600);
    try {
      for (const part of parts) writeAll(descriptor, part);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
  rename: renameSync,
  syncDirectory(path) {
    const descriptor = openSync(path, constants.O_RDONLY);
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  },
  read(path, into) {
    const descriptor = openSync(path, constants.O_RDONLY);
    try {
      let filled = 0;
      while (filled < into.length) {
        const count = readSync(descriptor, into, filled, into.length - filled, null);
        if (count === 0) return false;
        filled += count;
      }
      return readSync(descriptor, new Uint8Array(1), 0, 1, null) === 0;
    } finally {
      closeSync(descriptor);
    }
  },
  remove: path => rmSync(path, { recursive: true, force: true }),
};

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(descriptor, bytes, written, bytes.length - written);
  }
}
