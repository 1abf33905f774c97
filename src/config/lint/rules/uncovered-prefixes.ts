/** C4523: prefixes of gateways for which the vendor's rate table has nothing to say. */
import { coverageOf } from '../../../prefixes/coverage.ts';
import { rateTablesAt } from '../../../rating/account-rate.ts';
import { rowInEffect } from '../../../rating/rate-table.ts';
import type { ParsedRoutingGateway } from '../../parsed.ts';
import type { MappingGateway, RateTable } from '../../snapshot.ts';
import {
  counted,
  type LintContext,
  type LintFinding,
  type LintItem,
  placeOfPrefix,
  single,
} from '../finding.ts';
import { freePrefixes } from '../network/network.ts';
import { isRatedByOtherNumber } from '../network/scope.ts';

/** A vendor's prices are looked up with the number that was called, so a prefix without a rate has no cost. */
export function uncoveredPrefixes({ directory, snapshot, nowMs }: LintContext): LintFinding[] {
  const findings: LintFinding[] = [];
  const unpriced = new Set<number>();
  const free = freePrefixes(snapshot);
  // Prices are then looked up with a prefix before the number, which gateways know nothing of.
  if (snapshot.mappingGateways.some(hasBillingPrefix)) return findings;
  for (const gateway of snapshot.routingGateways) {
    const vendor = snapshot.accounts[gateway.clearingAccount]!;
    if (gateway.locked || vendor.unrated || isRatedByOtherNumber(gateway)) continue;
    const parsed = directory.routingGateways.all[gateway.index]!;
    if (vendor.rateTable === null) {
      if (unpriced.has(vendor.index)) continue;
      unpriced.add(vendor.index);
      const message = `the vendor "${vendor.name}" has no rate table, so what its calls cost is unknown`;
      findings.push(
        single('C4523', vendor.source, message, {
          hint: 'Add rateTable, or unrated: true when the calls cost nothing or are accounted for elsewhere.',
        }),
      );
      continue;
    }
    const tables = rateTablesAt(snapshot, vendor, nowMs);
    findings.push(...uncoveredOf(parsed, tables, { free, tags: snapshot.parameters.routeTags }, nowMs));
  }
  return findings;
}

function uncoveredOf(
  gateway: ParsedRoutingGateway,
  tables: readonly RateTable[],
  { free, tags }: { readonly free: readonly string[]; readonly tags: readonly string[] },
  nowMs: number,
): LintFinding[] {
  const none: LintItem[] = [];
  const some: LintItem[] = [];
  for (const { prefix } of gateway.prefixes) {
    if (free.some(start => prefix.startsWith(start))) continue;
    const rated = withoutTag(prefix, tags);
    if (rated === null) continue;
    const coverages = tables.map(table =>
      coverageOf(table.prefixes, rated, first => rowInEffect(table, first, nowMs) >= 0),
    );
    if (coverages.some(({ part }) => part === 'all')) continue;
    const partly = coverages.find(coverage => coverage.part === 'some');
    const place = placeOfPrefix(gateway, prefix);
    if (partly === undefined) none.push({ place, label: `"${prefix}"` });
    else some.push({ place, label: `"${prefix}" (only for ${partly.first} and the like)` });
  }
  const then = gateway.checkRate
    ? 'calls there pass this gateway by, since it checks rates'
    : 'what calls there cost is unknown';
  const findings: LintFinding[] = [];
  const add = (items: readonly LintItem[], how: string) => {
    if (items.length === 0) return;
    const say = (labels: string, count: number) =>
      `"${tables[0]!.name}" has ${how} for ${counted(count, 'prefix', 'prefixes')} of this gateway: ${labels}; ${then}`;
    findings.push({ code: 'C4523', items, unlisted: 0, say });
  };
  add(none, 'no rate');
  add(some, 'rates for a part only');
  return findings;
}

/** What of the prefix is looked up in rate tables; null when the tag could go on behind the prefix. */
function withoutTag(prefix: string, tags: readonly string[]): string | null {
  if (tags.some(tag => tag.length > prefix.length && tag.startsWith(prefix) && prefix !== '')) return null;
  const fitting = tags.filter(tag => prefix.startsWith(tag));
  const longest = fitting.reduce((a, b) => (b.length > a.length ? b : a), '');
  return prefix.slice(longest.length);
}

function hasBillingPrefix({ lrn }: MappingGateway): boolean {
  return lrn !== null && `${lrn.intrastatePrefix}${lrn.interstatePrefix}${lrn.undeterminedPrefix}` !== '';
}
