/** The one layout of YAML files: what the formatter writes for what stands there. */

import type { WrittenCollection, WrittenComment, WrittenEntry, WrittenNode } from '../read/written.ts';
import { isIgnore } from './head.ts';

/** A list or an item that is longer stands on several lines. */
export const lineWidth = 100;

export interface Block {
  /** Comments above the first entry. */
  readonly lead: readonly WrittenComment[];
  /** A blank line stands between these and the first entry. */
  readonly gap: boolean;
  readonly lines: readonly string[];
}

/** Whether braces stay as people write them where they fit, or mappings stand below their keys and items in braces. */
export type Braces = 'asWritten' | 'ofItems';

/** The lines of the file, without those of its head. */
export function layOut(root: WrittenCollection, braces: Braces): Block {
  if (root.entries.length === 0) return oneBlock(['{}', ...commentLines(root.end, 0)]);
  const block = blockOf(root, 0, braces);
  return root.anchor === null ? block : { ...block, lines: [root.anchor, ...block.lines] };
}

export function commentLines(comments: readonly WrittenComment[], indent: number): string[] {
  return comments.flatMap(({ text, blankBefore }) => [...(blankBefore ? [''] : []), `${pad(indent)}${text}`]);
}

/** What stands above the first entry, and the blank line below it. */
export function leadLines({ lead, gap }: Block, indent: number): string[] {
  const lines = commentLines(
    lead.map((comment, i) => (i === 0 ? { ...comment, blankBefore: false } : comment)),
    indent,
  );
  return gap ? [...lines, ''] : lines;
}

function oneBlock(lines: readonly string[]): Block {
  return { lead: [], gap: false, lines };
}

function blockOf(node: WrittenCollection, indent: number, braces: Braces): Block {
  const lines: string[] = [];
  let lead: readonly WrittenComment[] = [];
  let gap = false;
  for (const [i, entry] of node.entries.entries()) {
    const written =
      node.kind === 'mapping' ? keyLines(entry, indent, braces) : itemLines(entry, indent, braces);
    if (i === 0) {
      const own = entry.blankBefore && entry.before.length > 0;
      // Comments from within an item stand above its dash, below those of the item itself.
      lead = [
        ...entry.before,
        ...written.lead.map((comment, j) => (j === 0 ? { ...comment, blankBefore: own } : comment)),
      ];
      gap = written.lead.length > 0 ? written.gap : own;
    } else {
      const blank = entry.blankBefore ? [''] : [];
      lines.push(...commentLines(entry.before, indent), ...blank, ...leadLines(written, indent));
    }
    lines.push(...written.lines);
  }
  lines.push(...commentLines(node.end, indent));
  return { lead, gap, lines };
}

function keyLines(entry: WrittenEntry, indent: number, braces: Braces): Block {
  const { key, value } = entry;
  const head = `${pad(indent)}${key}:`;
  const comment = entry.trailing === null ? '' : ` ${entry.trailing}`;
  const staysInBraces = braces === 'asWritten' && value.kind !== 'scalar' && value.flow;
  const inline = inlineOf(value, node => staysInLine(entry) || staysInBraces || node.kind === 'scalar');
  const line = inline === null ? null : `${head}${inline === '' ? '' : ' '}${inline}`;
  const mayBeInline = value.kind === 'list' || staysInBraces;
  if (line !== null && (mustBeInline(entry) || (mayBeInline && fits(line) && !ignoresKey(entry)))) {
    return oneBlock([`${line}${comment}`]);
  }
  if (value.kind === 'scalar') {
    return oneBlock([`${head} ${value.text}${comment}`, ...textLines(value.lines ?? [], indent)]);
  }
  const block = blockOf(value, indent + 2, braces);
  const anchor = value.anchor === null ? '' : ` ${value.anchor}`;
  return oneBlock([`${head}${anchor}${comment}`, ...leadLines(block, indent + 2), ...block.lines]);
}

function itemLines(entry: WrittenEntry, indent: number, braces: Braces): Block {
  const { value } = entry;
  const head = `${pad(indent)}-`;
  const comment = entry.trailing === null ? '' : ` ${entry.trailing}`;
  const inline = inlineOf(value, () => true);
  const line = inline === null ? null : `${head}${inline === '' ? '' : ' '}${inline}`;
  const mayBeInline = braces === 'ofItems' || value.kind !== 'mapping' || value.flow;
  if (line !== null && (mustBeInline(entry) || (mayBeInline && fits(line)))) {
    return oneBlock([`${line}${comment}`]);
  }
  if (value.kind === 'scalar') {
    return oneBlock([`${head} ${value.text}${comment}`, ...textLines(value.lines ?? [], indent)]);
  }
  const block = blockOf(value, indent + 2, braces);
  const own = entry.trailing === null ? [] : [{ text: entry.trailing, blankBefore: false }];
  const lead = [...own, ...block.lead];
  // Behind the dash an anchor would belong to the first key.
  if (value.anchor !== null) return { ...block, lead, lines: [`${head} ${value.anchor}`, ...block.lines] };
  const [first = '', ...rest] = block.lines;
  return { ...block, lead, lines: [`${head} ${first.slice(indent + 2)}`, ...rest] };
}

/** The value in one line, or null when it needs several; `allowed` decides about the items of a list. */
function inlineOf(value: WrittenNode, allowed: (item: WrittenNode) => boolean): string | null {
  if (value.kind === 'scalar') return value.lines === null ? value.text : null;
  if (value.entries.length === 0) return anchored(value, value.kind === 'list' ? '[]' : '{}');
  if (value.end.length > 0) return null;
  const parts: string[] = [];
  for (const [i, entry] of value.entries.entries()) {
    if (entry.before.length > 0 || entry.trailing !== null || (entry.blankBefore && i > 0)) return null;
    if (value.kind === 'list' && !allowed(entry.value)) return null;
    const text = inlineOf(entry.value, () => true);
    if (text === null || !isSafeWithin(entry.value, text)) return null;
    parts.push(entry.key === null ? text : `${entry.key}: ${text}`);
  }
  const text = parts.join(', ');
  return anchored(value, value.kind === 'list' ? `[${text}]` : `{ ${text} }`);
}

/** Between brackets, some texts need quotes that stand without them elsewhere. */
function isSafeWithin(value: WrittenNode, text: string): boolean {
  if (value.kind !== 'scalar' || /^["']/.test(text)) return true;
  return text !== '' && !/[,[\]{}]|:$|^&/.test(text);
}

function anchored(value: WrittenCollection, text: string): string {
  return value.anchor === null ? text : `${value.anchor} ${text}`;
}

function mustBeInline(entry: WrittenEntry): boolean {
  return entry.value.kind === 'scalar' || entry.value.entries.length === 0 || staysInLine(entry);
}

/** A comment that silences findings in its own line must have the whole value in that line. */
function staysInLine({ value, trailing }: WrittenEntry): boolean {
  return value.kind !== 'scalar' && value.flow && trailing !== null && isIgnore(trailing);
}

/** A comment that silences findings about a key alone must not come to stand behind its items. */
function ignoresKey({ trailing }: WrittenEntry): boolean {
  return trailing !== null && isIgnore(trailing);
}

function fits(line: string): boolean {
  return line.length <= lineWidth;
}

function textLines(lines: readonly string[], indent: number): string[] {
  return lines.map(line => (line === '' ? '' : `${pad(indent + 2)}${line}`));
}

function pad(indent: number): string {
  return ' '.repeat(indent);
}
