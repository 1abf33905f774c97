/** Where calls come from: an address that is said, or one of the mapping gateway. */
import type { SourceAddress } from '../../call/inputs.ts';
import type { Findings } from '../../config/findings.ts';
import { formatAddress, parseSourcePort } from '../../config/parse/address.ts';
import type { IngressAddress, Snapshot } from '../../config/snapshot.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { findMappingGateway } from '../../routing/ingress.ts';
import { networkOf, parseAddress } from '../../routing/ip-address.ts';
import type { TextAt } from './nodes.ts';

/** Where SIP is sent from unless the configuration asks for another port. */
const usualPort = 5060;

/** How many addresses of a network are tried before the first one has to do. */
const addressesTried = 16;

export interface Numbers {
  readonly caller: string;
  readonly callee: string;
  readonly startMs: number;
}

/** null when nothing is said, or (with a finding) nothing that can be understood. */
export function parseSource(
  written: TextAt | null,
  findings: Findings,
): { readonly source: SourceAddress; readonly place: Place } | null {
  if (written === null) return null;
  const [, host = '', transport = 'udp'] = /^(.*?)(?:;(udp|tcp))?$/.exec(written.text) ?? [];
  const parsed = parseSourcePort(host);
  if (parsed !== null && parsed.port !== null) {
    const source: SourceAddress = {
      address: formatAddress(parsed.address),
      port: parsed.port,
      transport: transport === 'tcp' ? 'tcp' : 'udp',
    };
    return { source, place: written.place };
  }
  const message = `from must be an address and port such as 203.0.113.7:5060, not "${written.text}"`;
  findings.add('C4204', written.place, message, {
    hint: 'Write an IPv6 address in brackets. ;tcp behind the port is for TCP.',
  });
  return null;
}

/** As `from` is written. */
export function sourceText({ address, port, transport }: SourceAddress): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host}:${port}${transport === 'tcp' ? ';tcp' : ''}`;
}

export class Sources {
  readonly #snapshot: Snapshot;
  readonly #ways = new Map<number, IngressAddress[]>();
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#indexes = new Map(snapshot.mappingGateways.map(({ name, index }) => [name, index]));
    for (const way of snapshot.ingress.addresses) {
      const known = this.#ways.get(way.mappingGateway);
      if (known === undefined) this.#ways.set(way.mappingGateway, [way]);
      else known.push(way);
    }
  }

  /** The mapping gateway may be none. null with a finding when the call cannot come from where it is said to. */
  of(
    { via, from }: { readonly via: TextAt | null; readonly from: ReturnType<typeof parseSource> },
    numbers: Numbers,
    findings: Findings,
  ): { readonly via: string | null; readonly source: SourceAddress } | null {
    if (via === null) {
      const { source } = from!;
      return { via: this.#gatewayAt(source, numbers), source };
    }
    if (from !== null) {
      if (this.#waysOf(via.text).some(way => holds(way, from.source)))
        return { via: via.text, source: from.source };
      findings.add('C4712', from.place, `the source is no address of ${via.text}`);
      return null;
    }
    const source = this.usual(via.text, numbers);
    if (source !== null) return { via: via.text, source };
    findings.add('C4712', via.place, `${via.text} has no address that a call could come from`);
    return null;
  }

  #gatewayAt(source: SourceAddress, { caller, callee, startMs }: Numbers): string | null {
    const match = findMappingGateway(this.#snapshot, source, caller, callee, startMs);
    return match.kind === 'unknownSource' ? null : this.#snapshot.mappingGateways[match.mappingGateway]!.name;
  }

  #waysOf(via: string): readonly IngressAddress[] {
    return this.#ways.get(this.#indexes.get(via) ?? -1) ?? [];
  }

  /**
   * Where a call of this mapping gateway comes from when nothing is said: the first address from which it is taken for
   * one of the gateway, or the first of all when there is none. null for a gateway without addresses.
   */
  usual(via: string, numbers: Numbers): SourceAddress | null {
    let first: SourceAddress | null = null;
    for (const way of this.#waysOf(via)) {
      for (const source of addressesOf(way)) {
        if (this.#gatewayAt(source, numbers) === via) return source;
        first ??= source;
      }
    }
    return first;
  }
}

function holds({ address, prefixBits, port }: IngressAddress, source: SourceAddress): boolean {
  const bytes = parseAddress(source.address);
  if (bytes === null || bytes.length !== address.length || (port !== null && port !== source.port))
    return false;
  return networkOf(bytes, prefixBits).every((byte, i) => byte === address[i]);
}

/** The first addresses of a network, without the one that is the network itself. */
export function* addressesOf({ address, prefixBits, port }: IngressAddress): Iterable<SourceAddress> {
  const hostBits = address.length * 8 - prefixBits;
  const count = Math.min(addressesTried, 2 ** Math.min(hostBits, 8));
  for (let i = 0; i < count; i++) {
    const bytes = address.slice();
    bytes[bytes.length - 1]! += hostBits > 1 ? (i + 1) % 2 ** Math.min(hostBits, 8) : i;
    yield { address: formatAddress(bytes), port: port ?? usualPort, transport: 'udp' };
  }
}
