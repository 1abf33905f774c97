/** The gateways of a call must be ones that it may go to, in the order that routing promises whatever the traffic. */
import type { CallDetailRecord } from '../../cdr/record.ts';
import type { MappingGateway, NameFilter, RoutingGateway, Snapshot } from '../../config/snapshot.ts';
import { exactPrefix } from '../../prefixes/prefix-trie.ts';
import { nextEntry } from '../../routing/route-table.ts';
import type { ActiveCall } from './active-call.ts';
import { gatewaysOf } from './limits.ts';
import type { Violations } from './violations.ts';

/** `cdr` is that of the running switch: one made after a kill has no attempts. */
export function checkRoutes(
  { snapshot, callId }: ActiveCall,
  cdr: CallDetailRecord,
  violations: Violations,
): void {
  const { mapping, routing } = gatewaysOf(snapshot);
  const from = mapping.get(cdr.mappingGateway ?? '');
  // With any of them the number that routes go by stands on no record.
  const isElsewhere = snapshot.parameters.routeTags.length > 0;
  if (from === undefined || from.lrn !== null || from.routeShares !== null || isElsewhere) return;
  let last: { readonly gateway: RoutingGateway; readonly length: number } | null = null;
  for (const attempt of cdr.attempts) {
    const gateway = routing.get(attempt.gateway);
    if (gateway === undefined) continue;
    const length = prefixLength(snapshot, gateway, cdr.billingCallee);
    if (length < 0) {
      const detail = `${gateway.name} is tried for ${cdr.billingCallee}, which begins with none of its prefixes.`;
      violations.add('prefixWrong', detail, callId);
    }
    if (!isAllowed(from, gateway)) {
      violations.add('notAllowed', `${gateway.name} is tried, and not for calls of ${from.name}.`, callId);
    }
    const why = last === null ? null : whyOutOfOrder(last, { gateway, length });
    if (why !== null) {
      violations.add('orderWrong', `${gateway.name} is tried after ${last!.gateway.name}: ${why}.`, callId);
    }
    last = { gateway, length };
  }
}

/** Of the longest prefix of the gateway that the number begins with, or -1. */
function prefixLength({ routes }: Snapshot, { index }: RoutingGateway, number: string): number {
  for (let length = number.length; length >= 0; length--) {
    let entry = exactPrefix(routes.trie, number.slice(0, length));
    for (; entry >= 0; entry = nextEntry(routes, entry)) if (routes.gateway[entry] === index) return length;
  }
  return -1;
}

function isAllowed(from: MappingGateway, to: RoutingGateway): boolean {
  const groups = ({ groups }: MappingGateway | RoutingGateway) => groups.map(({ group }) => group);
  return (
    passes(from.routingGateways, [to.index]) &&
    passes(to.mappingGateways, [from.index]) &&
    passes(from.routingGatewayGroups, groups(to)) &&
    passes(to.mappingGatewayGroups, groups(from))
  );
}

function passes(filter: NameFilter, indexes: readonly number[]): boolean {
  if (filter.kind === 'any') return true;
  const isNamed = indexes.some(index => filter.indexes.includes(index));
  return filter.kind === 'allow' ? isNamed : !isNamed;
}

type Tried = { readonly gateway: RoutingGateway; readonly length: number };

/** Protect routes stand behind all others, longer prefixes before shorter ones, lower priorities before higher ones. */
function whyOutOfOrder(before: Tried, after: Tried): string | null {
  const [first, second] = [before.gateway, after.gateway];
  if (first.protectRoute && !second.protectRoute) return 'that is a protect route, and this one is none';
  if (first.protectRoute !== second.protectRoute) return null;
  if (before.length < after.length) return `its prefix has ${after.length} digits, and not ${before.length}`;
  // Periods may change the priority.
  if (before.length > after.length || first.periods.length + second.periods.length > 0) return null;
  return first.priority > second.priority
    ? `it has priority ${second.priority}, and not ${first.priority}`
    : null;
}
