/**
 * When each gateway was last heard. A drachtio-server keeps 100 Trying to itself, so that a gateway that has our
 * INVITE and a dead one look alike; one that was heard a moment ago is taken to have it.
 */

/** So long ago a gateway may have been heard to count as alive. */
export const heardWithinMs = 30_000;

export class HeardGateways {
  readonly #lastHeardMs = new Map<string, number>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** A SIP message of this gateway has come in. The gateways of the configuration bound what is kept. */
  heard(gateway: string): void {
    this.#lastHeardMs.set(gateway, this.#nowMs());
  }

  isAlive(gateway: string): boolean {
    const lastHeardMs = this.#lastHeardMs.get(gateway);
    return lastHeardMs !== undefined && this.#nowMs() - lastHeardMs <= heardWithinMs;
  }
}
