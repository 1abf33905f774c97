/** Makes diagnostics and puts them in order; the one place that knows which severity a code has. */
import { type Code, catalogue } from './codes.ts';
import type { Diagnostic, Place, RelatedPlace } from './diagnostic.ts';

export interface Details {
  /** What to do about it, more exactly than the catalogue's advice. */
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
}

export function diagnose(code: Code, place: Place, message: string, details: Details = {}): Diagnostic {
  return {
    code,
    severity: catalogue[code].severity,
    place: { file: place.file, line: place.line, column: place.column },
    message,
    hint: details.hint ?? catalogue[code].advice,
    ...(details.related === undefined ? {} : { related: details.related }),
  };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** Most severe first, then by file, line and column; equal places keep their order. */
export function inReadingOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compareText(a.place.file, b.place.file) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column,
  );
}

function rank(diagnostic: Diagnostic): number {
  return diagnostic.severity === 'error' ? 0 : 1;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
