/** Reads one file of the world with all that can be wrong with it. */
import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, fstatSync } from 'node:fs';

import { diagnose } from '../../diagnostics/collect.ts';
import type { Diagnostic, Place } from '../../diagnostics/diagnostic.ts';
import type { Confinement } from './links.ts';
import { readAll } from './steady.ts';

export type FileContents = { readonly bytes: Buffer } | { readonly problem: Diagnostic };

/**
 * The bytes of an ordinary file of at most `limitBytes`. `place` is where the reader should look when it fails:
 * the file itself, or the line that names it. Links must not lead out of
 * the directory of `confinement`.
 */
export function readBytes(
  path: string,
  place: Place,
  name: string,
  limitBytes: number,
  confinement: Confinement,
): FileContents {
  let descriptor: number | null;
  try {
    descriptor = confinement.open(path);
  } catch (error) {
    return { problem: unreadable(place, name, error) };
  }
  if (descriptor === null) {
    return {
      problem: diagnose('C4008', place, `${name} is a link that leads out of the configuration directory`),
    };
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) {
      const what = stat.isDirectory() ? 'a directory' : 'not an ordinary file';
      return { problem: diagnose('C4002', place, `${name} is ${what}`) };
    }
    if (stat.size > limitBytes) return { problem: tooLarge(place, name, stat.size, limitBytes) };
    const bytes = confinement.readSteadily(descriptor, limitBytes) ?? readAll(descriptor, stat.size);
    confinement.noteRead(path, bytes);
    return { bytes };
  } catch (error) {
    return { problem: unreadable(place, name, error) };
  } finally {
    closeSync(descriptor);
  }
}

export type DecodedText = { readonly text: string } | { readonly problem: Diagnostic };

/** Text of UTF-8 bytes, without the byte order mark that some editors put in front. */
export function decodeText(bytes: Buffer, file: string): DecodedText {
  // ASCII, as almost every deck is, needs no decoding.
  if (isAscii(bytes)) return { text: bytes.toString('latin1') };
  if (!isUtf8(bytes)) return { problem: notUtf8(bytes, file) };
  const marked = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { text: bytes.toString('utf8', marked ? 3 : 0) };
}

function notUtf8(bytes: Buffer, file: string): Diagnostic {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return diagnose('C4004', { file, line: 1, column: 1 }, `${file} is UTF-16, not UTF-8`);
  }
  const before = bytes.toString('utf8').split('\ufffd', 1)[0]!;
  const lineStart = before.lastIndexOf('\n') + 1;
  const place = { file, line: before.split('\n').length, column: before.length - lineStart + 1 };
  return diagnose('C4004', place, `${file} is not UTF-8 from here on`);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its symbolic links lead in a circle',
  EISDIR: 'it is a directory',
  ENXIO: 'it is not an ordinary file',
  EMFILE: 'this process has too many files open',
  ENFILE: 'the system has too many files open',
  EIO: 'the disk reported an error',
  ENAMETOOLONG: 'its path is too long',
};

/** Why the operating system refused, in a person's words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  return reasons[code] ?? `the system says ${code}`;
}

function unreadable(place: Place, name: string, error: unknown): Diagnostic {
  return diagnose('C4002', place, `cannot read ${name}: ${reasonOf(error)}`);
}

function tooLarge(place: Place, name: string, size: number, limit: number): Diagnostic {
  return diagnose('C4003', place, `${name} has ${grouped(size)} bytes; at most ${grouped(limit)} are read`);
}

export function grouped(count: number): string {
  return count.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Text with line feeds: line ends of the classic Macintosh are still written by some spreadsheets. */
export function withLineFeeds(text: string): string {
  return text.includes('\n') || !text.includes('\r') ? text : text.replaceAll('\r', '\n');
}
