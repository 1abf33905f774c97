/** How scalars are written by the formatter: in one line and with one kind of quotes wherever that is possible. */
import type { Scalar } from 'yaml';

/** Texts that some YAML program takes for something else than a text when they stand without quotes. */
const ambiguousKey = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
const plainKey = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** A key without quotes, unless it needs them. */
export function keyText(key: Scalar, text: string): string {
  const name = String(key.value);
  const wasPlain = key.type === 'PLAIN';
  if (!wasPlain && plainKey.test(name) && !ambiguousKey.test(name)) return name;
  return scalarText(key, text);
}

/** A scalar in one line. What stands without quotes stays so, character by character. */
export function scalarText(scalar: Scalar, text: string): string {
  const value = typeof scalar.value === 'string' ? scalar.value : '';
  switch (scalar.type) {
    case 'PLAIN':
      return scalar.source ?? '';
    case 'QUOTE_SINGLE':
      if (/["\\\n\t]/.test(value))
        return value.includes('\n') ? inQuotes(value) : `'${value.replaceAll("'", "''")}'`;
      return `"${value}"`;
    case 'QUOTE_DOUBLE': {
      const written = text.slice(scalar.range![0], scalar.range![1]);
      return written.startsWith('"') && !written.includes('\n') ? written : inQuotes(value);
    }
    default:
      return inQuotes(value);
  }
}

export interface BlockText {
  /** `|`, `>-`, with the digit that is needed when its first line begins with a blank. */
  readonly head: string;
  /** Without their indentation. */
  readonly lines: readonly string[];
}

/**
 * A text over several lines (`|`, `>`) with its own line breaks. Null for any other scalar, and for one that ends
 * in blank lines which count (`|+`): a quoted text says that better.
 */
export function blockLinesOf(scalar: Scalar, text: string): BlockText | null {
  if (scalar.type !== 'BLOCK_LITERAL' && scalar.type !== 'BLOCK_FOLDED') return null;
  const [header = '', ...rest] = text.slice(scalar.range![0], scalar.range![1]).split('\n');
  const style = /^([|>])([1-9]?)([-+]?)([1-9]?)/.exec(header);
  if (style === null) throw new Error(`not the head of a block: ${header}`);
  const [, mark, , chomping] = style;
  if (chomping === '+') return null;
  while (rest.length > 0 && rest.at(-1)!.trim() === '') rest.pop();
  const value = String(scalar.value);
  if (rest.length === 0 || /^\s/.test(value) || rest.some(line => line.includes('\t'))) return null;
  const indent = /^ */.exec(rest.find(line => line.trim() !== '')!)![0].length;
  return {
    head: `${mark}${chomping}`,
    lines: rest.map(line => (line.trim() === '' ? '' : line.slice(indent))),
  };
}

/** JSON's escapes are YAML's, too. */
function inQuotes(value: string): string {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
