/** What a value of a played call is expected to be. Exact quantities have exact matchers. */
import type { Place } from '../../diagnostics/diagnostic.ts';

export type Matcher =
  /** The text, number (ms, counts, percent) or amount (10⁻⁸ currency units) itself; null is "none". */
  | { readonly kind: 'is'; readonly value: string | number | bigint | boolean | null }
  /** All of these, in this order, and nothing else. */
  | { readonly kind: 'list'; readonly values: readonly string[] }
  /** One of these. */
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  /** Both ends count; null is open. Both are of the kind of the value: number, or bigint for money. */
  | {
      readonly kind: 'within';
      readonly least: number | bigint | null;
      readonly most: number | bigint | null;
    };

/** One line of an `expect`. */
export interface Expectation<Subject extends string> {
  readonly subject: Subject;
  /** Of what: a gateway, an account, a field of the record, an end reason; null where the subject says all. */
  readonly of: string | null;
  readonly matcher: Matcher;
  /** The numbers of the matcher are percent of all calls of the scenario: `answered: ">= 95%"`. For counts of calls. */
  readonly percent?: boolean;
  /** The expectation as it is written, for reports. */
  readonly written: string;
  readonly place: Place;
}

/** What can be expected of one call. */
export type CallSubject =
  /** Names of routing gateways in the order they were tried. */
  | 'tried'
  /** The gateway that answered, or null. */
  | 'gateway'
  /** `answered`, `refused` (no gateway was tried), `failed` (some were), or `cancelled` by the caller. */
  | 'result'
  /** The SIP status that the caller got; null where it got none. */
  | 'status'
  /** An end reason (docs/end-reasons.md); null while the call leaves no record. */
  | 'reason'
  | 'endedBy'
  /** ms from the INVITE to the first provisional or final response above 100 that the caller got. */
  | 'postDialDelay'
  /** ms from the answer to the end; 0 when nobody answered. */
  | 'talk'
  /** `of` is `customer` or `vendor`: amounts in money, billed seconds as a number, prefix and table as text. */
  | 'amount'
  | 'billedSeconds'
  | 'ratePrefix'
  | 'rateTable'
  | 'profit'
  /** `of` names the number: what was sent to the gateway that was tried last. */
  | 'sentCaller'
  | 'sentCallee'
  | 'sentForwarding'
  /** `of` is a field of the call detail record, compared as text, number, boolean or null. */
  | 'record'
  /** true or false: whether the call leaves a record. */
  | 'recorded';

/** What can be expected of all calls of a scenario together, when the last one has ended. */
export type TotalSubject =
  | 'calls'
  | 'answered'
  | 'refused'
  | 'failed'
  | 'cancelled'
  /** `of` is an end reason; a count of calls. */
  | 'reasons'
  /** Percent of all calls that were answered. */
  | 'answerSeizureRatio'
  /** ms, of the calls that were answered. */
  | 'averageCallDuration'
  | 'averagePostDialDelay'
  /** Calls that were up or being tried at once, at most. */
  | 'peakCalls'
  | 'profit'
  /** `of` is an account. */
  | 'balance'
  | 'lowestBalance'
  | 'charged'
  /** `of` is a routing gateway. */
  | 'gatewayAttempts'
  | 'gatewayAnswered'
  | 'gatewayPeakLines'
  /** Percent of all attempts of the scenario that went to it. */
  | 'gatewayShare';
