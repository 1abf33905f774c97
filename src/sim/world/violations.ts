import type { Violation } from '../scenario/played.ts';

/** A switch that is wrong is wrong again and again: the first of all that it does is enough. */
const mostViolations = 200;

export class Violations {
  readonly found: Violation[] = [];
  readonly #tell: () => number;

  /** `nowMs` tells the time of the world (ms since 1970 UTC). */
  constructor(nowMs: () => number) {
    this.#tell = nowMs;
  }

  /** `invariant` is a stable name, `detail` a sentence. */
  add(invariant: string, detail: string, callId: string | null = null): void {
    if (this.found.length >= mostViolations) return;
    this.found.push({ invariant, atMs: this.#tell(), detail, callId });
  }
}
