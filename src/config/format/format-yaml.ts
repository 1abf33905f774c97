/** Gives a YAML file its canonical order and layout. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Kind } from '../kinds.ts';
import type { Limits } from '../limits.ts';
import type { Located } from '../read/located.ts';
import type { WrittenCollection } from '../read/written.ts';
import { readYaml } from '../read/yaml.ts';
import { readWritten } from '../read/yaml-written.ts';
import { readSchema } from '../schema/read.ts';
import { divideHead } from './head.ts';
import { inKeyOrder } from './key-order.ts';
import { layOut, leadLines } from './yaml-layout.ts';

export type Formatted = { readonly text: string } | { readonly problems: readonly Diagnostic[] };

export interface YamlToFormat {
  readonly kind: Kind;
  /** For diagnostics. */
  readonly file: string;
  readonly text: string;
  /** The line that tells an editor the schema; null when there is none to be told of. */
  readonly modeline: string | null;
}

/**
 * The file in canonical form, which means exactly the same, or the reasons why it cannot be read. A file without
 * settings is left as it is.
 */
export function formatYaml(file: YamlToFormat, limits: Limits): Formatted {
  const text = withLineFeeds(file.text);
  const { root, diagnostics } = readYaml(text, file.file, limits);
  const problems = diagnostics.filter(({ severity }) => severity === 'error');
  if (root === null || problems.length > 0) return { problems };
  const written = readWritten(text);
  if (written === null) return { text: file.text };
  const formatted = canonicalText(written, file);
  const { root: again } = readYaml(formatted, file.file, limits);
  if (again === null || !isSame(root, again)) {
    throw new Error(`formatting would change what ${file.file} means`);
  }
  return { text: formatted };
}

function canonicalText(
  written: { root: WrittenCollection; hasAnchors: boolean },
  file: YamlToFormat,
): string {
  const braces = file.kind === 'scenario' ? 'asWritten' : 'ofItems';
  const [first, ...others] = written.root.entries;
  if (first === undefined)
    return textOf([...modelines(file.modeline), ...layOut(written.root, braces).lines]);
  const { head, first: own } = divideHead(first);
  const root = { ...written.root, entries: [own, ...others] };
  const block = layOut(written.hasAnchors ? root : inKeyOrder(root, readSchema(file.kind)), braces);
  const top = leadLines({ lead: head.comments, gap: false, lines: [] }, 0);
  // Without a blank line the comments of the first key would speak of the file.
  const blankBelowHead = top.length > 0 && (head.gap || block.lead.length > 0);
  return textOf([
    ...modelines(head.modeline === null || file.modeline !== null ? file.modeline : head.modeline),
    ...top,
    ...(blankBelowHead ? [''] : []),
    ...leadLines(block, 0),
    ...block.lines,
  ]);
}

function modelines(modeline: string | null): string[] {
  return modeline === null ? [] : [modeline];
}

function textOf(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

/** Line ends of Windows. */
function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text;
}

/** Whether both mean the same, down to how decimals are written; the order of keys does not count. */
function isSame(a: Located, b: Located): boolean {
  if (a.children === null || b.children === null) {
    return (
      a.children === b.children &&
      Object.is(a.value, b.value) &&
      a.source === b.source &&
      a.quoted === b.quoted
    );
  }
  if (a.children.size !== b.children.size || Array.isArray(a.value) !== Array.isArray(b.value)) return false;
  for (const [key, { node }] of a.children) {
    const other = b.children.get(key);
    if (other === undefined || !isSame(node, other.node)) return false;
  }
  return true;
}
