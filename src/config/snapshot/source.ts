/** Where a value stands, so that every decision can be traced to its line. Lines and columns count from 1. */
export interface Source {
  /** Path relative to the configuration directory, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}
