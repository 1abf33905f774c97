/**
 * Two snapshots for new calls: the stable one, and a candidate that is tried on a share of them. Which of them a call
 * gets is decided by its customer and its called number, so that a number that is dialled again lands on the same side,
 * and by nothing that happens to the call, so that whatever differs between the sides comes of the configuration.
 */
import { destinationOf } from '../routing/destination.ts';
import { findMappingGateway } from '../routing/ingress.ts';
import type { SnapshotView } from './gateway-state.ts';
import type { InviteInput } from './inputs.ts';

export type Side = 'stable' | 'candidate';

/** Where a call stands in the comparison: all of it is settled by the INVITE and the stable snapshot alone. */
export interface Comparison {
  /** Of one rollout: what came of a call of an earlier one tells nothing of this one. */
  readonly canary: Canary;
  readonly side: Side;
  /** The account of the mapping gateway, by the stable snapshot. */
  readonly account: string;
  /** See `destinationOf` of routing. */
  readonly destination: string;
  /** Stands for customer and called number: a whole number below 2⁵³. */
  readonly pair: number;
}

const shareSteps = 2 ** 32;

export class Canary {
  readonly view: SnapshotView;
  /** Of all calls; more than 0 and less than 100. */
  readonly sharePercent: number;
  readonly #salt: number;
  readonly #below: number;

  constructor(view: SnapshotView, sharePercent: number) {
    if (!(sharePercent > 0 && sharePercent < 100))
      throw new Error(`${sharePercent} % is no share of the calls`);
    this.view = view;
    this.sharePercent = sharePercent;
    this.#salt = textHash(0x811c9dc5, view.snapshot.hash);
    this.#below = Math.round((sharePercent / 100) * shareSteps);
  }

  /** The side of all calls of this customer to this number, as received; the same as long as the rollout lasts. */
  sideOf(account: string, callee: string): Side {
    return pairHash(this.#salt, account, callee) < this.#below ? 'candidate' : 'stable';
  }
}

export interface Placement {
  readonly view: SnapshotView;
  /** null for a call that is not compared: nobody tries anything, or the stable snapshot does not know its source. */
  readonly comparison: Comparison | null;
}

/**
 * The snapshot of a new call. A source that only the candidate knows is a customer who is being added: all of its calls
 * go by the candidate and none is compared, because the stable snapshot could only turn them away. A source that
 * only the stable one knows takes its share like any other: that the candidate turns its calls away is just what a
 * rollout is to find out.
 */
export function placeCall(
  stable: SnapshotView,
  canary: Canary | null,
  invite: InviteInput,
  nowMs: number,
): Placement {
  if (canary === null) return { view: stable, comparison: null };
  const { snapshot } = stable;
  const { source, caller, forwarding, seed } = invite;
  const callee = invite.callee ?? '';
  const match = findMappingGateway(snapshot, source, caller, callee, nowMs);
  if (match.kind === 'unknownSource') {
    const added = findMappingGateway(canary.view.snapshot, source, caller, callee, nowMs);
    return { view: added.kind === 'unknownSource' ? stable : canary.view, comparison: null };
  }
  const gateway = snapshot.mappingGateways[match.mappingGateway]!;
  const account = snapshot.accounts[gateway.account]!.name;
  const side = canary.sideOf(account, callee);
  // By the stable snapshot for both sides: other prefixes of a candidate must not look like other calls.
  const comparison = {
    canary,
    side,
    account,
    destination: destinationOf(
      snapshot,
      gateway,
      { caller, callee, forwarding },
      { atMs: nowMs, seed, shareSlot: 0 },
    ),
    pair: pairHash(0x9e3779b9, account, callee) * 2 ** 21 + (pairHash(0x7f4a7c15, account, callee) >>> 11),
  };
  return { view: side === 'candidate' ? canary.view : stable, comparison };
}

function pairHash(salt: number, account: string, callee: string): number {
  // The mark between them keeps `a` + `bc` and `ab` + `c` apart: no name and no number holds it.
  const hash = textHash(Math.imul(textHash(salt, account) ^ 0x1f, fnvPrime), callee);
  return mixed(hash ^ salt);
}

const fnvPrime = 0x01000193;

/** FNV-1a over UTF-16 units, from `start`. */
function textHash(start: number, text: string): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), fnvPrime);
  return hash;
}

/** Spreads every bit over all of them (the finalizer of MurmurHash3); 0 to below 2³². */
function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
