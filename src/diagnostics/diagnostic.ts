/** One finding about a configuration, with its place and what to do about it. */
export interface Place {
  /** Relative to the configuration directory, with forward slashes. */
  readonly file: string;
  /** Lines and columns count from 1; 1:1 speaks of the whole file. */
  readonly line: number;
  readonly column: number;
}

export interface RelatedPlace extends Place {
  readonly message: string;
}

export interface Diagnostic {
  /** Stable: documented in docs/diagnostics.md and never reused for something else. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly place: Place;
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
  /** Of one that stands for all that are not listed, because there were too many. */
  readonly standsFor?: { readonly errors: number; readonly warnings: number };
}
