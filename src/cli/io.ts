/** What a command may touch of the process that runs it, so that a test can run a command without one. */
export interface Io {
  /** Facts: what the command was asked for. Text ends its own lines. */
  out(text: string): void;
  /** Problems and progress. */
  err(text: string): void;
  /** All of standard input. */
  input?(): Promise<Buffer>;
  /** Colour may be used on `out`: it is a terminal and NO_COLOR is not set. */
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths on the command line start. */
  readonly workingDirectory: string;
}

/** Exit codes of every command. */
export const exitCodes = {
  /** As expected. */
  ok: 0,
  /** An expectation failed. */
  unexpected: 1,
  /** The configuration or the command line is wrong. */
  wrong: 2,
  /** An invariant broke. */
  invariant: 3,
  /** The switch cannot be reached or did not drain. */
  unreachable: 4,
} as const;
