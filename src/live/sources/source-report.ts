/** What the status of a switch says about where its configuration comes from. */
export type SourceReport = DirectorySourceReport | GitSourceReport;

export interface DirectorySourceReport {
  readonly kind: 'directory';
  readonly path: string;
  /** The system tells of no changes (any more), so that the files are looked at every few seconds only. */
  readonly polling: boolean;
}

/** Times are ISO 8601 UTC. */
export interface GitSourceReport {
  readonly kind: 'git';
  /** Without credentials. */
  readonly repository: string;
  readonly branch: string;
  readonly directory: string;
  /** The newest commit that was found good. */
  readonly commit: string | null;
  /** What the branch was at when it was looked at last. */
  readonly head: string | null;
  readonly lastFetchAt: string | null;
  readonly lastSuccessAt: string | null;
  /** How old what is known of the branch is, in whole seconds; null when it was not seen yet. */
  readonly ageSeconds: number | null;
  readonly lastError: string | null;
  /** How often in a row. */
  readonly failures: number;
  readonly nextFetchAt: string | null;
  /** The head of the branch when it does not serve, and why. */
  readonly refused: { readonly commit: string; readonly reason: string } | null;
  /** The commit whose scenarios are played at this moment. */
  readonly playing: { readonly commit: string; readonly since: string } | null;
  /** Where pokes are heard; null without a webhook. */
  readonly webhook: string | null;
}
