/**
 * Reads the lines that findings point at, to show them. A deck may have 200 MB, so a file is read once, in pieces, no
 * further than its last line that is wanted, and only those lines are kept.
 */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Confinement } from '../config/read/links.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PrintOptions } from '../diagnostics/print.ts';
import { SecretHider } from './hidden-secrets.ts';

type SourceLine = NonNullable<PrintOptions['sourceLine']>;

const pieceBytes = 256 * 1024;
/** A line longer than this is not for reading; what is kept of it is its beginning. */
const longestLineBytes = 64 * 1024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A file is opened when the first of its lines is asked for. What cannot be read has no lines. */
export function sourceLines(directory: string, diagnostics: readonly Diagnostic[]): SourceLine {
  const wanted = new Map<string, Set<number>>();
  for (const { place, related = [] } of diagnostics) {
    for (const { file, line } of [place, ...related]) {
      const lines = wanted.get(file) ?? new Set();
      wanted.set(file, lines.add(line));
    }
  }
  const known = new Map<string, ReadonlyMap<number, string>>();
  const confinement = new Confinement(directory);
  const buffer = Buffer.allocUnsafe(pieceBytes);
  return (file, line) => {
    const lines = known.get(file) ?? readLines(confinement, file, wanted.get(file) ?? new Set(), buffer);
    known.set(file, lines);
    return lines.get(line) ?? null;
  };
}

function readLines(
  confinement: Confinement,
  file: string,
  wanted: ReadonlySet<number>,
  buffer: Buffer,
): ReadonlyMap<number, string> {
  const path = join(confinement.directory, file);
  let descriptor: number | null;
  try {
    descriptor = confinement.open(path);
  } catch {
    return new Map();
  }
  // A link that leads out of the directory must not show what is there.
  if (descriptor === null) return new Map();
  try {
    if (!fstatSync(descriptor).isFile()) return new Map();
    return readWanted(descriptor, /\.ya?ml$/i.test(path), wanted, buffer);
  } catch {
    return new Map();
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Lines end in LF or CRLF. In a deck without any LF, of the classic Macintosh, they end in CR, which shows only when
 * all of it has been read; so both are followed until the first LF.
 */
function readWanted(
  descriptor: number,
  isYaml: boolean,
  wanted: ReadonlySet<number>,
  buffer: Buffer,
): ReadonlyMap<number, string> {
  const byLineFeed = new LineCatcher(lineFeed, wanted, isYaml ? new SecretHider() : null);
  let byReturn = isYaml ? null : new LineCatcher(carriageReturn, wanted, null);
  for (;;) {
    const count = readSync(descriptor, buffer, 0, buffer.length, null);
    if (count === 0) break;
    const piece = buffer.subarray(0, count);
    if (byReturn !== null && piece.includes(lineFeed)) byReturn = null;
    byLineFeed.take(piece);
    byReturn?.take(piece);
    if (byReturn === null && byLineFeed.isDone) break;
  }
  const catcher = byReturn ?? byLineFeed;
  catcher.end();
  return catcher.lines;
}

class LineCatcher {
  readonly lines = new Map<number, string>();
  readonly #terminator: number;
  readonly #wanted: ReadonlySet<number>;
  /** Has to see every line, not only the wanted ones. */
  readonly #hider: SecretHider | null;
  readonly #last: number;
  #line = 1;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(terminator: number, wanted: ReadonlySet<number>, hider: SecretHider | null) {
    this.#terminator = terminator;
    this.#wanted = wanted;
    this.#hider = hider;
    this.#last = Math.max(0, ...wanted);
  }

  get isDone(): boolean {
    return this.#line > this.#last;
  }

  take(piece: Buffer): void {
    let start = 0;
    while (!this.isDone) {
      const end = piece.indexOf(this.#terminator, start);
      this.#keep(piece.subarray(start, end < 0 ? piece.length : end));
      if (end < 0) return;
      this.end();
      start = end + 1;
    }
  }

  /** The line is complete. */
  end(): void {
    const line = this.#line++;
    if (this.#hider === null && !this.#wanted.has(line)) return;
    const text = Buffer.concat(this.#pieces).toString('utf8').replace(/\r$/, '');
    this.#pieces = [];
    this.#bytes = 0;
    const plain = line === 1 ? text.replace(/^\ufeff/, '') : text;
    const shown = this.#hider === null ? plain : this.#hider.next(plain);
    if (shown !== null && this.#wanted.has(line)) this.lines.set(line, shown);
  }

  #keep(part: Buffer): void {
    if (this.#hider === null && !this.#wanted.has(this.#line)) return;
    const kept = part.subarray(0, longestLineBytes - this.#bytes);
    this.#bytes += kept.length;
    // The buffer is used again for the next piece.
    this.#pieces.push(Buffer.from(kept));
  }
}
