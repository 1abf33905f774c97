/** What was found in a configuration, for the log. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Logger } from '../../diagnostics/logger.ts';
import { findingsAmong } from './listed-findings.ts';

const diagnosticsLoggedMax = 50;

export function logDiagnostics(log: Logger, diagnostics: readonly Diagnostic[]): void {
  for (const { code, severity, place, message, hint } of diagnostics.slice(0, diagnosticsLoggedMax)) {
    const at = `${place.file}:${place.line}:${place.column}`;
    const fields = { at, code, problem: message, ...(hint === undefined ? {} : { hint }) };
    if (severity === 'error') log.error('Configuration error', fields);
    else log.warn('Configuration warning', fields);
  }
  if (diagnostics.length > diagnosticsLoggedMax) {
    log.warn('More findings are shown by `class4 validate`', {
      more: findingsAmong(diagnostics) - diagnosticsLoggedMax,
    });
  }
}
