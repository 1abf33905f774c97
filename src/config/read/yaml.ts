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

export interface YamlReading {
  /** null when the text is no YAML that can be understood. */
  readonly root: Located | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Those that speak to this program. */
  readonly comments: readonly ScopedComment[];
}

export function readYaml(text: string, file: string, limits: Limits): YamlReading {
  const lines = new LineCounter();
  let documents: Document[];
  try {
    documents = parseAllDocuments(text, {
      lineCounter: lines,
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
  const reader = new Reader(file, lines, limits);
  const reading = reader.read(documents);
  const [document] = documents;
  // A file that is not understood has no lines to speak about.
  if (reading.root === null || document === undefined) return { ...reading, comments: [] };
  return { ...reading, comments: commentsWith(ignoreWord, text, file, document, lines) };
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
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #limits: Limits;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #anchors = new Map<string, Node>();
  #aliasDepth = 0;
  /** Where the outermost alias stands that is being followed. */
  #aliasPlace: Place | null = null;
  #aliasedValues = 0;

  constructor(file: string, lines: LineCounter, limits: Limits) {
    this.#file = file;
    this.#lines = lines;
    this.#limits = limits;
  }

  read(documents: readonly Document[]): Omit<YamlReading, 'comments'> {
    const errors = documents.flatMap(document => [...document.errors, ...document.warnings]);
    // What else is wrong with a file whose end was never reached only follows from that.
    const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
    for (const error of exhausted === undefined
      ? errors.slice(0, this.#limits.findingsPerFile)
      : [exhausted]) {
      this.#diagnostics.push(this.#syntax(error));
    }
    const [document, second] = documents;
    if (second !== undefined) {
      const place = this.#place(second.range?.[0] ?? 0);
      this.#diagnostics.push(diagnose('C4103', place, 'a second YAML document begins here'));
    }
    if (this.#diagnostics.length > 0) return { root: null, diagnostics: this.#diagnostics };
    try {
      const root = this.#node(document?.contents ?? null, { file: this.#file, line: 1, column: 1 }, 1);
      return { root, diagnostics: this.#diagnostics };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { root: null, diagnostics: [...this.#diagnostics, error.diagnostic] };
    }
  }

  #syntax(error: YAMLError): Diagnostic {
    const place = this.#place(error.pos[0]);
    if (error.code === 'RESOURCE_EXHAUSTION') return diagnose('C4105', place, tooDeep);
    return diagnose('C4101', place, sentence(error.message), hintFor(error));
  }

  /** `place` is where to point when the node itself is nowhere, as the value of `lines:` with nothing behind it. */
  #node(node: Node | null, place: Place, depth: number): Located {
    if (node === null) return scalarNode(null, place, '', false);
    const own = node.range === undefined || node.range === null ? place : this.#place(node.range[0]);
    if (depth > this.#limits.yamlDepth) {
      throw new Refused(diagnose('C4105', own, `more than ${this.#limits.yamlDepth} levels of nesting`));
    }
    if (isAlias(node)) return this.#alias(node.source, own, depth);
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

  #alias(name: string, place: Place, depth: number): Located {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      throw new Refused(diagnose('C4101', place, `there is no anchor &${name} before this alias`));
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
        this.#diagnostics.push(diagnose('C4101', keyPlace, 'a key must be a plain word'));
        continue;
      }
      const known = children.get(name);
      if (known !== undefined) {
        const related = [{ ...known.keyPlace, message: 'it stands here already' }];
        this.#diagnostics.push(diagnose('C4102', keyPlace, `the key "${name}" stands twice`, { related }));
        continue;
      }
      const node = this.#node(isNode(pair.value) ? pair.value : null, keyPlace, depth + 1);
      children.set(name, { keyPlace, node });
      value[name] = node.value;
    }
    return { value, place, source: null, quoted: false, children };
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

function hintFor(error: YAMLError): { hint?: string } {
  if (error.code === 'TAB_AS_INDENT') return { hint: 'Indent with spaces: YAML does not allow tabs there.' };
  if (error.code === 'TAG_RESOLVE_FAILED') return { hint: 'Remove the tag: settings are plain values.' };
  return {};
}

/** The library's message, without the excerpt it may bring along. */
function sentence(message: string): string {
  const line = message.split('\n', 1)[0]!.replace(/[:.]\s*$/, '');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
