/** YAML text → a located value. The only file that knows the YAML library. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { diagnose } from '../../diagnostics/collect.ts';
import type { Diagnostic, Place } from '../../diagnostics/diagnostic.ts';
import type { Limits } from '../limits.ts';
import { ignoreWord } from '../lint/ignore-word.ts';
import { commentsWith, type ScopedComment } from './comments.ts';
import { grouped } from './file.ts';
import type { Located, LocatedChild } from './located.ts';
import { sentence, shortly, wordsForSyntax } from './yaml-words.ts';

export interface YamlReading {
  /** null when the text is no YAML that can be understood. */
  readonly root: Located | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Those that speak to this program. */
  readonly comments: readonly ScopedComment[];
}

export function readYaml(text: string, file: string, limits: Limits): YamlReading {
  const unprintable = controlCharacterIn(text, file);
  if (unprintable !== null) return { root: null, diagnostics: [unprintable], comments: [] };
  const lines = lineStarts(text);
  let documents: Document[];
  try {
    documents = parseAllDocuments(text, {
      prettyErrors: false,
      // Comparing each key with all others takes quadratic time; the reader below does it with a map.
      uniqueKeys: false,
      version: '1.2',
      schema: 'core',
      logLevel: 'silent',
    }) as Document[];
  } catch (error) {
    return { root: null, diagnostics: [notParsed(error, file)], comments: [] };
  }
  const reader = new Reader(text, file, lines, limits);
  const reading = reader.read(documents);
  const [document] = documents;
  // A file that is not understood has no lines to speak about.
  if (reading.root === null || document === undefined) return { ...reading, comments: [] };
  return { ...reading, comments: commentsWith(ignoreWord, text, file, document, lines) };
}

/** The library counts lines as it goes, and misses some where it gives up. */
function lineStarts(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

const tooDeep = 'the file is nested too deeply to be read';

/** The library recurses, so brackets without end exhaust its stack. */
function notParsed(error: unknown, file: string): Diagnostic {
  const place = { file, line: 1, column: 1 };
  if (error instanceof RangeError) return diagnose('C4105', place, tooDeep);
  return diagnose('C4101', place, `the file cannot be read as YAML: ${sentence((error as Error).message)}`);
}

/** Thrown within the reader only, where going on would expand what must not be or report what follows from it. */
class Refused extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

class Reader {
  readonly #text: string;
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #limits: Limits;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #anchors = new Map<string, Node>();
  #hasTags = false;
  #aliasDepth = 0;
  /** Where the outermost alias stands that is being followed. */
  #aliasPlace: Place | null = null;
  #aliasedValues = 0;

  constructor(text: string, file: string, lines: LineCounter, limits: Limits) {
    this.#text = text;
    this.#file = file;
    this.#lines = lines;
    this.#limits = limits;
  }

  read(documents: readonly Document[]): Omit<YamlReading, 'comments'> {
    const errors = documents.flatMap(document =>
      [...document.errors, ...document.warnings].map(error => ({ error, document })),
    );
    // What else is wrong with a file whose end was never reached only follows from that.
    const exhausted = errors.find(({ error }) => error.code === 'RESOURCE_EXHAUSTION');
    const listed = exhausted === undefined ? errors.slice(0, this.#limits.findingsPerFile) : [exhausted];
    const seen = new Set<number>();
    for (const { error, document } of listed) {
      const { offset, message, hint } = wordsForSyntax(error, this.#text, document);
      // A second complaint about one place only says the first in other words.
      if (seen.has(offset) || seen.has(error.pos[0])) continue;
      seen.add(offset).add(error.pos[0]);
      this.#diagnostics.push(this.#syntax(error, offset, message, hint));
    }
    const [document, second] = documents;
    if (second !== undefined) {
      const place = this.#place(second.range?.[0] ?? 0);
      this.#diagnostics.push(diagnose('C4103', place, 'a second YAML document begins here'));
    }
    if (document !== undefined) this.#checkDirectives(document);
    if (this.#diagnostics.length > 0) return { root: null, diagnostics: this.#diagnostics };
    try {
      const root = this.#node(document?.contents ?? null, { file: this.#file, line: 1, column: 1 }, 1);
      // A tag may have made something of the value that no setting can be, such as bytes.
      return { root: this.#hasTags ? null : root, diagnostics: this.#diagnostics };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { root: null, diagnostics: [...this.#diagnostics, error.diagnostic] };
    }
  }

  #syntax(error: YAMLError, offset: number, message: string, hint: string | undefined): Diagnostic {
    const place = this.#place(offset);
    if (error.code === 'RESOURCE_EXHAUSTION') return diagnose('C4105', place, tooDeep);
    if (error.code === 'TAG_RESOLVE_FAILED') return diagnose('C4107', place, tagMessage(this.#text, offset));
    return diagnose('C4101', place, message, hint === undefined ? {} : { hint });
  }

  /** Lines that begin with a percent sign above the document. */
  #checkDirectives(document: Document): void {
    const head = this.#text.slice(0, document.range?.[0] ?? 0);
    for (const found of head.matchAll(/^%.*$/gm)) {
      if (/^%YAML\s+1\.2\s*(#.*)?$/.test(found[0])) continue;
      const message = /^%YAML/.test(found[0])
        ? `the file asks to be read as YAML ${shortly(found[0].slice(5).trim())}, and all files are YAML 1.2`
        : 'files have no directives';
      this.#diagnostics.push(diagnose('C4108', this.#place(found.index), message));
    }
  }

  /** `place` is where to point when the node itself is nowhere, as the value of `lines:` with nothing behind it. */
  #node(node: Node | null, place: Place, depth: number): Located {
    if (node === null) return scalarNode(null, place, '', false);
    const own = node.range === undefined || node.range === null ? place : this.#place(node.range[0]);
    if (depth > this.#limits.yamlDepth) {
      throw new Refused(diagnose('C4105', own, `more than ${this.#limits.yamlDepth} levels of nesting`));
    }
    if (isAlias(node)) return this.#alias(node.source, own, depth);
    if (typeof node.tag === 'string' && this.#aliasDepth === 0) this.#complainOfTag(node);
    if (this.#aliasDepth > 0 && ++this.#aliasedValues > this.#limits.aliasedValues) {
      const most = grouped(this.#limits.aliasedValues);
      throw new Refused(
        diagnose(
          'C4104',
          this.#aliasPlace ?? own,
          `the aliases of this file stand for more than ${most} values`,
        ),
      );
    }
    if ('anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#mapping(node, own, depth);
    if (isCollection(node)) return this.#list(node as YAMLSeq, own, depth);
    if (isScalar(node)) return this.#scalar(node, own);
    throw new Error('the YAML library yielded a node of an unknown kind');
  }

  #complainOfTag(node: Node): void {
    this.#hasTags = true;
    const end = node.range?.[0] ?? 0;
    const before = /!\S*\s+(?:&\S+\s+)?$/.exec(this.#text.slice(0, end));
    const offset = before?.index ?? end;
    this.#diagnostics.push(diagnose('C4107', this.#place(offset), tagMessage(this.#text, offset)));
  }

  #alias(name: string, place: Place, depth: number): Located {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      const hint = `When it is no alias but a text, put it in quotes: "*${shortly(name)}".`;
      throw new Refused(
        diagnose('C4101', place, `there is no anchor &${shortly(name)} before this alias`, { hint }),
      );
    }
    if (this.#aliasDepth++ === 0) this.#aliasPlace = place;
    const node = this.#node(target, place, depth + 1);
    this.#aliasDepth--;
    return node;
  }

  #mapping(map: YAMLMap, place: Place, depth: number): Located {
    const children = new Map<string | number, LocatedChild>();
    const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const pair of map.items) {
      if (!isPair(pair)) continue;
      const key = isNode(pair.key) ? pair.key : null;
      const keyPlace = key?.range ? this.#place(key.range[0]) : place;
      const name = isScalar(key) ? textOf(key) : null;
      if (name === null) {
        this.#diagnostics.push(diagnose('C4101', keyPlace, 'a key must be a plain word', { hint: keyHint }));
        continue;
      }
      if (name === '<<' && (key as Scalar).type === 'PLAIN') {
        this.#complainOfMerge(keyPlace, pair.value);
        continue;
      }
      const known = children.get(name);
      if (known !== undefined) {
        const related = [{ ...known.keyPlace, message: 'it stands here already' }];
        this.#diagnostics.push(
          diagnose('C4102', keyPlace, `the key "${shortly(name)}" stands twice`, { related }),
        );
        continue;
      }
      const node = this.#node(isNode(pair.value) ? pair.value : null, keyPlace, depth + 1);
      children.set(name, { keyPlace, node });
      value[name] = node.value;
    }
    return { value, place, source: null, quoted: false, children };
  }

  #complainOfMerge(place: Place, value: unknown): void {
    const anchor = isAlias(value) ? this.#anchors.get(value.source) : undefined;
    const related =
      anchor?.range === undefined || anchor.range === null
        ? {}
        : { related: [{ ...this.#place(anchor.range[0]), message: 'what would be merged' }] };
    this.#diagnostics.push(
      diagnose('C4106', place, 'YAML 1.2 has no merge key, so << would be a setting like any other', related),
    );
  }

  #list(list: YAMLSeq, place: Place, depth: number): Located {
    const children = new Map<string | number, LocatedChild>();
    const value: unknown[] = [];
    for (const item of list.items) {
      const node = this.#node(isNode(item) ? item : null, place, depth + 1);
      children.set(value.length, { keyPlace: node.place, node });
      value.push(node.value);
    }
    return { value, place, source: null, quoted: false, children };
  }

  #scalar(scalar: Scalar, place: Place): Located {
    const quoted = scalar.type !== 'PLAIN';
    return scalarNode(scalar.value, place, textOf(scalar), quoted);
  }

  #place(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function scalarNode(value: unknown, place: Place, source: string, quoted: boolean): Located {
  return { value, place, source, quoted, children: null };
}

function textOf(scalar: Scalar): string {
  return typeof scalar.source === 'string' ? scalar.source : String(scalar.value);
}

const keyHint = 'Write "key: value", with a name from docs/configuration.md as the key.';

function tagMessage(text: string, offset: number): string {
  const tag = /^!\S*/.exec(text.slice(offset, offset + 200))?.[0] ?? '!';
  return `the tag ${shortly(tag)} stands before a value`;
}

/** YAML allows none but tab, line feed and carriage return; the library does not mind. */
function controlCharacterIn(text: string, file: string): Diagnostic | null {
  const found =
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]|\r(?!\n)/.exec(text);
  if (found === null) return null;
  const before = text.slice(0, found.index);
  const line = before.split('\n').length;
  const column = found.index - before.lastIndexOf('\n');
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const names: Readonly<Record<string, string>> = {
    '\0': 'NUL (U+0000)',
    '\r': 'a carriage return without a line feed (U+000D)',
  };
  const name = names[found[0]] ?? `the control character U+${code}`;
  return diagnose('C4109', { file, line, column }, `${name} stands in the text`);
}
