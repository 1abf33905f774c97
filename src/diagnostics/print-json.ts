/** For programs: `{ "diagnostics": […], "errors": N, "warnings": N }`, keys in a fixed order. */
import { countOf } from './count.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type PrintOptions, shownFile } from './shown-file.ts';

export function printJson(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  const report = {
    diagnostics: diagnostics.map(({ code, severity, place, message, hint, related }) => ({
      code,
      severity,
      file: shownFile(place.file, options),
      line: place.line,
      column: place.column,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(related === undefined
        ? {}
        : {
            related: related.map(other => ({
              file: shownFile(other.file, options),
              line: other.line,
              column: other.column,
              message: other.message,
            })),
          }),
    })),
    errors: countOf(diagnostics, 'error'),
    warnings: countOf(diagnostics, 'warning'),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
