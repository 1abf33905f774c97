/** How the place of a finding is written, the same in every format. */
export interface PrintOptions {
  /** Escape codes for a terminal; only the text format uses them. */
  readonly colour?: boolean;
  /** Put before every path, for example `config/`, so that a reader can open it from where he stands. */
  readonly pathPrefix?: string;
  /**
   * A line (from 1) of a file, the path being that of a finding; null when it cannot be had. What it returns is shown
   * to everybody, so it must hold no secret. Text and JUnit use it.
   */
  readonly sourceLine?: (file: string, line: number) => string | null;
  /** Every file that was checked, good or bad, as findings name them. Only JUnit speaks of the good ones. */
  readonly files?: readonly string[];
  /** The version of this program. Only SARIF names it. */
  readonly version?: string;
}

/** The path of a finding as the reader can open it; the directory itself for a finding about all of it. */
export function shownFile(file: string, options: PrintOptions): string {
  const prefix = options.pathPrefix ?? '';
  return file === '.' && prefix !== '' ? prefix.replace(/\/$/, '') : `${prefix}${file}`;
}
