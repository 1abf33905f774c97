/**
 * Stands between the engine and its SIP adapter like a NAT: the engine knows the addresses of the scenario, the wire
 * those of this machine. Nothing else of what passes is changed.
 */
import type { DialLegOutput, SendOptionsOutput, SipOutput } from '../../../src/call/outputs.ts';
import type { HostPort } from '../../../src/config/snapshot.ts';
import { SipAdapter, type SipAdapterOptions } from '../../../src/sip/adapter.ts';
import type { SipInput, SipPort } from '../../../src/sip/port.ts';

export interface Translator {
  moved(): void;
  /** Where the INVITE really goes. */
  dials(output: DialLegOutput): HostPort;
  asks(output: SendOptionsOutput): HostPort;
  releases(callId: string, leg: number): void;
  /** The input as the engine is to see it; null when it comes from a switch that was killed. */
  hears(input: SipInput): SipInput | null;
}

export class TranslatedSip implements SipPort {
  readonly #adapter: SipAdapter;
  readonly #translator: Translator;

  constructor(options: SipAdapterOptions, translator: Translator) {
    this.#translator = translator;
    this.#adapter = new SipAdapter({
      ...options,
      deliver: input => {
        translator.moved();
        const heard = translator.hears(input);
        if (heard !== null) options.deliver(heard);
      },
    });
  }

  get connected(): boolean {
    return this.#adapter.connected;
  }

  perform(output: SipOutput): void {
    const translator = this.#translator;
    translator.moved();
    if (output.type === 'dialLeg') {
      this.#adapter.perform({ ...output, address: translator.dials(output) });
      return;
    }
    if (output.type === 'sendOptions') {
      this.#adapter.perform({ ...output, address: translator.asks(output) });
      return;
    }
    if (output.type === 'releaseLeg') translator.releases(output.callId, output.leg);
    this.#adapter.perform(output);
  }

  connect(): Promise<void> {
    return this.#adapter.connect();
  }

  close(): Promise<void> {
    return this.#adapter.close();
  }

  counters(): Readonly<Record<string, number>> {
    return this.#adapter.counters();
  }
}
