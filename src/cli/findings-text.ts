import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { printDiagnostics } from '../diagnostics/print.ts';
import type { Io } from './io.ts';
import { pathPrefixOf } from './path-prefix.ts';
import { sourceLines } from './source-lines.ts';

/** Findings about a configuration directory as a person at this terminal reads them, with their source lines. */
export function findingsText(diagnostics: readonly Diagnostic[], directory: string, io: Io): string {
  return printDiagnostics(diagnostics, 'text', {
    colour: io.colour,
    pathPrefix: pathPrefixOf(directory, io),
    sourceLine: sourceLines(directory, diagnostics),
  });
}
