/** Where a value stands, so that every decision can be traced to its line. Lines and columns count from 1. */
export interface Source {
  /** Path relative to the configuration directory, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Where the value of each setting of an object stands that is not left to its default; `settingPlace` in routing reads
 * it. A carrier has tens of thousands of these, so what objects have in common they share.
 */
export interface Places {
  /** The settings that the object's own file states, by their paths in it: `lines`, `timeouts.ringingSeconds`. */
  readonly settings: readonly string[];
  /** For each of them in turn its line and its column: twice as many numbers. */
  readonly at: readonly number[];
  /** Where those stand that it inherits. */
  readonly inherited: Readonly<Record<string, Source>>;
}
