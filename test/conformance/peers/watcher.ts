/** What happens in a world, for whoever waits for it to be quiet, and what must never happen in it. */
import type { Violation } from '../../../src/sim/scenario/played.ts';
import type { SocketAddress } from './endpoint.ts';

const mostMessages = 2000;

export class Watcher {
  readonly violations: Violation[] = [];
  readonly #clock: () => number;
  readonly #messages: string[] = [];
  readonly #isExact: boolean;
  #count = 0;

  /** `isExact` when a datagram takes no time: then nothing is ever sent twice but by design. */
  constructor(clock: () => number, isExact: boolean) {
    this.#clock = clock;
    this.#isExact = isExact;
  }

  get count(): number {
    return this.#count;
  }

  moved(): void {
    this.#count++;
  }

  /** `callId` is that of SIP here. */
  violate(invariant: string, detail: string, callId: string | null): void {
    this.violations.push({ invariant, atMs: this.#clock(), detail, callId });
  }

  /** What only a slow machine could excuse. */
  violateInTime(invariant: string, detail: string, callId: string | null): void {
    if (this.#isExact) this.violate(invariant, detail, callId);
  }

  noteMessage(direction: 'in' | 'out', at: SocketAddress, text: string): void {
    if (this.#messages.length >= mostMessages) return;
    const [startLine = ''] = text.split('\r\n', 1);
    const callId = /^Call-ID: *(.*?)\r$/im.exec(text)?.[1] ?? '';
    const cseq = /^CSeq: *(.*?)\r$/im.exec(text)?.[1] ?? '';
    const arrow = direction === 'in' ? '◀' : '▶';
    const time = new Date(this.#clock()).toISOString().slice(11, 23);
    this.#messages.push(`${time} ${at.address}:${at.port} ${arrow} ${startLine} [${cseq}] ${callId}`);
  }

  /** All messages of the peers, one a line: what helps to understand a difference. */
  story(): string {
    return this.#messages.join('\n');
  }
}
