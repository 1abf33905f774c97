/** The lines that gateways share by their groups. */
import type { GroupMembership } from '../config/snapshot.ts';
import type { RoutingState } from './gateway-availability.ts';
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
