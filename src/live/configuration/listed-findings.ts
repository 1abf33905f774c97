import type { Diagnostic } from '../../diagnostics/diagnostic.ts';

/** Nobody reads more, and each of them takes the thread that takes calls some microseconds. */
export const findingsListedMax = 1000;

/** Errors before warnings when there are too many; the last of them says how many more there are. */
export function listedFindings(
  diagnostics: readonly Diagnostic[],
  most: number = findingsListedMax,
): readonly Diagnostic[] {
  if (diagnostics.length <= most) return diagnostics;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const others = diagnostics.filter(({ severity }) => severity !== 'error');
  const ordered = [...errors, ...others];
  const { code, severity, place } = ordered[most - 1]!;
  const unlisted = ordered.slice(most - 1);
  const standsFor = { errors: errorsAmong(unlisted), warnings: unlisted.length - errorsAmong(unlisted) };
  const message = `… and ${unlisted.length} more findings in the files of the configuration`;
  const hint = '`class4 validate` shows all of them';
  return [...ordered.slice(0, most - 1), { code, severity, place, message, hint, standsFor }];
}

/** With those that are not listed. */
export function errorsAmong(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.reduce(
    (count, { severity, standsFor }) => count + (standsFor?.errors ?? (severity === 'error' ? 1 : 0)),
    0,
  );
}

/** With those that are not listed. */
export function findingsAmong(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.reduce(
    (count, { standsFor }) => count + (standsFor === undefined ? 1 : standsFor.errors + standsFor.warnings),
    0,
  );
}
