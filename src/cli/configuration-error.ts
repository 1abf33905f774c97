import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** The configuration has errors; they are printed with their places. */
export class ConfigurationError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  /** Where the files are: absolute. */
  readonly directory: string;

  constructor(diagnostics: readonly Diagnostic[], directory: string) {
    super('the configuration has errors');
    this.name = 'ConfigurationError';
    this.diagnostics = diagnostics;
    this.directory = directory;
  }
}
