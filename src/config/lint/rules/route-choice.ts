/** C4540, C4541: what customers say of the choice of routes, and no route answers. */
import type { RoutePolicy } from '../../snapshot.ts';
import { type LintContext, type LintFinding, single } from '../finding.ts';

/** Shares of calls whose tag no prefix of an open gateway fits. */
export function sharesWithoutRoute({ directory, snapshot }: LintContext): LintFinding[] {
  const tagged = snapshot.mappingGateways.filter(
    ({ locked, routeShares }) => !locked && routeShares !== null,
  );
  if (tagged.length === 0) return [];
  const prefixes = directory.routingGateways.all
    .filter(({ locked }) => !locked)
    .flatMap(gateway => gateway.prefixes.map(({ prefix }) => prefix));
  const hasRoute = (tag: string) => prefixes.some(prefix => prefix.startsWith(tag) || tag.startsWith(prefix));
  return tagged.flatMap(({ routeShares }) =>
    routeShares!.shares
      .filter(({ tag }) => tag !== '' && !hasRoute(tag))
      .map(({ tag, weight, source }) =>
        single(
          'C4541',
          source,
          `no routing gateway in use has a prefix for the tag "${tag}", so ${weight} percent of the calls find no route`,
        ),
      ),
  );
}

const policies = ['firstRoutePolicy', 'secondRoutePolicy'] as const;

/** Policies by which all gateways are equal. */
export function routePolicies({ directory, snapshot }: LintContext): LintFinding[] {
  const open = snapshot.routingGateways.filter(({ locked }) => !locked);
  const answered: Readonly<Record<RoutePolicy, boolean>> = {
    none: true,
    asr: open.some(({ calculateQuality }) => calculateQuality),
    rate: open.some(({ leastCostRouting }) => leastCostRouting),
  };
  const why: Readonly<Record<RoutePolicy, string>> = {
    none: '',
    asr: 'the quality of no routing gateway is measured (SS_GATEWAY_ASR_CALCULATE, calculateQuality)',
    rate: 'no routing gateway has leastCostRouting',
  };
  return snapshot.mappingGateways.flatMap(gateway =>
    policies.flatMap(key => {
      const place = directory.mappingGateways.all[gateway.index]!.stated.get(key)?.place;
      const policy = gateway[key];
      if (place === undefined || answered[policy]) return [];
      return [single('C4540', place, `${key} ${policy} has no effect: ${why[policy]}`)];
    }),
  );
}
