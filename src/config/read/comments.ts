/** Comments of a YAML file that speak to this program, and which lines each of them speaks about. */
import { CST, type Document, isNode, isPair, Lexer, type LineCounter, visit } from 'yaml';
import type { Place } from '../../diagnostics/diagnostic.ts';

export interface ScopedComment {
  /** Without the number sign and the spaces around. */
  readonly text: string;
  /** Where the number sign stands. */
  readonly place: Place;
  /** The lines that it speaks about, both included. */
  readonly firstLine: number;
  /** Infinity to the end of the file. */
  readonly lastLine: number;
}

/**
 * The comments that begin with `word`. One behind something speaks about its line. One on a line of its own speaks
 * about the key or the item below it, with all that belongs to it; before the first key, about the whole file.
 */
export function commentsWith(
  word: string,
  text: string,
  file: string,
  document: Document,
  lines: LineCounter,
): readonly ScopedComment[] {
  // Reading a file once more is only worth it where there is something to find.
  if (!text.includes(word)) return [];
  const contents = document.contents;
  const firstOffset = contents?.range?.[0] ?? Number.POSITIVE_INFINITY;
  const blocks = blocksByLine(document, lines);
  const found: ScopedComment[] = [];
  for (const { offset, source } of commentsOf(text)) {
    const said = source.replace(/^#+\s*/, '').trimEnd();
    if (!said.startsWith(word)) continue;
    const { line, col } = lines.linePos(offset);
    const place = { file, line, column: col };
    found.push({ text: said, place, ...scopeOf(text, offset, line, firstOffset, blocks) });
  }
  return found;
}

/** The lexer alone tells a comment from a number sign in a text of any style. */
function* commentsOf(text: string): Iterable<{ readonly offset: number; readonly source: string }> {
  let offset = 0;
  let inScalar = false;
  for (const source of new Lexer().lex(text)) {
    if (inScalar) {
      inScalar = false;
    } else {
      const type = CST.tokenType(source);
      // These stand for a state of the lexer and not for text.
      if (type === 'doc-mode' || type === 'flow-error-end') continue;
      if (type === 'scalar') {
        inScalar = true;
        continue;
      }
      if (type === 'comment') yield { offset, source };
    }
    offset += source.length;
  }
}

/** By the line on which a key or an item begins: the last line of the outermost one that begins there. */
function blocksByLine(document: Document, lines: LineCounter): ReadonlyMap<number, number> {
  const blocks = new Map<number, number>();
  const add = (start: number, end: number) => {
    const line = lines.linePos(start).line;
    if (!blocks.has(line)) blocks.set(line, lines.linePos(Math.max(start, end - 1)).line);
  };
  visit(document, {
    Node(key, node) {
      if (typeof key === 'number' && node.range) add(node.range[0], node.range[1]);
    },
    Pair(_, pair) {
      if (!isPair(pair) || !isNode(pair.key) || !pair.key.range) return;
      const end = isNode(pair.value) && pair.value.range ? pair.value.range[1] : pair.key.range[1];
      add(pair.key.range[0], Math.max(end, pair.key.range[1]));
    },
  });
  return blocks;
}

function scopeOf(
  text: string,
  offset: number,
  line: number,
  firstOffset: number,
  blocks: ReadonlyMap<number, number>,
): { readonly firstLine: number; readonly lastLine: number } {
  const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (before.trim() !== '' && before !== '\ufeff') return { firstLine: line, lastLine: line };
  if (offset < firstOffset) return { firstLine: 1, lastLine: Number.POSITIVE_INFINITY };
  const target = nextContentLine(text, offset, line);
  return { firstLine: target, lastLine: blocks.get(target) ?? target };
}

/** The line of the first thing below that is neither empty nor a comment. */
function nextContentLine(text: string, offset: number, line: number): number {
  let start = text.indexOf('\n', offset) + 1;
  for (let next = line + 1; start > 0; next++) {
    const end = text.indexOf('\n', start);
    const contents = text.slice(start, end < 0 ? text.length : end).trim();
    if (contents !== '' && !contents.startsWith('#')) return next;
    start = end + 1;
  }
  return line;
}
