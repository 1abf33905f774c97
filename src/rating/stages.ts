/**
 * Stages: the first seconds of a call at a fixed fee each, before the ordinary rate begins (VOS3000:
 * FeeRateSection). One text form serves decks, the journal and records: `60:0.10;30:0.05`.
 */
import { formatRate, parseRate } from './decimal.ts';

/** A stage of a rate row as it is read. */
export interface RowStage {
  /** 1–86400. */
  readonly seconds: number;
  /** For the whole stage, in 10⁻¹⁰ currency units: a safe integer, not negative. */
  readonly fee: number;
}

/** A stage of a price, exact. */
export interface RateStage {
  /** 1–86400. */
  readonly seconds: number;
  /** For the whole stage, in 10⁻¹⁰ currency units, not negative. */
  readonly fee: bigint;
}

export const mostStages = 16;
export const longestStageSeconds = 86_400;

export const noStages: readonly RateStage[] = [];

/** What a deck writes for a row without stages when the table has some for rows that do not say. */
const none = 'none';

/**
 * Reads `seconds:fee` items with semicolons between them, in their order, or `none`. Seconds are 1–86400, fees
 * as `parseRate` reads them, and there are at most 16. Returns null for anything else.
 */
export function parseStages(text: string): readonly RowStage[] | null {
  if (text === none) return [];
  const items = text.split(';');
  if (items.length > mostStages) return null;
  const stages: RowStage[] = [];
  for (const item of items) {
    const match = /^\s*([1-9]\d{0,4})\s*:\s*([\d.]+)\s*$/.exec(item);
    const fee = match === null ? null : parseRate(match[2]!);
    if (match === null || fee === null) return null;
    const seconds = Number(match[1]);
    if (seconds > longestStageSeconds) return null;
    stages.push({ seconds, fee });
  }
  return stages;
}

/** The text that `parseStages` reads; `none` when there are none. */
export function formatStages(stages: readonly (RowStage | RateStage)[]): string {
  if (stages.length === 0) return none;
  return stages.map(({ seconds, fee }) => `${seconds}:${formatRate(fee)}`).join(';');
}
