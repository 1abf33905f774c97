/** The customers of a world: a socket for each source, and every call that is placed from it. */
import type { SourceAddress } from '../../../src/call/inputs.ts';
import { CallerCall, type CallerOptions, type PlacedCall } from '../peers/caller-call.ts';
import { Endpoint, type SocketAddress } from '../peers/endpoint.ts';
import type { WorldAddresses } from './addresses.ts';

export interface CallersOptions extends Omit<CallerOptions, 'endpoint' | 'to'> {
  readonly addresses: WorldAddresses;
  readonly switchAddress: () => SocketAddress;
}

export class Callers {
  readonly #options: CallersOptions;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #calls = new Map<string, CallerCall>();

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  get calls(): ReadonlyMap<string, CallerCall> {
    return this.#calls;
  }

  async open(sources: readonly SourceAddress[]): Promise<void> {
    const { addresses, watcher } = this.#options;
    for (const source of sources) {
      const key = keyOf(source);
      if (this.#endpoints.has(key)) continue;
      const endpoint = await Endpoint.open(addresses.source(source), watcher);
      endpoint.onMessage((message, from) => {
        const call = this.#calls.get(message.callId);
        if (call !== undefined) call.receive(message, from);
        else watcher.violate('messageFromNowhere', `${message.startLine} to a caller`, message.callId);
      });
      this.#endpoints.set(key, endpoint);
    }
  }

  place(placed: PlacedCall): CallerCall {
    const endpoint = this.#endpoints.get(keyOf(placed.call.source))!;
    // It is told its responses by its Call-ID, from the first one on.
    const call = new CallerCall({ ...this.#options, endpoint, to: this.#options.switchAddress() }, placed);
    this.#calls.set(placed.sipCallId, call);
    return call;
  }

  orphanAll(): void {
    for (const call of this.#calls.values()) call.orphan();
  }

  isQuiet(): boolean {
    for (const call of this.#calls.values()) if (!call.isQuiet) return false;
    return true;
  }

  /** What is missing now that everything is over. */
  finish(): void {
    for (const call of this.#calls.values()) call.finish();
  }

  async close(): Promise<void> {
    for (const call of this.#calls.values()) call.orphan();
    for (const endpoint of this.#endpoints.values()) await endpoint.close();
  }
}

function keyOf({ address, port, transport }: SourceAddress): string {
  return `${address} ${port} ${transport}`;
}
