/** One price as it will stand in the deck. */
export interface ImportedRow {
  readonly prefix: string;
  /** 10⁻¹⁰ currency units per unit of the table. */
  readonly rate: number;
  /** 0 when the row does not say. */
  readonly firstSeconds: number;
  readonly nextSeconds: number;
  /** 10⁻¹⁰ currency units; -1 when the row does not say. */
  readonly connectFee: number;
  readonly locked: boolean;
  /** ms since 1970 UTC; -Infinity when always. */
  readonly fromMs: number;
  /** ms since 1970 UTC, exclusive; Infinity when open. */
  readonly untilMs: number;
  readonly destination: string;
  /** Line in the vendor's file. */
  readonly line: number;
}
