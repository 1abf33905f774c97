import type { MappingGateway, Snapshot } from '../config/snapshot.ts';
import { longestMatch, maxMatches } from '../prefixes/prefix-trie.ts';
import type { CallNumbers } from './number-steps.ts';
import { type NumberCircumstances, prepareNumbers } from './prepare-numbers.ts';

/** Of a destination at most: enough for the mobile numbers of a country, and few enough that each has calls. */
export const destinationDigits = 5;
const digitsWithoutRoute = 3;

const values = new Int32Array(maxMatches);
const lengths = new Int32Array(maxMatches);

/**
 * What calls of the same kind have in common: the longest route prefix of the called number after the dial plans of the
 * mapping gateway, or its beginning when the prefix is long or there is none. `access` is as received.
 */
export function destinationOf(
  snapshot: Snapshot,
  gateway: MappingGateway,
  access: CallNumbers,
  circumstances: NumberCircumstances,
): string {
  const numbers = prepareNumbers(snapshot, gateway, access, circumstances);
  const number = numbers.kind === 'refused' ? access.callee : numbers.untaggedCallee;
  const hasRoute = longestMatch(snapshot.routes.trie, number, values, lengths);
  const digits = hasRoute && lengths[0]! > 0 ? lengths[0]! : digitsWithoutRoute;
  return number.slice(0, Math.min(digits, destinationDigits));
}
