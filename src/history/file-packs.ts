/**
 * The files of a configuration as blobs: large ones each by itself, small ones in packs of neighbours, so that a
 * version of thousands of files costs a few hundred blobs, and an edit one pack and the list. Where a pack ends depends
 * on the names of files alone, so that neighbours of what was edited stay what they are.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { BlobError, type Blobs } from './blobs.ts';
import type { VersionFile } from './history.ts';

const largeBytes = 64 * 1024;
const packBytesMax = 1024 * 1024;
/** A pack ends behind a path whose digest begins with less than this, so about one in 64 does. */
const packEndsBelow = 4;
/** Decks are large, and much of what they hold is the same digits: more effort saves little. */
const compression = { level: 3 };

interface List {
  readonly format: 1;
  readonly packs: readonly { readonly blob: string; readonly firstPath: string }[];
  readonly large: readonly VersionFile[];
}

/** Returns the bytes of a file as they were when its digest was taken, or null when they are gone. */
export type ReadFile = (file: VersionFile) => Uint8Array | null;

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Writes what is not there yet, and returns the name of the blob that leads to all the others; null when a file is not
 * any more what it was.
 */
export function keepFiles(blobs: Blobs, files: readonly VersionFile[], read: ReadFile): string | null {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const large = sorted.filter(({ bytes }) => bytes >= largeBytes);
  for (const file of large) {
    const blob = `f-${file.sha256}`;
    if (blobs.has(blob)) continue;
    const bytes = read(file);
    if (bytes === null) return null;
    blobs.put(blob, [deflateRawSync(bytes, compression)]);
  }
  const packs: { blob: string; firstPath: string }[] = [];
  for (const members of packed(sorted.filter(({ bytes }) => bytes < largeBytes))) {
    const blob = packName(members);
    packs.push({ blob, firstPath: members[0]!.path });
    if (blobs.has(blob)) continue;
    const parts: Uint8Array[] = [];
    for (const member of members) {
      const bytes = read(member);
      if (bytes === null) return null;
      parts.push(bytes);
    }
    blobs.put(blob, [deflateRawSync(Buffer.concat([head(members), ...parts]), compression)]);
  }
  const list: List = { format: 1, packs, large };
  const bytes = deflateRawSync(Buffer.from(JSON.stringify(list)), compression);
  const name = `m-${sha256Of(bytes)}`;
  if (!blobs.has(name, bytes.length)) blobs.put(name, [bytes]);
  return name;
}

/** All files of a version, by path. @throws BlobError */
export function listFiles(blobs: Blobs, name: string): readonly VersionFile[] {
  const { packs, large } = readList(blobs, name);
  const files = [...large, ...packs.flatMap(({ blob }) => readPack(blobs, blob).members)];
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The bytes of each file of a version, in no particular order. @throws BlobError */
export function* readFiles(
  blobs: Blobs,
  name: string,
): Generator<{ readonly file: VersionFile; readonly bytes: Uint8Array }> {
  const { packs, large } = readList(blobs, name);
  for (const file of large) yield { file, bytes: readLarge(blobs, file) };
  for (const { blob } of packs) {
    const pack = readPack(blobs, blob);
    for (const file of pack.members) yield { file, bytes: bytesIn(pack, file, blob) };
  }
}

/** null when the version has no such file. @throws BlobError */
export function readFileOf(blobs: Blobs, name: string, path: string): Uint8Array | null {
  const { packs, large } = readList(blobs, name);
  const file = large.find(candidate => candidate.path === path);
  if (file !== undefined) return readLarge(blobs, file);
  const place = packs.findLast(({ firstPath }) => firstPath <= path);
  if (place === undefined) return null;
  const pack = readPack(blobs, place.blob);
  const member = pack.members.find(candidate => candidate.path === path);
  return member === undefined ? null : bytesIn(pack, member, place.blob);
}

/** The blobs that a version's files need besides the list itself. @throws BlobError */
export function blobsOfFiles(blobs: Blobs, name: string): readonly string[] {
  const { packs, large } = readList(blobs, name);
  return [...packs.map(({ blob }) => blob), ...large.map(({ sha256 }) => `f-${sha256}`)];
}

function packed(files: readonly VersionFile[]): readonly (readonly VersionFile[])[] {
  const packs: VersionFile[][] = [];
  let open: VersionFile[] = [];
  let bytes = 0;
  for (const file of files) {
    open.push(file);
    bytes += file.bytes;
    const endsHere = createHash('sha256').update(file.path).digest()[0]! < packEndsBelow;
    if (!endsHere && bytes < packBytesMax) continue;
    packs.push(open);
    open = [];
    bytes = 0;
  }
  if (open.length > 0) packs.push(open);
  return packs;
}

function packName(members: readonly VersionFile[]): string {
  const lines = members.map(({ path, sha256, bytes }) => `${JSON.stringify(path)} ${sha256} ${bytes}\n`);
  return `p-${createHash('sha256').update(lines.join('')).digest('hex')}`;
}

function head(members: readonly VersionFile[]): Buffer {
  const text = Buffer.from(JSON.stringify(members));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text]);
}

interface Pack {
  readonly members: readonly VersionFile[];
  readonly bytes: Buffer;
}

function readPack(blobs: Blobs, blob: string): Pack {
  const whole = inflate(blobs, blob);
  if (whole.length < 4) throw new BlobError(blob, 'damaged');
  const end = 4 + whole.readUInt32LE(0);
  const members = parse(whole.subarray(4, end), blob);
  if (!areMembers(members) || packName(members) !== blob) throw new BlobError(blob, 'damaged');
  return { members, bytes: whole.subarray(end) };
}

/** What was damaged may still be JSON. */
function areMembers(value: unknown): value is readonly VersionFile[] {
  return Array.isArray(value) && value.every(member => typeof member === 'object' && member !== null);
}

function bytesIn({ members, bytes }: Pack, file: VersionFile, blob: string): Uint8Array {
  const before = members.slice(0, members.indexOf(file));
  const start = before.reduce((sum, member) => sum + member.bytes, 0);
  return checked(bytes.subarray(start, start + file.bytes), file.sha256, blob);
}

function readLarge(blobs: Blobs, { sha256 }: VersionFile): Uint8Array {
  const blob = `f-${sha256}`;
  return checked(inflate(blobs, blob), sha256, blob);
}

function readList(blobs: Blobs, name: string): List {
  const bytes = blobs.read(name);
  return parse(inflateBytes(checked(bytes, name.slice(2), name), name), name) as List;
}

function inflate(blobs: Blobs, blob: string): Buffer {
  return inflateBytes(blobs.read(blob), blob);
}

function inflateBytes(bytes: Uint8Array, blob: string): Buffer {
  try {
    return inflateRawSync(bytes);
  } catch {
    throw new BlobError(blob, 'damaged');
  }
}

function parse(bytes: Buffer, blob: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new BlobError(blob, 'damaged');
  }
}

function checked(bytes: Uint8Array, sha256: string, blob: string): Uint8Array {
  if (sha256Of(bytes) !== sha256) throw new BlobError(blob, 'damaged');
  return bytes;
}
