/** What is written down of a code. */
import type { Diagnostic } from '../diagnostic.ts';

export interface CatalogueEntry {
  readonly severity: Diagnostic['severity'];
  /** A few words, without a full stop. */
  readonly title: string;
  /** What is wrong and why it matters. */
  readonly explanation: string;
  readonly advice: string;
}

export function error(title: string, explanation: string, advice: string): CatalogueEntry {
  return { severity: 'error', title, explanation, advice };
}

export function warning(title: string, explanation: string, advice: string): CatalogueEntry {
  return { severity: 'warning', title, explanation, advice };
}
