/** What routing is asked and what it answers. Gateways are indexes into the snapshot that was asked. */
import type { RateLimit, Source } from '../config/snapshot.ts';
import type { Exclusion, Unavailability } from './route-reasons.ts';

export interface RouteRequest {
  /** Index of the mapping gateway that the call came from. */
  readonly mappingGateway: number;
  /** As it is after the mapping gateway's dial plans. */
  readonly caller: string;
  /** The number to route: after the mapping gateway's dial plans, a share's tag and the LRN; digits and route tags. */
  readonly callee: string;
  /** The number that was dialled, without route tags: what length masks, number lists and on-net go by. */
  readonly untaggedCallee: string;
  /** The number that forwarded the call; null when none did. */
  readonly forwarding: string | null;
  /** The number by which vendors are rated: without what rating leaves out. */
  readonly calleeToRate: string;
  /**
   * The number by which the vendor of a gateway that is rated by the number sent (`rateByNumberSent`) is rated. It is
   * asked only for such gateways; null rates them like all others.
   */
  readonly numberSentToRate: ((gateway: number) => string) | null;
  /** What the customer pays, for the profit that must be left; null when nothing is charged. */
  readonly customerRate: RateLimit | null;
  /** ms since 1970 UTC */
  readonly atMs: number;
}

/** Equal candidates of one snapshot are one object, shared by all its decisions. */
export interface RouteCandidate {
  readonly gateway: number;
  /** So many characters of the callee are the prefix that counted. */
  readonly matchedLength: number;
  readonly protect: boolean;
}

export interface RouteDecision {
  /** In the order to try them. */
  readonly attempts: readonly RouteCandidate[];
  /** The first so many are normal, the rest protect routes. */
  readonly normalCount: number;
  /** A gateway that could carry the call was left out because of what the switch is doing now. */
  readonly someBusy: boolean;
  /** The entry of the route table in Expiration mode that ended the search, or -1. */
  readonly stoppedBy: number;
  /** Why each gateway with a matching prefix is in or out; empty unless asked for. */
  readonly because: readonly Because[];
}

export type LeftOutReason = 'stoppedByExpiration' | Exclusion | Unavailability;

/** The one decisive reason for one gateway that has a prefix of the number. */
export interface Because {
  readonly gateway: number;
  /** Of the route table: the prefix that counted. */
  readonly entry: number;
  readonly matchedLength: number;
  readonly outcome: 'attempt' | 'protect' | 'excluded';
  /** A stable name, for programs. */
  readonly reason: 'candidate' | LeftOutReason;
  /** The line that caused it. */
  readonly source: Source;
  /** A sentence for people. */
  readonly detail: string;
}

/** A gateway that the walk met and left out. */
export interface LeftOut {
  readonly gateway: number;
  readonly entry: number;
  readonly matchedLength: number;
  readonly reason: LeftOutReason;
  /** The Expiration entry that kept the walk from it, or -1. */
  readonly stoppedBy: number;
}
