/** The lines that gateways share by their groups. */
import type { GroupMembership, Snapshot, Source } from '../config/snapshot.ts';
import type { RoutingState } from './gateway-availability.ts';
import { noLineLeftOf } from './lines-text.ts';
import { decidingPlace } from './setting-place.ts';
import type { TimedSettings } from './timed-settings.ts';

export interface GroupRefusal {
  readonly reason: 'groupLinesFull' | 'groupLinesReserved';
  readonly membership: GroupMembership;
}

/**
 * The first group of the gateway, in the order in which it names them, that has no line for it: because none is free,
 * or fewer than the gateway must leave to the other members. Null when all have one.
 */
export function groupRefusalOf(
  { groups }: { readonly groups: readonly GroupMembership[] },
  settings: TimedSettings,
  state: Pick<RoutingState, 'groupActiveLines'>,
): GroupRefusal | null {
  for (const membership of groups) {
    const lines = settings.groupLines[membership.group]!;
    if (lines === Number.POSITIVE_INFINITY) continue;
    const free = lines - state.groupActiveLines(membership.group);
    if (free <= 0) return { reason: 'groupLinesFull', membership };
    if (free < membership.reservedLines) return { reason: 'groupLinesReserved', membership };
  }
  return null;
}

/** The line that caused it, and a sentence without an end mark in which `who` is the gateway. */
export function explainGroupRefusal(
  snapshot: Snapshot,
  settings: TimedSettings,
  state: Pick<RoutingState, 'groupActiveLines'>,
  { reason, membership }: GroupRefusal,
  who: string,
): { readonly source: Source; readonly detail: string } {
  const group = snapshot.gatewayGroups[membership.group]!;
  const { index, name, timedLines } = group;
  const lines = settings.groupLines[index]!;
  if (reason === 'groupLinesFull') {
    const timed = timedLines.find(({ calendar }) => settings.calendarInside[calendar] === 1);
    const source = timed?.source ?? decidingPlace(group, 'lines');
    return { source, detail: noLineLeftOf(`the group ${name}`, lines) };
  }
  const free = lines - state.groupActiveLines(index);
  const are = free === 1 ? 'is' : 'are';
  return {
    source: membership.source,
    detail: `${free} of ${lines} lines of the group ${name} ${are} free, and ${who} leaves ${membership.reservedLines} to others`,
  };
}
