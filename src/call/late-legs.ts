/**
 * Legs that were released before their final response, of calls that are over. A 2xx that crossed the CANCEL
 * must still be released, once; everything else about such a leg is of no interest.
 */

/** As long as an INVITE can still be answered at all, with room: twice timer B of RFC 3261 §17.1.1.2. */
export const lateLegLifetimeMs = 64_000;

interface LateCall {
  readonly callId: string;
  readonly expiresAtMs: number;
  readonly legs: number[];
}

export class LateLegs {
  /** In order of their expiry, as insertion is in order of time. */
  readonly #calls = new Map<string, LateCall>();

  get size(): number {
    return this.#calls.size;
  }

  add(callId: string, legs: number[], nowMs: number): void {
    this.#calls.set(callId, { callId, expiresAtMs: nowMs + lateLegLifetimeMs, legs });
  }

  /** The leg has its final response. Returns whether it was still waited for. */
  settle(callId: string, leg: number): boolean {
    const call = this.#calls.get(callId);
    const place = call?.legs.indexOf(leg) ?? -1;
    if (call === undefined || place < 0) return false;
    call.legs.splice(place, 1);
    if (call.legs.length === 0) this.#calls.delete(callId);
    return true;
  }

  forgetExpired(nowMs: number): void {
    for (const call of this.#calls.values()) {
      if (call.expiresAtMs > nowMs) return;
      this.#calls.delete(call.callId);
    }
  }
}
