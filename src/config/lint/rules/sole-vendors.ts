/** C4510: prefixes that only one vendor carries. */
import { counted, type LintContext, type LintFinding, type LintItem, placeOfPrefix } from '../finding.ts';
import type { Reach } from '../network/reach.ts';
import type { Change, NetworkVisitor } from '../network/walk-network.ts';

/**
 * Watches for numbers that a customer has a price for and that exactly one vendor carries for anybody. A shorter
 * prefix of another vendor is a backup, and so is a protect route; neither is when an Expiration member stands before it.
 */
export class SoleVendors implements NetworkVisitor {
  readonly #context: LintContext;
  /** By entry of the route table: its prefix and the first numbers for which it is alone. */
  readonly #alone = new Map<number, { readonly prefix: string; readonly example: string }>();
  /** The prefixes that have routes on the way, with where their entries begin. */
  readonly #groups: { readonly start: number; readonly prefix: string }[] = [];
  readonly #entered: boolean[] = [];

  constructor(context: LintContext) {
    this.#context = context;
  }

  enter(reach: Reach, change: Change): void {
    this.#entered.push(change.ownRoutes >= 0);
    if (change.ownRoutes >= 0) this.#groups.push({ start: change.ownRoutes, prefix: change.prefix });
    if (change.covered || reach.pathEntries.length === 0 || this.#isTagged(change)) return;
    const vendor = onlyVendor(reach);
    if (vendor >= 0) this.#note(reach, vendor, change);
  }

  leave(): void {
    if (this.#entered.pop() === true) this.#groups.pop();
  }

  findings(): LintFinding[] {
    const { snapshot, directory } = this.#context;
    const byGateway = new Map<number, LintItem[]>();
    for (const [entry, { prefix, example }] of this.#alone) {
      const gateway = snapshot.routes.gateway[entry]!;
      const parsed = directory.routingGateways.all[gateway]!;
      const place = placeOfPrefix(parsed, prefix);
      const label = prefix === example ? `"${prefix}"` : `"${prefix}" (as in ${example})`;
      const items = byGateway.get(gateway);
      if (items === undefined) byGateway.set(gateway, [{ place, label }]);
      else items.push({ place, label });
    }
    return [...byGateway].map(([gateway, items]) => {
      const { clearingAccount } = snapshot.routingGateways[gateway]!;
      const vendor = snapshot.accounts[clearingAccount]!.name;
      return {
        code: 'C4510',
        items,
        unlisted: 0,
        say: (labels, count) =>
          `no vendor but "${vendor}" carries ${counted(count, 'prefix', 'prefixes')} of this gateway: ${labels}`,
      };
    });
  }

  /** A route tag is there to choose one vendor. */
  #isTagged(change: Change): boolean {
    const { routeTags } = this.#context.snapshot.parameters;
    return routeTags.length > 0 && routeTags.some(tag => change.prefix.startsWith(tag));
  }

  /** The gateway of the vendor that comes first for these numbers is the one to be told about. */
  #note(reach: Reach, vendor: number, change: Change): void {
    const { gateway } = reach.network.snapshot.routes;
    for (let place = reach.pathEntries.length - 1; place >= 0; place--) {
      const entry = reach.pathEntries[place]!;
      const index = gateway[entry]!;
      if (reach.network.vendorOf[index] !== vendor || !reach.isMember(index)) continue;
      const arriving = reach.arrivingAt(place);
      if (arriving === null || !reach.keepsAny(arriving.classes, true)) continue;
      if (this.#alone.has(entry)) return;
      const group = this.#groups.findLast(({ start }) => start <= place)!;
      this.#alone.set(entry, { prefix: group.prefix, example: change.prefix });
      return;
    }
  }
}

/** -1 when none or several carry what customers have a price for. */
function onlyVendor(reach: Reach): number {
  const { gateway } = reach.network.snapshot.routes;
  let only = -1;
  for (let place = reach.pathEntries.length - 1; place >= 0; place--) {
    const vendor = reach.network.vendorOf[gateway[reach.pathEntries[place]!]!]!;
    if (vendor === only || !reach.isSoldOver(vendor)) continue;
    if (only >= 0) return -1;
    only = vendor;
  }
  return only;
}
