/** What is already so when a switch begins: for scenarios, which begin in the middle of a day. Names are those of the snapshot. */
import type { Money } from '../rating/money.ts';

export interface GivenState {
  /** By account; an account that is missing has nothing. */
  readonly balances: ReadonlyMap<string, Money>;
  /**
   * Lines that calls of others hold to the end: by mapping gateway, routing gateway and account. Those of a gateway count
   * in its groups too, not in its account. Infinity is all of them, also of a gateway without a limit.
   */
  readonly mappingLines: ReadonlyMap<string, number>;
  readonly routingLines: ReadonlyMap<string, number>;
  readonly accountLines: ReadonlyMap<string, number>;
  /** Calls that routing gateways were given so far. */
  readonly carried: ReadonlyMap<string, number>;
  /**
   * Routing gateways that are offline by OPTIONS and stay so unless OPTIONS are sent and answered. Without `optionsCheck`
   * nobody asks a gateway, and it is never known to be offline.
   */
  readonly offline: ReadonlySet<string>;
  /** Answer-seizure ratio (0–1) of routing gateways until enough attempts of the scenario replace it. */
  readonly asr: ReadonlyMap<string, number>;
}

/** What a switch begins with besides its balances. */
export type Circumstances = Omit<GivenState, 'balances'>;

const none: ReadonlyMap<string, never> = new Map<string, never>();

/** Of a switch that begins with nothing, not even money. */
export const nothingIsSo: GivenState = {
  balances: none,
  mappingLines: none,
  routingLines: none,
  accountLines: none,
  carried: none,
  offline: new Set(),
  asr: none,
};
