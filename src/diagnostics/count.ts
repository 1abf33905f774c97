/** How many, in numbers and in words. */
import type { Diagnostic } from './diagnostic.ts';

export function countOf(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): number {
  return diagnostics.filter(diagnostic => diagnostic.severity === severity).length;
}

/** `1 error`, `1,200 rows` */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** `2 errors and 1 warning`; empty when there are none. */
export function countedFindings(diagnostics: readonly Diagnostic[], more = ''): string {
  const [errors, warnings] = [countOf(diagnostics, 'error'), countOf(diagnostics, 'warning')];
  return [
    ...(errors > 0 ? [counted(errors, `${more}error`)] : []),
    ...(warnings > 0 ? [counted(warnings, `${more}warning`)] : []),
  ].join(' and ');
}
