/** Where the steps of one run put what they find. */
import type { Code } from '../diagnostics/codes.ts';
import { type Details, diagnose } from '../diagnostics/collect.ts';
import type { Diagnostic, Place } from '../diagnostics/diagnostic.ts';

export class Findings {
  readonly #diagnostics: Diagnostic[] = [];

  add(code: Code, place: Place, message: string, details: Details = {}): void {
    this.#diagnostics.push(diagnose(code, place, message, details));
  }

  take(diagnostics: Iterable<Diagnostic>): void {
    for (const diagnostic of diagnostics) this.#diagnostics.push(diagnostic);
  }

  get all(): readonly Diagnostic[] {
    return this.#diagnostics;
  }
}
