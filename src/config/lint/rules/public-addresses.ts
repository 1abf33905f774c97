/** C4531: calls that are let in because they come from somewhere in a wide part of the internet. */
import { networkOf, parseCidr } from '../../../routing/ip-address.ts';
import type { ParsedSource } from '../../parsed.ts';
import { grouped } from '../../read/file.ts';
import { type LintContext, type LintFinding, single } from '../finding.ts';

/** Networks that the internet does not route: RFC 1918, loopback, link-local, RFC 6598 and RFC 4193. */
const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fe80::/10',
  'fc00::/7',
].map(text => parseCidr(text)!);

/** A customer's office has at most this many bits of addresses: 4 of IPv4, one /64 of IPv6. */
const usualHostBits = { ipv4: 2, ipv6: 64 } as const;
/** From here on it is a provider's range and not a customer's: a site has at most a /48 of IPv6 (RFC 6177). */
const wideHostBits = { ipv4: 9, ipv6: 81 } as const;

export function publicAddresses({ directory }: LintContext): LintFinding[] {
  return directory.mappingGateways.all.flatMap(({ authentication, locked, addresses }) =>
    authentication !== 'ip' || locked ? [] : addresses.filter(isWide).map(finding),
  );
}

function isWide(source: ParsedSource): boolean {
  const family = source.address.length === 4 ? 'ipv4' : 'ipv6';
  return source.address.length * 8 - source.prefixBits > usualHostBits[family] && !isPrivate(source);
}

function isPrivate({ address, prefixBits }: ParsedSource): boolean {
  return privateNetworks.some(
    network =>
      network.address.length === address.length &&
      prefixBits >= network.prefixBits &&
      networkOf(address, network.prefixBits).every((byte, i) => byte === network.address[i]),
  );
}

function finding(source: ParsedSource): LintFinding {
  const family = source.address.length === 4 ? 'ipv4' : 'ipv6';
  const hostBits = source.address.length * 8 - source.prefixBits;
  const count = hostBits < 32 ? grouped(2 ** hostBits) : `2^${hostBits}`;
  if (source.prefixBits === 0) {
    return single(
      'C4531',
      source.place,
      `everybody on the internet may call at this customer's cost: ${source.text} is every address`,
    );
  }
  const message =
    hostBits >= wideHostBits[family]
      ? `whoever has one of ${count} public addresses may call at this customer's cost: ${source.text} is a network of a provider, not of a customer`
      : `calls from any of ${count} public addresses (${source.text}) are taken for this customer's`;
  return single('C4531', source.place, message);
}
