/**
 * A scenario: calls that are played against a configuration, and what is expected of them. Made from a scenario file,
 * by the swarm, or from a record; played in virtual time or over the wire. Plain data.
 */
import type { GivenState } from '../../call/given-state.ts';
import type { SourceAddress } from '../../call/inputs.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { Money } from '../../rating/money.ts';
import type { GatewayBehaviour } from './behaviour.ts';
import type { ConfigurationChange } from './configuration-change.ts';
import type { CallSubject, Expectation, TotalSubject } from './matcher.ts';

export interface Scenario {
  /** Unique over all files that are played together. */
  readonly name: string;
  /** Where it stands. */
  readonly place: Place;
  /** Decides everything that chance decides, together with the name when the command gives none: below 2⁴⁸. */
  readonly seed: number;
  /** When it begins: ms since 1970 UTC. */
  readonly startMs: number;
  readonly given: GivenState;
  /** By routing gateway. */
  readonly gateways: ReadonlyMap<string, GatewayBehaviour>;
  /** Of every routing gateway that is not in `gateways`. */
  readonly otherGateways: GatewayBehaviour;
  readonly calls: readonly ScenarioCall[];
  /** In the order of their times. */
  readonly events: readonly ScenarioEvent[];
  readonly expect: readonly Expectation<TotalSubject>[];
  /** Why it is not played over the wire; null when it is. */
  readonly virtualOnly: string | null;
}

/** A call, or a burst of like calls. */
export interface ScenarioCall {
  readonly place: Place;
  /** What reports call it; null for its position. */
  readonly name: string | null;
  /** The mapping gateway that sends it; null when the source address belongs to none. */
  readonly via: string | null;
  readonly source: SourceAddress;
  readonly caller: string;
  /** User part of the Request-URI as the switch would take it from SIP; null when it is no number. */
  readonly callee: string | null;
  readonly forwarding: string | null;
  /** ms after the beginning of the scenario. */
  readonly atMs: number;
  readonly timerCapable: boolean;
  /** The caller hangs up after so much talk; null when it never does. */
  readonly hangUpAfterMs: number | null;
  /** The caller gives up so long after its INVITE unless it was answered before; null when it never does. */
  readonly cancelAfterMs: number | null;
  /** 1 for a single call. Of the n-th call of a burst, trailing `x` of caller and callee are the digits of n. */
  readonly count: number;
  /** Between the calls of a burst; 0 for all at once. */
  readonly intervalMs: number;
  /** Of each of them. */
  readonly expect: readonly Expectation<CallSubject>[];
}

/** What happens besides calls. `atMs` is ms after the beginning of the scenario. */
export type ScenarioEvent = { readonly atMs: number; readonly place: Place } & (
  | { readonly kind: 'payment'; readonly account: string; readonly amount: Money }
  /** From now on the gateway behaves like this. */
  | { readonly kind: 'behaviour'; readonly gateway: string; readonly behaviour: GatewayBehaviour }
  /** An operator ends the calls that are up. */
  | { readonly kind: 'releaseCalls' }
  /** Killed like a machine that lost its power, and started again at once. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'drain' }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'sipServerLost' }
  /** A configuration is loaded that differs so from that of the run; by nothing is the run's own again. */
  | { readonly kind: 'reload'; readonly change: ConfigurationChange }
  /**
   * The clock of the switch is put forward, or back by a negative step. The time of a switch never runs backwards: it
   * stands still until the clock has caught up.
   */
  | { readonly kind: 'clockStep'; readonly stepMs: number }
);
