/** At which moments the calls of one customer are served alike: where no calendar that they have to do with is changed. */
import { isInside } from '../../calendar/calendar.ts';
import type { MappingGateway, Snapshot } from '../../config/snapshot.ts';
import type { CustomerGroup } from '../plan.ts';
import type { Moment } from './times.ts';

interface Customer {
  readonly group: CustomerGroup;
  readonly before: MappingGateway;
  readonly after: MappingGateway;
}

/** Keeps what was found of customers for the moments at which the same would be found. */
export class AlikeMoments<Findings> {
  readonly #sides: readonly [Snapshot, Snapshot];
  readonly #moments: readonly Moment[];
  /** By side, the calendars that every call may have to do with. */
  readonly #shared: readonly (readonly number[])[];
  /** By customer: at each moment, the first one that is alike to it. */
  readonly #firsts = new Map<CustomerGroup, readonly number[]>();
  /** By customer and moment, as long as a later one is alike. */
  readonly #found = new Map<CustomerGroup, Map<number, Findings>>();

  constructor(before: Snapshot, after: Snapshot, moments: readonly Moment[]) {
    this.#sides = [before, after];
    this.#moments = moments;
    this.#shared = this.#sides.map(calendarsOfVendors);
  }

  /** What `find` says of the customer at the moment of this place; it is asked once for those that are alike. */
  recall({ group, before, after }: Customer, place: number, find: () => Findings): Findings {
    const firsts = this.#firsts.get(group) ?? this.firstsFor([before, after]);
    this.#firsts.set(group, firsts);
    const known = this.#found.get(group) ?? new Map<number, Findings>();
    this.#found.set(group, known);
    const first = firsts[place]!;
    const findings = known.get(first) ?? find();
    if (firsts.includes(first, place + 1)) known.set(first, findings);
    else known.delete(first);
    return findings;
  }

  /**
   * By moment, the first one at which the customer's calls are served as they are then; `gateways` are what it is on
   * either side.
   */
  firstsFor(gateways: readonly [MappingGateway, MappingGateway]): readonly number[] {
    const calendars = this.#sides.map((side, place) => [
      ...this.#shared[place]!,
      ...calendarsOfCustomer(side, gateways[place]!),
    ]);
    const states = this.#moments.map(({ epoch, atMs }) => {
      const inside = this.#sides.flatMap((side, place) =>
        calendars[place]!.map(index => isInside(side.calendars[index]!, atMs)),
      );
      return [epoch, ...inside].join();
    });
    return states.map(state => states.indexOf(state));
  }
}

function calendarsOfCustomer(side: Snapshot, { periods, account }: MappingGateway): readonly number[] {
  return calendarsIn(periods, side.accounts[account]!.timedRateTables);
}

function calendarsOfVendors({ routingGateways, gatewayGroups, accounts }: Snapshot): readonly number[] {
  const vendors = new Set(routingGateways.map(({ clearingAccount }) => accounts[clearingAccount]!));
  return calendarsIn(
    ...routingGateways.map(({ periods }) => periods),
    ...gatewayGroups.map(({ timedLines }) => timedLines),
    ...[...vendors].map(({ timedRateTables }) => timedRateTables),
  );
}

function calendarsIn(...timed: readonly (readonly { readonly calendar: number }[])[]): readonly number[] {
  return [...new Set(timed.flat().map(({ calendar }) => calendar))];
}
