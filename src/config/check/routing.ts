/** What must be true between gateways and the objects that choose among them: groups, calendars, number lists, prices. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { ParsedDirectory } from '../directory.ts';
import type { Findings } from '../findings.ts';
import type { TextAt } from '../parse/fields.ts';
import type { ParsedMappingGateway, ParsedRoutingGateway } from '../parsed.ts';
import type { ParsedGateway, ParsedGatewayGroup, ParsedMembership } from '../parsed-routing.ts';
import { checkCalendars } from './calendars.ts';
import { named } from './dangling.ts';

export function checkRouting(directory: ParsedDirectory, findings: Findings): void {
  for (const list of directory.switch.onNetNumbers) checkList(list, directory, findings);
  for (const group of directory.gatewayGroups.all) {
    checkCalendars(group.timedLines, 'limit', directory, findings);
  }
  for (const gateway of directory.mappingGateways.all) {
    checkGateway(gateway, directory, findings);
    checkGroupNames(gateway.routingGatewayGroups?.names, directory, findings);
    checkTags(gateway, directory, findings);
    if (gateway.lrn !== null) named(gateway.lrn.table, 'lrn-table', directory.lrnTables, findings);
  }
  for (const gateway of directory.routingGateways.all) {
    checkGateway(gateway, directory, findings);
    checkGroupNames(gateway.mappingGatewayGroups?.names, directory, findings);
    checkPool(gateway, directory, findings);
    checkPrices(gateway, findings);
  }
}

function checkGateway(gateway: ParsedGateway, directory: ParsedDirectory, findings: Findings): void {
  const { groups, periods, numbers } = gateway;
  checkMemberships(groups, directory, findings);
  checkCalendars(periods, 'period', directory, findings);
  for (const filter of [numbers.callerLists, numbers.calleeLists]) {
    for (const list of filter?.names ?? []) checkList(list, directory, findings);
  }
}

function checkMemberships(
  memberships: readonly ParsedMembership[],
  directory: ParsedDirectory,
  findings: Findings,
): void {
  const known = new Map<string, ParsedMembership>();
  for (const membership of memberships) {
    const { group: reference } = membership;
    const group = named(reference, 'gateway-group', directory.gatewayGroups, findings);
    if (group === null) continue;
    const first = known.get(group.name);
    if (first !== undefined) {
      const related = [{ ...first.group.place, message: 'it stands here already' }];
      findings.add('C4330', reference.place, `the group "${group.name}" stands twice`, { related });
      continue;
    }
    known.set(group.name, membership);
    checkReserve(membership, group, findings);
  }
}

function checkReserve(
  { reservedLines, reservedPlace }: ParsedMembership,
  group: ParsedGatewayGroup,
  findings: Findings,
): void {
  if (reservedLines === 0 || group.incomplete) return;
  const { name, lines, linesPlace, timedLines } = group;
  if (lines === null) {
    if (timedLines.length > 0) return;
    const related = [{ ...group.place, message: 'the group' }];
    findings.add('C4332', reservedPlace, `the group "${name}" has no lines to keep free`, { related });
    return;
  }
  const most = Math.max(lines, ...timedLines.map(timed => timed.lines));
  if (reservedLines <= most) return;
  const related = [{ ...linesPlace, message: 'its lines' }];
  const message = `the group "${name}" never has ${reservedLines} lines left: it has ${most} at most`;
  findings.add('C4331', reservedPlace, message, { related });
}

function checkGroupNames(
  names: readonly TextAt[] | undefined,
  directory: ParsedDirectory,
  findings: Findings,
): void {
  for (const name of names ?? []) named(name, 'gateway-group', directory.gatewayGroups, findings);
}

function checkList(list: TextAt, directory: ParsedDirectory, findings: Findings): void {
  named(list, 'number-list', directory.numberLists, findings);
}

function checkPool(
  { callerPool }: ParsedRoutingGateway,
  directory: ParsedDirectory,
  findings: Findings,
): void {
  for (const reference of callerPool?.lists ?? []) {
    const list = named(reference, 'number-list', directory.numberLists, findings);
    if (list === null || list.incomplete || list.numberCount > 0) continue;
    const related = [{ ...list.place, message: 'the list' }];
    const message = `the number list "${list.name}" has prefixes only, and no number to call from`;
    findings.add('C4334', reference.place, message, { related });
  }
}

function checkPrices(gateway: ParsedRoutingGateway, findings: Findings): void {
  if (gateway.checkRate || gateway.incomplete) return;
  const needing: readonly (readonly [string, boolean])[] = [
    ['minimumProfitPercent', gateway.minimumProfitPercent !== null],
    ['maximumRate', gateway.maximumRate !== null],
    ['leastCostRouting', gateway.leastCostRouting],
  ];
  for (const [key, isSet] of needing) {
    if (!isSet) continue;
    const place = placeOf(gateway, key);
    findings.add('C4333', place, `${key} needs checkRate, which is off`);
  }
}

/** The value, or the first one within it. */
function placeOf({ stated, place }: ParsedRoutingGateway, key: string): Place {
  for (const [path, statement] of stated) {
    if (path === key || path.startsWith(`${key}.`)) return statement.place;
  }
  return place;
}

function checkTags(gateway: ParsedMappingGateway, directory: ParsedDirectory, findings: Findings): void {
  const known = new Set(directory.switch.parameters.routeTags);
  for (const { tag, place } of gateway.routeShares?.shares ?? []) {
    if (tag === '' || known.has(tag)) continue;
    findings.add('C4335', place, `SERVER_GATEWAY_ROUTE_PREFIX does not list the tag "${tag}"`);
  }
}
