/**
 * Where the parties of a scenario live on the loopback interface. A configuration names addresses that this machine
 * does not have, so every world has a network of its own and ports that the system chooses, like behind a NAT.
 */
import type { SourceAddress } from '../../../src/call/inputs.ts';

const networksOfOne = 250;
let networks = process.pid % networksOfOne;

export class WorldAddresses {
  readonly #network: number;
  readonly #sources = new Map<string, string>();
  #unreachable = 0;

  constructor() {
    networks = (networks + 1) % networksOfOne;
    this.#network = networks + 1;
  }

  get edge(): string {
    return `127.80.${this.#network}.1`;
  }

  /** Of the n-th routing gateway, from 0; they differ by their ports at least. */
  gateway(n: number): string {
    return `127.81.${this.#network}.${1 + (n % 254)}`;
  }

  /** The same one for the same source: the SIP server knows its guests by their addresses. */
  source({ address }: SourceAddress): string {
    let mapped = this.#sources.get(address);
    if (mapped === undefined) {
      const n = this.#sources.size;
      mapped = `127.${82 + Math.floor(n / 254)}.${this.#network}.${1 + (n % 254)}`;
      this.#sources.set(address, mapped);
    }
    return mapped;
  }

  /** Every source so far: as the scenario has it, and as it is here. */
  sources(): ReadonlyMap<string, string> {
    return this.#sources;
  }

  /** Nothing listens there; another one each time, since the SIP server asks each place once in a while only. */
  unreachable(): { readonly host: string; readonly port: number } {
    const n = this.#unreachable++;
    return { host: `127.${100 + (Math.floor(n / 254) % 100)}.${this.#network}.${1 + (n % 254)}`, port: 9 };
  }
}
