/** For code scanning: SARIF 2.1.0 (OASIS Standard, 27 March 2020). */
import { catalogue } from './codes.ts';
import type { Diagnostic, Place } from './diagnostic.ts';
import { fingerprints } from './fingerprints.ts';
import { type PrintOptions, shownFile } from './shown-file.ts';

const codes = Object.keys(catalogue);

export function printSarif(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  const names = fingerprints(diagnostics);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'class4',
            ...(options.version === undefined ? {} : { semanticVersion: options.version }),
            rules: Object.entries(catalogue).map(([id, entry]) => ({
              id,
              shortDescription: { text: `${entry.title}.` },
              fullDescription: { text: entry.explanation },
              help: {
                text: `${entry.explanation}\n\nWhat to do: ${entry.advice}`,
                markdown: `${entry.explanation}\n\n**What to do:** ${entry.advice}`,
              },
              defaultConfiguration: { level: entry.severity },
              properties: { 'problem.severity': entry.severity, tags: ['configuration'] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: true }],
        results: diagnostics.map((diagnostic, index) => result(diagnostic, names[index]!, options)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function result(diagnostic: Diagnostic, fingerprint: string, options: PrintOptions) {
  const { code, severity, place, message, hint, related } = diagnostic;
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: severity,
    message: { text: hint === undefined ? message : `${message}\n→ ${hint}` },
    locations: [{ physicalLocation: physicalLocation(place, options) }],
    ...(related === undefined
      ? {}
      : {
          relatedLocations: related.map((other, id) => ({
            id,
            physicalLocation: physicalLocation(other, options),
            message: { text: other.message },
          })),
        }),
    partialFingerprints: { 'class4/v1': fingerprint },
  };
}

function physicalLocation(place: Place, options: PrintOptions) {
  return {
    artifactLocation: artifactLocation(shownFile(place.file, options)),
    region: { startLine: place.line, startColumn: place.column },
  };
}

/** Relative to the top of the repository, which the service knows; a file outside of it by its full path. */
function artifactLocation(path: string): { readonly uri: string; readonly uriBaseId?: string } {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
}
