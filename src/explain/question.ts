/** The call that is to be explained, as it was asked for, and as the snapshot knows it. */
import { suggest } from '../config/schema/suggest.ts';
import type { MappingGateway, Snapshot } from '../config/snapshot.ts';
import { calleeNumber, plainNumber } from '../sip/address.ts';
import { ExplainError } from './explain-error.ts';
import type { NumbersOfCall } from './explanation.ts';

export interface Question {
  readonly callee: string;
  readonly caller: string;
  readonly forwarding: string | null;
  /** Who sends the call: a mapping gateway by its name, or an address. */
  readonly from:
    | { readonly kind: 'gateway'; readonly name: string }
    | { readonly kind: 'address'; readonly address: string; readonly port: number };
  /** ms since 1970 UTC */
  readonly atMs: number;
  /** Decides what chance decides, as the seed of call so-and-so of the gateway: below 2⁵³. null is the next call. */
  readonly seed: number | null;
  /**
   * The seed of an INVITE that is really there, in place of `seed`: chance goes by it, and route shares by the calls
   * that the gateway has had.
   */
  readonly inviteSeed?: number;
  /** Names of routing gateways to take for offline, and for full. */
  readonly down: readonly string[];
  readonly full: readonly string[];
}

/** A question that leaves to the running switch what it knows best: null is now. */
export interface LiveQuestion extends Omit<Question, 'atMs'> {
  readonly atMs: number | null;
}

/**
 * The numbers as the switch would take them from SIP: any text may stand for a caller, but a callee and a number that
 * forwarded the call are numbers. @throws ExplainError when one of these is none.
 */
export function receivedNumbers({
  callee,
  caller,
  forwarding,
}: Pick<Question, 'callee' | 'caller' | 'forwarding'>): NumbersOfCall {
  return {
    callee: numberOf(callee, 'write it as the customer dials it, with its route tags'),
    caller: plainNumber(caller),
    forwarding:
      forwarding === null ? null : numberOf(forwarding, 'without a number, the switch takes no notice of it'),
  };
}

function numberOf(text: string, hint: string): string {
  const number = calleeNumber({ scheme: 'sip', user: text });
  if (number !== null) return number;
  throw new ExplainError(
    `"${text}" is no number: digits, *, # and letters, as it arrives at the switch`,
    hint,
  );
}

/** @throws ExplainError */
export function mappingGatewayNamed({ mappingGateways }: Snapshot, name: string): MappingGateway {
  return named('mapping gateway', mappingGateways, name);
}

/** Indexes. @throws ExplainError */
export function routingGatewaysNamed(
  { routingGateways }: Snapshot,
  names: readonly string[],
): ReadonlySet<number> {
  return new Set(names.map(name => named('routing gateway', routingGateways, name).index));
}

const mostNamesShown = 12;

function named<Item extends { readonly name: string }>(
  kind: string,
  items: readonly Item[],
  name: string,
): Item {
  const found = items.find(item => item.name === name);
  if (found !== undefined) return found;
  const names = items.map(item => item.name);
  const similar = suggest(name, names);
  const shown = names.length > mostNamesShown ? [...names.slice(0, mostNamesShown), '…'] : names;
  const hint = similar === null ? `there are ${shown.join(', ') || 'none'}` : `did you mean "${similar}"?`;
  throw new ExplainError(`there is no ${kind} "${name}"`, hint);
}
