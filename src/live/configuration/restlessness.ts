/**
 * Files that never come to rest. Waiting for them without end would keep every other change from serving, and reading them
 * at any moment would serve what nobody wrote. So they are read when one file at most changes meanwhile (all others
 * stood still, so this is what the directory was at one moment) twice in a row, and later the easier it is that
 * a file is not whole.
 */
import type { ChangesSeen, FileChange } from '../file-changes.ts';

/** After so long without a quiet moment, in ms. */
export const restlessMs = 10_000;
/** A file that is written in place may be half of one for a moment. */
export const rewrittenPatienceMs = 60_000;
/** A file that is copied here over a slow line only grows, and stops for moments. */
export const growingPatienceMs = 300_000;
const patienceMs: Readonly<Record<FileChange['how'], number>> = {
  replaced: restlessMs,
  rewritten: rewrittenPatienceMs,
  growing: growingPatienceMs,
};
const consistentReadings = 2;

export class Restlessness {
  #sinceMs: number | null = null;
  /** What changed before the first look is of no interest. */
  #looked = false;
  #consistent = 0;

  noteChange(nowMs: number): void {
    this.#sinceMs ??= nowMs;
  }

  /** The files stood still. */
  end(): void {
    this.#sinceMs = null;
    this.#begin();
  }

  /** They were read all the same; whatever changes from now on is another story. */
  readAt(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#begin();
  }

  lastsMs(nowMs: number): number {
    return this.#sinceMs === null ? 0 : nowMs - this.#sinceMs;
  }

  /** Whether a reading that begins now may come to something. `seen` is since the last look. */
  mayRead(seen: ChangesSeen, nowMs: number): boolean {
    const isFirst = !this.#looked;
    this.#looked = true;
    if (isFirst || this.#isTooEarly(seen, nowMs)) this.#consistent = 0;
    return !isFirst && !this.#isTooEarly(seen, nowMs);
  }

  /** Whether what was read can be handed on. `seen` is since the reading began; `areSteady`: no file was caught being written. */
  isTrusted(seen: ChangesSeen, areSteady: boolean, nowMs: number): boolean {
    const isConsistent = areSteady && seen.count <= 1 && !this.#isTooEarly(seen, nowMs);
    this.#consistent = isConsistent ? this.#consistent + 1 : 0;
    return this.#consistent >= consistentReadings;
  }

  #isTooEarly({ some }: ChangesSeen, nowMs: number): boolean {
    const needed = Math.max(restlessMs, ...some.map(({ how }) => patienceMs[how]));
    return this.lastsMs(nowMs) < needed;
  }

  #begin(): void {
    this.#looked = false;
    this.#consistent = 0;
  }
}
