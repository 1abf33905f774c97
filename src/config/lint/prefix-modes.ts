/** One prefix that some gateways have in Expiration and others in Extension mode. */
import type { Findings } from '../findings.ts';
import type { ParsedPrefix, ParsedRoutingGateway } from '../parsed.ts';

interface Entry {
  readonly gateway: ParsedRoutingGateway;
  readonly prefix: ParsedPrefix;
}

/** A locked gateway carries nothing and ends no search, so it mixes with nobody. */
export function checkPrefixModes(gateways: readonly ParsedRoutingGateway[], findings: Findings): void {
  const firsts = new Map<string, Entry>();
  const reported = new Set<string>();
  for (const gateway of gateways) {
    if (gateway.locked) continue;
    for (const prefix of gateway.prefixes) {
      const first = firsts.get(prefix.prefix);
      if (first === undefined) {
        firsts.set(prefix.prefix, { gateway, prefix });
        continue;
      }
      if (first.prefix.expiration === prefix.expiration) continue;
      const pair = `${first.gateway.name}\n${gateway.name}`;
      if (reported.has(pair)) continue;
      reported.add(pair);
      report(first, { gateway, prefix }, findings);
    }
  }
}

function report(first: Entry, second: Entry, findings: Findings): void {
  const message = `the prefix "${second.prefix.prefix}" is in ${modeOf(second)} mode here and in ${modeOf(first)} mode in "${first.gateway.name}"`;
  const related = [{ ...first.prefix.place, message: `${modeOf(first)} in "${first.gateway.name}"` }];
  findings.add('C4310', second.prefix.place, message, { related });
}

function modeOf(entry: Entry): string {
  return entry.prefix.expiration ? 'expiration' : 'extension';
}
