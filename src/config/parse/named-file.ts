/** A file that a YAML file names: a deck, a list of numbers, a table of ported numbers. */
import { join, posix } from 'node:path';
import type { Findings } from '../findings.ts';
import type { Limits } from '../limits.ts';
import { decodeText, readBytes } from '../read/file.ts';
import type { Reading } from '../read/file-memory.ts';
import type { Confinement } from '../read/links.ts';
import type { TextAt } from './fields.ts';

export interface NamingFile {
  /** The configuration directory, in which the file must be. */
  readonly confinement: Confinement;
  /** Told of the file before it is read. */
  readonly reading: Reading;
}

export interface NamedText {
  readonly text: string;
  /** Relative to the configuration directory. */
  readonly path: string;
  readonly bytes: number;
}

/** `words` is what such a file is called: deck. Null, with a finding where the name stands, when it cannot be read. */
export function readNamedFile(
  written: TextAt,
  words: string,
  { confinement, reading }: NamingFile,
  limits: Limits,
  findings: Findings,
): NamedText | null {
  const folder = posix.dirname(written.place.file);
  const path = posix.join(folder, written.text);
  if (posix.isAbsolute(written.text) || written.text.includes('\0') || /^\.\.(\/|$)/.test(path)) {
    findings.add('C4204', written.place, 'file must be a path within the configuration directory', {
      hint: `Put the ${words} into ${folder}/ and write its name only.`,
    });
    return null;
  }
  const fullPath = join(confinement.directory, path);
  reading.opens(fullPath);
  const contents = readBytes(fullPath, written.place, `the ${words} ${path}`, limits.deckBytes, confinement);
  if ('problem' in contents) {
    const hint = `Correct the name, which is relative to ${folder}/, or put a readable ${words} there.`;
    findings.take([{ ...contents.problem, ...(contents.problem.code === 'C4002' ? { hint } : {}) }]);
    return null;
  }
  const decoded = decodeText(contents.bytes, path);
  if ('problem' in decoded) {
    findings.take([decoded.problem]);
    return null;
  }
  return { text: decoded.text, path, bytes: contents.bytes.length };
}
