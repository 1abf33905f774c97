/** For GitLab: a code quality report, which merge requests show at the changed lines. */
import type { Diagnostic } from './diagnostic.ts';
import { fingerprints } from './fingerprints.ts';
import { type PrintOptions, shownFile } from './shown-file.ts';

/** Of GitLab's five severities: an error stops the configuration from being used. */
const severities = { error: 'critical', warning: 'minor' } as const;

export function printGitlab(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  const names = fingerprints(diagnostics);
  const report = diagnostics.map(({ code, severity, place, message, hint }, index) => ({
    description: hint === undefined ? message : `${message} → ${hint}`,
    check_name: code,
    fingerprint: names[index],
    severity: severities[severity],
    location: { path: shownFile(place.file, options), lines: { begin: place.line } },
  }));
  return `${JSON.stringify(report, null, 2)}\n`;
}
