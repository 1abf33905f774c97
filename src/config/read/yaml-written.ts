/** YAML text → how it is written: every entry with the comments that belong to it. */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { WrittenCollection, WrittenComment, WrittenEntry, WrittenFile, WrittenNode } from './written.ts';
import { blockLinesOf, keyText, scalarText } from './yaml-scalar-text.ts';

/**
 * How the file is written, or null when there is nothing to lay out: it is empty, or no mapping. The text must be one
 * that `readYaml` has nothing to say about, with lines that end in LF.
 */
export function readWritten(text: string): WrittenFile | null {
  const document = parseDocument(text, {
    keepSourceTokens: true,
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
    logLevel: 'silent',
  }) as Document;
  const root = document.contents;
  if (!isMap(root)) return null;
  return new WrittenReader(text).read(root);
}

interface PlacedComment extends WrittenComment {
  readonly offset: number;
  /** From 0. */
  readonly column: number;
  /** Nothing but blanks stand before it in its line. */
  readonly ownLine: boolean;
}

interface Item {
  readonly start: number;
  readonly key: Scalar | null;
  readonly value: Node | null;
}

const documentMarkers: ReadonlySet<string> = new Set(['\u0002', '\u0018']);
const scalarMarker = '\u001f';

class WrittenReader {
  readonly #text: string;
  readonly #comments: readonly PlacedComment[];
  #next = 0;
  #hasAnchors = false;

  constructor(text: string) {
    this.#text = text;
    this.#comments = this.#findComments();
  }

  read(map: YAMLMap): WrittenFile {
    const root = this.#collection(map, this.#text.length, -1);
    const rest = this.#comments.slice(this.#next).map(plain);
    return {
      root: { ...root, end: [...root.end, ...rest] },
      hasAnchors: this.#hasAnchors,
    };
  }

  /** The lexer cuts the text into pieces; some pieces are marks that do not stand in the text. */
  #findComments(): PlacedComment[] {
    const comments: PlacedComment[] = [];
    let offset = 0;
    let isScalarText = false;
    for (const piece of new Lexer().lex(this.#text)) {
      if (!isScalarText && (piece === scalarMarker || documentMarkers.has(piece))) {
        isScalarText = piece === scalarMarker;
        continue;
      }
      if (!isScalarText && piece.startsWith('#')) comments.push(this.#comment(piece, offset));
      isScalarText = false;
      offset += piece.length;
    }
    return comments;
  }

  #comment(piece: string, offset: number): PlacedComment {
    const lineStart = this.#lineStart(offset);
    const ownLine = this.#text.slice(lineStart, offset).trim() === '';
    return {
      text: piece.trimEnd(),
      offset,
      column: offset - lineStart,
      ownLine,
      blankBefore: ownLine && this.#isBlankAbove(offset),
    };
  }

  /** `limit` is where the next thing around it begins; `outer` the column of what it is in. */
  #collection(node: YAMLMap | YAMLSeq, limit: number, outer: number): WrittenCollection {
    const items = isMap(node) ? pairsOf(node) : itemsOf(node as YAMLSeq);
    const flow = node.flow === true;
    const ownLimit = flow ? node.range![1] - 1 : limit;
    const first = items[0];
    const column = first === undefined ? 0 : first.start - this.#lineStart(first.start);
    const entries = items.map((item, i) => this.#entry(item, items[i + 1]?.start ?? ownLimit, column));
    const end = this.#take(
      comment => comment.offset < ownLimit && (flow || (comment.column > outer && comment.column >= column)),
    ).map(plain);
    return { kind: isMap(node) ? 'mapping' : 'list', flow, anchor: this.#anchorOf(node), entries, end };
  }

  #entry(item: Item, limit: number, column: number): WrittenEntry {
    const before = this.#take(({ offset }) => offset < item.start).map(plain);
    const blankBefore = this.#startsLine(item.start) && this.#isBlankAbove(item.start);
    const { value } = item;
    // Above the first key of an item stands what speaks of the item.
    const isBlock = item.key !== null && (isMap(value) || isSeq(value)) && value.flow !== true;
    const trailing: string[] = [];
    const start = value?.range?.[0] ?? item.start;
    for (const comment of this.#take(({ offset, ownLine }) => offset < start && !(isBlock && ownLine))) {
      if (comment.ownLine) before.push(plain(comment));
      else trailing.push(comment.text);
    }
    const node = this.#node(value, limit, column);
    for (const comment of this.#take(({ offset, ownLine }) => offset < limit && !ownLine)) {
      trailing.push(comment.text);
    }
    if (node.kind !== 'scalar' && node.entries.length === 0) before.push(...node.end);
    const [kept = null, ...others] = trailing;
    before.push(...others.map(text => ({ text, blankBefore: false })));
    const key = item.key === null ? null : keyText(item.key, this.#text);
    const name = item.key === null ? null : String(item.key.source ?? item.key.value);
    return { key, name, before, blankBefore, trailing: kept, value: node };
  }

  #node(node: Node | null, limit: number, outer: number): WrittenNode {
    if (node === null) return { kind: 'scalar', text: '', lines: null };
    if (isMap(node) || isSeq(node)) return this.#collection(node, limit, outer);
    if (isAlias(node)) {
      this.#hasAnchors = true;
      return { kind: 'scalar', text: `*${node.source}`, lines: null };
    }
    if (!isScalar(node)) throw new Error('the YAML library yielded a node of an unknown kind');
    const anchor = this.#anchorOf(node);
    const { head, lines } = blockLinesOf(node, this.#text) ?? {
      head: scalarText(node, this.#text),
      lines: null,
    };
    return { kind: 'scalar', text: [anchor ?? '', head].filter(part => part !== '').join(' '), lines };
  }

  #anchorOf(node: Node): string | null {
    if (!('anchor' in node) || typeof node.anchor !== 'string') return null;
    this.#hasAnchors = true;
    return `&${node.anchor}`;
  }

  /** The next comments, as long as they are `wanted`. */
  #take(wanted: (comment: PlacedComment) => boolean): PlacedComment[] {
    const taken: PlacedComment[] = [];
    for (;;) {
      const comment = this.#comments[this.#next];
      if (comment === undefined || !wanted(comment)) return taken;
      taken.push(comment);
      this.#next++;
    }
  }

  #lineStart(offset: number): number {
    return this.#text.lastIndexOf('\n', offset - 1) + 1;
  }

  #startsLine(offset: number): boolean {
    return this.#text.slice(this.#lineStart(offset), offset).trim() === '';
  }

  #isBlankAbove(offset: number): boolean {
    const lineStart = this.#lineStart(offset);
    if (lineStart === 0) return false;
    return this.#text.slice(this.#lineStart(lineStart - 1), lineStart).trim() === '';
  }
}

function plain({ text, blankBefore }: PlacedComment): WrittenComment {
  return { text, blankBefore };
}

function pairsOf(map: YAMLMap): Item[] {
  return map.items.map(pair => {
    if (!isPair(pair) || !isScalar(pair.key)) throw new Error('a key that is no word passed the reader');
    const key = pair.key as Scalar;
    return { start: key.range![0], key, value: pair.value as Node | null };
  });
}

function itemsOf(list: YAMLSeq): Item[] {
  const token = list.srcToken;
  const dashes =
    token?.type === 'block-seq'
      ? token.items.flatMap(({ start }) => start.filter(({ type }) => type === 'seq-item-ind'))
      : [];
  return list.items.map((item, i) => {
    const value = item as Node;
    return { start: dashes[i]?.offset ?? value.range![0], key: null, value };
  });
}
