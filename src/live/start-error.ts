import type { Diagnostic } from '../diagnostics/diagnostic.ts';

/** The switch cannot start, and the world must change before it can. */
export class StartError extends Error {
  /** `running`: another one serves the directory already. */
  readonly kind: 'wrong' | 'running';
  readonly hint: string | null;
  /** Of a configuration that has errors. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    message: string,
    details: {
      readonly kind?: StartError['kind'];
      readonly hint?: string;
      readonly diagnostics?: readonly Diagnostic[];
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'StartError';
    this.kind = details.kind ?? 'wrong';
    this.hint = details.hint ?? null;
    this.diagnostics = details.diagnostics ?? [];
  }
}
