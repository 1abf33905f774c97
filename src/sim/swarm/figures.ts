/** What a run of the swarm came to, besides whether it went wrong. */
export interface SwarmFigures {
  /** Of calls, that were asked for. */
  readonly wanted: number;
  /** Of the only round that was played, from 1; null when it was all of them, up to the first one that failed. */
  readonly only: number | null;
  readonly rounds: number;
  readonly calls: number;
  readonly answered: number;
  /** INVITEs to gateways. */
  readonly attempts: number;
  /** By end reason; `no record` for calls that left none. Most frequent first. */
  readonly ends: ReadonlyMap<string, number>;
  /** Faults and other events, by their kind, most frequent first. */
  readonly events: ReadonlyMap<string, number>;
  /** null when every invariant held. */
  readonly failed: FailedRound | null;
}

export interface FailedRound {
  /** From 1. */
  readonly round: number;
  readonly calls: number;
  readonly events: number;
  /** Where the smallest scenario stands that was found to break the same invariant. */
  readonly file: string;
  /** What the scenario still has. */
  readonly callsLeft: number;
  readonly eventsLeft: number;
  /** The file, read back, breaks the invariant as well. */
  readonly isRepeated: boolean;
}
