/** C4511: routes that no call can reach. */
import { passesGroupFilter, passesNameFilter } from '../../../routing/number-filter.ts';
import {
  counted,
  type LintContext,
  type LintFinding,
  type LintItem,
  placeOfPrefix,
  single,
} from '../finding.ts';
import { isOpenAccount, type Network } from '../network/network.ts';
import type { Reach } from '../network/reach.ts';
import type { Change, NetworkVisitor } from '../network/walk-network.ts';

/** Why no call comes to a prefix, the better reason being the higher one. */
const filtered = 1;
const unsold = 2;
/** Only for want of the vendor's rate, which C4523 tells. */
const unpriced = 3;
const stopped = 4;

interface Unreached {
  readonly entry: number;
  readonly prefix: string;
  reason: number;
  /** The entry in Expiration mode before it, or -1. */
  stoppedBy: number;
}

/** Watches which prefixes of the gateways any call can come to, through filters, prices and Expiration. */
export class UnreachableRoutes implements NetworkVisitor {
  readonly #context: LintContext;
  /** By routing gateway: 1 when some customer may use it at all. */
  readonly #usable: Uint8Array;
  readonly #reached: Uint8Array;
  /** What no call has come to yet, on the way to the current prefix. */
  readonly #pending: { readonly place: number; readonly of: Unreached }[] = [];
  readonly #marks: number[] = [];
  readonly #unreached: Unreached[] = [];

  constructor(context: LintContext, network: Network) {
    this.#context = context;
    this.#reached = new Uint8Array(context.snapshot.routes.entryCount);
    this.#usable = Uint8Array.from(context.snapshot.routingGateways, ({ index }) =>
      network.allowed.subarray(index * network.words, (index + 1) * network.words).some(bits => bits !== 0)
        ? 1
        : 0,
    );
  }

  enter(reach: Reach, change: Change): void {
    this.#marks.push(this.#pending.length);
    if (!change.covered) for (const { place, of } of this.#pending) this.#try(reach, place, of);
    if (change.ownRoutes < 0) return;
    const { gateway } = this.#context.snapshot.routes;
    for (let place = change.ownRoutes; place < reach.pathEntries.length; place++) {
      const entry = reach.pathEntries[place]!;
      if (this.#usable[gateway[entry]!] === 0) continue;
      const of: Unreached = { entry, prefix: change.prefix, reason: 0, stoppedBy: -1 };
      if (!change.covered) this.#try(reach, place, of);
      if (this.#reached[entry] === 0) this.#pending.push({ place, of });
    }
  }

  leave(): void {
    const mark = this.#marks.pop()!;
    while (this.#pending.length > mark) {
      const { of } = this.#pending.pop()!;
      // Without a reason there are no numbers of its own: those of its own longer prefixes are all there are.
      const { entry, reason } = of;
      if (this.#reached[entry] === 0 && reason > 0 && reason !== unpriced) this.#unreached.push(of);
    }
  }

  findings(): LintFinding[] {
    const { snapshot } = this.#context;
    const byCause = new Map<string, Unreached[]>();
    for (const each of this.#unreached) {
      const stopper = each.reason === stopped ? snapshot.routes.gateway[each.stoppedBy]! : '';
      const key = `${snapshot.routes.gateway[each.entry]} ${each.reason} ${stopper}`;
      const others = byCause.get(key);
      if (others === undefined) byCause.set(key, [each]);
      else others.push(each);
    }
    return [...byCause.values()].map(all => this.#finding(all));
  }

  #try(reach: Reach, place: number, of: Unreached): void {
    if (this.#reached[of.entry] === 1) return;
    const { network } = reach;
    const gateway = network.snapshot.routes.gateway[of.entry]!;
    const arriving = reach.arrivingAt(place);
    if (arriving === null) return;
    const { classes, stoppedBy } = arriving;
    const member = reach.isMember(gateway);
    if (member && reach.keepsAny(classes, true)) {
      this.#reached[of.entry] = 1;
      return;
    }
    const allowed = network.allowed.subarray(gateway * network.words, (gateway + 1) * network.words);
    let reason = reach.keepsAny(allowed, false) ? unsold : filtered;
    if (reach.keepsAny(allowed, true)) reason = member ? stopped : unpriced;
    if (reason <= of.reason) return;
    of.reason = reason;
    of.stoppedBy = stoppedBy;
  }

  #finding(all: readonly Unreached[]): LintFinding {
    const { snapshot, directory } = this.#context;
    const { entry, reason, stoppedBy } = all[0]!;
    const parsed = directory.routingGateways.all[snapshot.routes.gateway[entry]!]!;
    const items = all.map(({ prefix }): LintItem => {
      const place = placeOfPrefix(parsed, prefix);
      return { place, label: `"${prefix}"`, ...this.#stopper(reason, stoppedBy) };
    });
    return {
      code: 'C4511',
      items,
      unlisted: 0,
      say: (labels, count) =>
        `no call can reach ${counted(count, 'prefix', 'prefixes')} of this gateway (${labels}): ${this.#because(reason, stoppedBy)}`,
    };
  }

  #stopper(reason: number, entry: number): { related?: LintItem['related'] & {} } {
    if (reason !== stopped) return {};
    const { snapshot } = this.#context;
    const { source, name } = snapshot.routingGateways[snapshot.routes.gateway[entry]!]!;
    const place = { file: source.file, line: snapshot.routes.line[entry]!, column: 1 };
    return { related: [{ ...place, message: `Expiration in "${name}"` }] };
  }

  #because(reason: number, stoppedBy: number): string {
    const { snapshot } = this.#context;
    switch (reason) {
      case filtered:
        return 'the calleePrefixes of every mapping gateway that may use it keep such numbers out';
      case unsold:
        return 'no customer who may use it has a rate for such numbers';
      default: {
        const { name } = snapshot.routingGateways[snapshot.routes.gateway[stoppedBy]!]!;
        return `"${name}" has longer ones in Expiration mode, which end the search before`;
      }
    }
  }
}

/** Routing gateways that nobody may use, whatever the number. */
export function unusableGateways(context: LintContext, network: Network): LintFinding[] {
  const { snapshot, directory, nowMs } = context;
  const findings: LintFinding[] = [];
  for (const gateway of snapshot.routingGateways) {
    const parsed = directory.routingGateways.all[gateway.index]!;
    const vendor = snapshot.accounts[gateway.clearingAccount]!;
    const say = (key: string, why: string) => {
      const place = parsed.stated.get(key)?.place ?? parsed.place;
      findings.push(single('C4511', place, `no call can reach this gateway: ${why}`));
    };
    if (gateway.locked) {
      say('locked', 'it is locked');
    } else if (!isOpenAccount(vendor, nowMs)) {
      say(
        'clearingAccount',
        `its clearing account "${vendor.name}" ${vendor.locked ? 'is locked' : 'has expired'}`,
      );
    } else if (
      network.words > 0 &&
      !network.allowed
        .subarray(gateway.index * network.words, (gateway.index + 1) * network.words)
        .some(Boolean)
    ) {
      const { mappingGateways: names, mappingGatewayGroups: groups } = gateway;
      const byGroup = groups.kind === 'any' ? 'address' : `mappingGatewayGroups.${groups.kind}`;
      say(
        names.kind === 'any' ? byGroup : `mappingGateways.${names.kind}`,
        'no mapping gateway in use is allowed to it',
      );
    }
  }
  return findings;
}

/** C4512: mapping gateways that can make no call. */
export function uselessMappingGateways(context: LintContext): LintFinding[] {
  const { snapshot, directory, nowMs } = context;
  const open = snapshot.routingGateways.filter(
    ({ locked, clearingAccount }) => !locked && isOpenAccount(snapshot.accounts[clearingAccount]!, nowMs),
  );
  const findings: LintFinding[] = [];
  for (const gateway of snapshot.mappingGateways) {
    const parsed = directory.mappingGateways.all[gateway.index]!;
    const account = snapshot.accounts[gateway.account]!;
    const say = (key: string, why: string) => {
      const place = parsed.stated.get(key)?.place ?? parsed.place;
      findings.push(single('C4512', place, `no call gets through this gateway: ${why}`));
    };
    const { routingGateways: names, routingGatewayGroups: groups } = gateway;
    const byName = open.filter(({ index }) => passesNameFilter(names, index));
    if (gateway.locked) {
      say('locked', 'it is locked');
    } else if (!isOpenAccount(account, nowMs)) {
      say('account', `its account "${account.name}" ${account.locked ? 'is locked' : 'has expired'}`);
    } else if (!byName.some(one => passesGroupFilter(groups, one.groups))) {
      const key =
        byName.length === 0 ? `routingGateways.${names.kind}` : `routingGatewayGroups.${groups.kind}`;
      say(key, 'it may use no routing gateway that is open');
    }
  }
  return findings;
}
