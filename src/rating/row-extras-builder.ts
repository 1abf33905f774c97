import type { RateRowExtras } from '../config/snapshot.ts';
import { copied, shared } from './shared-columns.ts';
import { formatStages, longestStageSeconds, mostStages, type RowStage } from './stages.ts';

interface Extra {
  readonly freeSeconds: number | null;
  readonly stages: readonly RowStage[];
}

/**
 * Free seconds and stages of rows. Hardly any row has them and those that do repeat a few, so each distinct
 * combination is kept once, rows refer to it by number, and a table without any keeps nothing at all.
 */
export class RowExtrasBuilder {
  readonly #extras: Extra[] = [];
  readonly #numbers = new Map<string, number>();
  /** 0 for a row without; empty as long as no row has any. */
  #ofRow = new Uint32Array(0);

  /** `freeSeconds` is null when the row does not say. What is set must be in range, see `areExtrasInRange`. */
  set(row: number, freeSeconds: number | null, stages: readonly RowStage[]): void {
    if (freeSeconds === null && stages.length === 0) return;
    if (row >= this.#ofRow.length) {
      this.#ofRow = copied(this.#ofRow, new Uint32Array(Math.max(64, (row + 1) * 2)));
    }
    this.#ofRow[row] = this.#numberOf({ freeSeconds, stages });
  }

  build(rowCount: number): RateRowExtras {
    const count = this.#extras.length;
    const rows = count === 0 ? 0 : rowCount;
    const ofRow = this.#ofRow.length < rows ? copied(this.#ofRow, new Uint32Array(rows)) : this.#ofRow;
    const stages = this.#extras.flatMap(extra => extra.stages);
    const stageStart = new Uint32Array(count + 2);
    for (const [i, extra] of this.#extras.entries()) {
      stageStart[i + 2] = stageStart[i + 1]! + extra.stages.length;
    }
    const freeSeconds = Int32Array.from([-1, ...this.#extras.map(extra => extra.freeSeconds ?? -1)]);
    return {
      ofRow: shared(ofRow, rows, Uint32Array),
      freeSeconds: shared(freeSeconds, freeSeconds.length, Int32Array),
      stageStart: shared(stageStart, stageStart.length, Uint32Array),
      stageSeconds: shared(
        Uint32Array.from(stages, ({ seconds }) => seconds),
        stages.length,
        Uint32Array,
      ),
      stageFee: shared(
        Float64Array.from(stages, ({ fee }) => fee),
        stages.length,
        Float64Array,
      ),
    };
  }

  #numberOf(extra: Extra): number {
    const key = `${extra.freeSeconds}/${formatStages(extra.stages)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#extras.push({ ...extra, stages: [...extra.stages] });
    this.#numbers.set(key, number);
    return number;
  }
}

/** Free seconds are null or a whole number from 0 that fits 31 bits; stages are as `RowStage` says, at most 16. */
export function areExtrasInRange(freeSeconds: number | null, stages: readonly RowStage[]): boolean {
  const isCount =
    freeSeconds === null || (Number.isInteger(freeSeconds) && freeSeconds >= 0 && freeSeconds < 2 ** 31);
  return isCount && stages.length <= mostStages && stages.every(isInRange);
}

function isInRange({ seconds, fee }: RowStage): boolean {
  const isLength = Number.isInteger(seconds) && seconds > 0 && seconds <= longestStageSeconds;
  return isLength && Number.isSafeInteger(fee) && fee >= 0;
}
