/** Reads the project's own files for the tests that hold them to the house rules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectDirectory = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

export function sourceFiles(folder: string, extension = '.ts'): readonly SourceFile[] {
  const directory = join(projectDirectory, folder);
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith(extension))
    .map(file => readSource(posix.join(folder, file.split(sep).join('/'))))
    .sort((a, b) => a.path.localeCompare(b.path));
}

export function readSource(path: string): SourceFile {
  const text = readFileSync(join(projectDirectory, path), 'utf8');
  return { path, text, lines: text.split('\n') };
}

export interface Import {
  readonly line: number;
  /** The module as written. */
  readonly specifier: string;
  /** A path relative to the project for a file of ours, else the package's name or `node:…`. */
  readonly target: string;
}

const importStatement =
  /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s+'([^']+)'/g;

export function importsOf(file: SourceFile): readonly Import[] {
  return [...file.text.matchAll(importStatement)].map(match => {
    const specifier = (match[1] ?? match[2] ?? match[3])!;
    const end = match.index + match[0].length;
    return {
      line: file.text.slice(0, end).split('\n').length,
      specifier,
      target: specifier.startsWith('.')
        ? posix.join(posix.dirname(file.path), specifier)
        : packageName(specifier),
    };
  });
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

/** Code without comments and string contents, line for line, so that words in prose do not count as code. */
export function codeOnly(file: SourceFile): readonly string[] {
  return file.text
    .replace(/\/\*[\s\S]*?\*\//g, comment => comment.replace(/[^\n]/g, ' '))
    .split('\n')
    .map(line => line.replace(/'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''").replace(/\/\/.*$/, ''));
}

export interface FunctionSpan {
  readonly name: string;
  readonly line: number;
  readonly length: number;
}

const functionStart =
  /^(\s*)(?:export )?(?:static )?(?:async )?(?:(?:function\*? )|(?:get |set |\*)?)(#?[A-Za-z_]\w*)\s*(?:<.*>)?\(.*\{$/;
const notFunctions = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'return']);

/** The formatter puts a function's closing brace at its own indentation, which is how its end is found. */
export function functionSpans(file: SourceFile): readonly FunctionSpan[] {
  const spans: FunctionSpan[] = [];
  for (const [index, line] of file.lines.entries()) {
    const match = functionStart.exec(line);
    if (match === null || notFunctions.has(match[2]!) || line.endsWith('=> {')) continue;
    const closing = `${match[1]}}`;
    const end = file.lines.findIndex((candidate, at) => at > index && candidate.startsWith(closing));
    if (end > index) spans.push({ name: match[2]!, line: index + 1, length: end - index + 1 });
  }
  return spans;
}
