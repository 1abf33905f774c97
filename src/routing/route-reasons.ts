/**
 * Why a routing gateway that has a prefix of the number is left out: stable names, each with a sentence, in the order
 * in which they are looked for. The first that applies is the one decisive reason.
 */

/** Whatever the switch is doing. A gateway left out for one of these is no member of its length group. */
export const exclusions = {
  locked: 'The gateway is locked.',
  vendorAccountLocked: 'Its clearing account is locked.',
  vendorAccountExpired: 'Its clearing account has expired.',
  notAllowedForMappingGateway: 'The mapping gateway may not use this routing gateway.',
  groupNotAllowedForMappingGateway: 'The mapping gateway may not use the groups of this routing gateway.',
  mappingGatewayNotAllowed: 'The routing gateway does not take calls of this mapping gateway.',
  mappingGatewayGroupNotAllowed:
    'The routing gateway does not take calls of the groups of this mapping gateway.',
  periodNotAvailable: 'It takes no calls in the period that counts now.',
  callerPrefixNotAllowed: "Its rules do not let the caller's prefix pass.",
  calleePrefixNotAllowed: "Its rules do not let the callee's prefix pass.",
  forwardingPrefixNotAllowed: 'Its rules do not let the prefix of the number that forwarded the call pass.',
  callerCalleeNotAllowed: 'Its rules do not let this pair of caller and callee pass.',
  callerLengthNotAllowed: "The caller's number has a length that it does not take.",
  calleeLengthNotAllowed: "The callee's number has a length that it does not take.",
  callerListNotAllowed: 'Its number lists do not let the caller pass.',
  calleeListNotAllowed: 'Its number lists do not let the callee pass.',
  calleeNotOnNet: 'It takes only numbers of our own customers, and the callee is none.',
  calleeNotOffNet: 'It takes no numbers of our own customers, and the callee is one.',
  noVendorRate: 'Rates are checked, and its clearing account has no rate for the number.',
  vendorRateLocked: 'Rates are checked, and the rate of its clearing account for the number is locked.',
  profitBelowMinimum: 'The profit is below the minimum of the routing gateway.',
  profitBelowCustomerMinimum: 'The profit is below the minimum of the mapping gateway.',
  rateAboveMaximum: "The vendor's price per second is above the maximum of the routing gateway.",
  rateAboveCustomerMaximum: "The vendor's price per second is above the maximum of the mapping gateway.",
} as const;

/** Because of what the switch is doing now. A gateway left out for one of these is a member of its length group. */
export const unavailabilities = {
  linesFull: 'All its lines are in use.',
  callRateReached: 'It has had all the calls that its call rate allows.',
  groupLinesFull: 'All lines of one of its groups are in use.',
  groupLinesReserved: 'One of its groups has fewer free lines than it must leave to others.',
  vendorLinesFull: 'All lines of its clearing account are in use.',
  vendorCallRateReached: 'Its clearing account has had all the calls that its call rate allows.',
  vendorCreditExhausted: 'The credit of its clearing account is used up.',
  offline: 'It did not answer the last OPTIONS.',
  retryAfter: 'It asked to be left alone for a while (Retry-After).',
  callerPoolExhausted: 'All numbers of its caller pool are in use.',
} as const;

export type Exclusion = keyof typeof exclusions;
export type Unavailability = keyof typeof unavailabilities;
