/** Writes the files of one commit into a directory of their own, which nobody changes afterwards. */
import { constants } from 'node:fs';
import { link, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Git, GitError } from './git.ts';
import type { TreeFile } from './repository.ts';

export interface CheckedOut {
  readonly directory: string;
  readonly files: readonly TreeFile[];
}

export interface CheckoutOptions {
  readonly git: Git;
  readonly files: readonly TreeFile[];
  /** Must not exist; it is there when everything is in it. */
  readonly directory: string;
  /** Files that are the same there are shared with it: a deck of a million rates is written once. */
  readonly like: CheckedOut | null;
  readonly signal: AbortSignal;
}

const timeoutMs = 10 * 60_000;
const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);

/** @throws GitError, or what the disk says */
export async function checkOut(options: CheckoutOptions): Promise<CheckedOut> {
  const { directory, files } = options;
  const unfinished = `${directory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  try {
    await mkdir(unfinished, { recursive: true });
    for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
      await mkdir(join(unfinished, folder), { recursive: true });
    }
    await write(options, unfinished);
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
  return { directory, files };
}

async function write({ git, files, like, signal }: CheckoutOptions, into: string): Promise<void> {
  const shared = new Map(like?.files.map(file => [file.path, file]));
  const missing: TreeFile[] = [];
  for (const file of files) {
    const isShared = file.kind === 'file' && shared.get(file.path)?.object === file.object;
    if (isShared && (await tryLink(join(like!.directory, file.path), join(into, file.path)))) continue;
    missing.push(file);
  }
  if (missing.length === 0) return;
  const objects = missing.map(({ object }) => object);
  const links = await git.stream(['cat-file', '--batch'], objects, { timeoutMs, signal }, output =>
    writeBlobs(output, missing, into),
  );
  // Links come last, so that no file is ever written through one.
  for (const { path, target } of links) await symlink(target, join(into, path));
}

/** Some file systems have no links; then the file is written. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch {
    return false;
  }
}

interface LinkToMake {
  readonly path: string;
  readonly target: string;
}

async function writeBlobs(
  output: Readable,
  files: readonly TreeFile[],
  into: string,
): Promise<readonly LinkToMake[]> {
  const bytes = new ByteReader(output);
  const links: LinkToMake[] = [];
  for (const { path, kind, object } of files) {
    const head = await bytes.line();
    const [, found, size] = /^(\S+) blob (\d+)$/.exec(head) ?? [];
    if (found !== object || size === undefined) throw damaged(`missing blob of ${path}`);
    if (kind === 'link') {
      const parts: Buffer[] = [];
      await bytes.take(Number(size), async part => void parts.push(part));
      links.push({ path, target: Buffer.concat(parts).toString('utf8') });
    } else {
      // Nobody is meant to edit here.
      const file = await open(join(into, path), createOnly, 0o444);
      try {
        await bytes.take(Number(size), async part => {
          await file.writeFile(part);
        });
      } finally {
        await file.close();
      }
    }
    await bytes.take(1, async () => undefined);
  }
  return links;
}

function damaged(message: string): GitError {
  return new GitError('failed', message, null, message);
}

/** Lines and counted bytes, one after the other. */
class ByteReader {
  readonly #parts: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(output: Readable) {
    this.#parts = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async line(): Promise<string> {
    const parts: Buffer[] = [];
    for (;;) {
      const end = this.#rest.indexOf(10);
      if (end >= 0) {
        parts.push(this.#rest.subarray(0, end));
        this.#rest = this.#rest.subarray(end + 1);
        return Buffer.concat(parts).toString('utf8');
      }
      parts.push(this.#rest);
      await this.#more();
    }
  }

  async take(count: number, use: (part: Buffer) => Promise<void>): Promise<void> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) await this.#more();
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      await use(part);
    }
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#parts.next();
    if (done === true) throw damaged('git ended in the middle of a file: corrupt');
    this.#rest = value;
  }
}
