/** Puts into words which of a gateway's rules about numbers kept a call away. */
import type { GatewayPeriod, NumberRules, Places, Source } from '../config/snapshot.ts';
import type { NumberRefusal, RuledNumbers } from './number-rules.ts';
import { decidingPlace } from './setting-place.ts';

interface Ruled {
  readonly source: Source;
  readonly places: Places;
  readonly numbers: NumberRules;
}

/** The line of the rule, and a sentence without an end mark. `period` is the one that counts for the gateway now. */
export function explainNumberRefusal(
  gateway: Ruled,
  period: GatewayPeriod | null,
  { caller, callee, untaggedCallee, forwarding }: RuledNumbers,
  refusal: NumberRefusal,
): { readonly source: Source; readonly detail: string } {
  const { numbers } = gateway;
  const because = (filter: { readonly kind: string }, detail: string) => ({
    source: 'source' in filter ? (filter.source as Source) : gateway.source,
    detail,
  });
  switch (refusal) {
    case 'callerPrefixNotAllowed':
      return because(
        period?.callerPrefixes ?? numbers.callerPrefixes,
        `its prefixes do not let the caller ${shown(caller)} pass`,
      );
    case 'calleePrefixNotAllowed':
      return because(
        period?.calleePrefixes ?? numbers.calleePrefixes,
        `its prefixes do not let the callee ${shown(callee)} pass`,
      );
    case 'forwardingPrefixNotAllowed':
      return because(
        numbers.forwardingPrefixes,
        `its prefixes do not let ${shown(forwarding ?? '')} pass, which forwarded the call`,
      );
    case 'callerCalleeNotAllowed':
      return because(
        numbers.callerCalleePrefixes,
        `its pairs of prefixes do not let ${shown(caller)} call ${shown(callee)}`,
      );
    case 'callerLengthNotAllowed':
      return because(numbers.callerLengths, `it takes no callers of ${lengthText(caller)}`);
    case 'calleeLengthNotAllowed':
      return because(numbers.calleeLengths, `it takes no callees of ${lengthText(untaggedCallee)}`);
    case 'callerListNotAllowed':
      return because(numbers.callerLists, `its number lists do not let the caller ${shown(caller)} pass`);
    case 'calleeListNotAllowed':
      return because(
        numbers.calleeLists,
        `its number lists do not let the callee ${shown(untaggedCallee)} pass`,
      );
    case 'calleeNotOnNet':
      return {
        source: decidingPlace(gateway, 'calleeNetwork'),
        detail: `it takes only numbers of our own customers, and ${shown(untaggedCallee)} is none`,
      };
    case 'calleeNotOffNet':
      return {
        source: decidingPlace(gateway, 'calleeNetwork'),
        detail: `it takes no numbers of our own customers, and ${shown(untaggedCallee)} is one`,
      };
  }
}

function shown(number: string): string {
  return number === '' ? 'without a number' : number;
}

function lengthText({ length }: string): string {
  return `${length} ${length === 1 ? 'character' : 'characters'}`;
}
