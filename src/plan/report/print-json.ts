/** A plan for programs. docs/plan.md has the shape, which is stable. */
import type { PlanReport } from './report.ts';

const pieceLength = 1 << 20;

/**
 * In pieces of about `length` characters, since the plan of a large change is longer than any text can be. Together they
 * are what `JSON.stringify` makes with an indentation of two.
 */
export function* planJsonPieces(report: PlanReport, length: number = pieceLength): Generator<string> {
  const { from, to, summary, guards, allowances, traffic, plan } = report;
  let piece = '';
  for (const part of jsonParts({ from, to, summary, guards, allowances, traffic, plan }, '', 0)) {
    piece += part;
    if (piece.length < length) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n`;
}

/** Of plans, the lists in objects in objects may be long; what is in them is short. */
const deepest = 2;

function* jsonParts(value: unknown, indent: string, depth: number): Generator<string> {
  const isList = Array.isArray(value);
  if (value === null || typeof value !== 'object' || (depth >= deepest && !isList)) {
    yield JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
    return;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const [open, close] = isList ? '[]' : '{}';
  if (entries.length === 0) {
    yield `${open}${close}`;
    return;
  }
  const inner = `${indent}  `;
  let before = open!;
  for (const [key, item] of entries) {
    yield isList ? `${before}\n${inner}` : `${before}\n${inner}${JSON.stringify(key)}: `;
    yield* jsonParts(item, inner, depth + 1);
    before = ',';
  }
  yield `\n${indent}${close}`;
}
