/** The story of the calls as it is told in ladders: who sent what to whom, and when. */
import type { TraceEvent } from '../scenario/played.ts';

export class Trace {
  readonly events: TraceEvent[] = [];
  readonly #tell: () => number;
  readonly #isWanted: (callId: string) => boolean;

  /** `nowMs` tells the time of the world (ms since 1970 UTC), `isWanted` whose story is kept. */
  constructor(nowMs: () => number, isWanted: (callId: string) => boolean) {
    this.#tell = nowMs;
    this.#isWanted = isWanted;
  }

  /** null when nobody wants a story; true wants all of them. */
  static of(wanted: boolean | ((callId: string) => boolean) | undefined, nowMs: () => number): Trace | null {
    if (wanted === undefined || wanted === false) return null;
    return new Trace(nowMs, wanted === true ? () => true : wanted);
  }

  add(callId: string, from: string, to: string, text: string): void {
    if (this.#isWanted(callId)) this.events.push({ atMs: this.#tell(), callId, from, to, text });
  }

  /** The switch does something for a reason of its own. */
  remark(callId: string, text: string): void {
    this.add(callId, 'switch', 'switch', text);
  }

  /** A request, and the response that comes at once. */
  exchange(callId: string, from: string, to: string, request: string, response: string | null): void {
    this.add(callId, from, to, request);
    if (response !== null) this.add(callId, to, from, response);
  }
}
