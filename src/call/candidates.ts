import type { RouteCandidate, RouteDecision } from '../routing/select-route.ts';

/** The gateways that are left to try, in their order. */
export class Candidates {
  readonly #all: readonly RouteCandidate[];
  readonly #normalCount: number;
  #nextNormal = 0;
  #nextProtect: number;

  constructor(decision: Pick<RouteDecision, 'attempts' | 'normalCount'>) {
    this.#all = decision.attempts;
    this.#normalCount = decision.normalCount;
    this.#nextProtect = decision.normalCount;
  }

  /**
   * The next gateway, or null when none is left: normal ones first, or protect routes as soon as
   * `protectDelayPassed`.
   */
  next(protectDelayPassed: boolean): RouteCandidate | null {
    const normalLeft = this.#nextNormal < this.#normalCount;
    const protectLeft = this.#nextProtect < this.#all.length;
    if (protectLeft && (protectDelayPassed || !normalLeft)) return this.#all[this.#nextProtect++]!;
    return normalLeft ? this.#all[this.#nextNormal++]! : null;
  }

  /**
   * Notes that a gateway is really being tried. A protect route ends the turn of the normal gateways; one that
   * turned out to be full does not, since the caller would be left with nobody.
   */
  tried(candidate: RouteCandidate): void {
    if (candidate.protect) this.#nextNormal = this.#normalCount;
  }
}
