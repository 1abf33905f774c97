/** What routing is asked and what it answers. Gateways are indexes into the snapshot that was asked. */
import type { Source } from '../config/snapshot.ts';
import type { Unavailability } from './gateway-availability.ts';
import type { Exclusion } from './static-rules.ts';

export interface RouteRequest {
  /** Index of the mapping gateway that the call came from. */
  readonly mappingGateway: number;
  readonly caller: string;
  /** The number to route, digits and route tags. */
  readonly callee: string;
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
  /** Why each gateway with a matching prefix is in or out; empty unless asked for. */
  readonly because: readonly Because[];
}

export type LeftOutReason = 'stoppedByExpiration' | Exclusion | Unavailability;

/** The one decisive reason for one gateway that has a prefix of the number. */
export interface Because {
  readonly gateway: number;
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
