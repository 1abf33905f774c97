/** Numbers in forms that programs read differently, or people wrongly. */
import { diagnose } from '../../diagnostics/collect.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Located, Path } from '../read/located.ts';

export interface UnusualNumber {
  readonly path: Path;
  readonly diagnostic: Diagnostic;
}

const usual = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** Those of a file; infinite ones and those that are not a number at all are refused by the schema. */
export function unusualNumbers(root: Located): readonly UnusualNumber[] {
  const found: UnusualNumber[] = [];
  collect(root, [], found);
  return found;
}

/** `path` is that of the node, and is the same again afterwards. */
function collect(node: Located, path: (string | number)[], found: UnusualNumber[]): void {
  if (node.children !== null) {
    for (const [key, child] of node.children) {
      path.push(key);
      collect(child.node, path, found);
      path.pop();
    }
    return;
  }
  const written = node.source ?? '';
  if (typeof node.value !== 'number' || !Number.isFinite(node.value) || usual.test(written)) return;
  const octal = /^0[0-7]+$/.test(written) ? ` and YAML 1.1 as ${Number.parseInt(written, 8)}` : '';
  const message = `the number ${shortly(written)} is read as ${node.value}${octal}`;
  const digits = plainDigits(node.value);
  const hint = digits === null ? {} : { hint: `Write ${digits}.` };
  found.push({ path: [...path], diagnostic: diagnose('C4209', node.place, message, hint) });
}

function plainDigits(value: number): string | null {
  const text = String(value);
  return usual.test(text) ? text : null;
}

function shortly(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
