/** Plays random calls with random faults in rounds, until one of them breaks an invariant or all have been played. */
import type { Snapshot } from '../../config/snapshot.ts';
import type { PlayedCall, Violation } from '../scenario/played.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { playScenario } from '../world/play.ts';
import type { PlayOptions } from '../world/play-options.ts';
import type { SwarmFigures } from './figures.ts';
import { paletteOf } from './palette.ts';
import { callsOfRound, Rounds } from './round.ts';
import { shrunk } from './shrink.ts';

export interface SwarmRequest {
  readonly snapshot: Snapshot;
  readonly seed: number;
  /** At least 1. */
  readonly calls: number;
  /** Only this round, from 1; null is all of them. */
  readonly round: number | null;
  /** What a round that fails is written to: the place of everything in it. */
  readonly file: string;
  readonly newCore?: NonNullable<PlayOptions['newCore']>;
  /** Hears of each round before it is played, and of each call that has ended. */
  readonly onRound?: (index: number, count: number) => void;
  readonly onCall?: () => void;
}

export interface SwarmResult extends Omit<SwarmFigures, 'wanted' | 'only' | 'failed'> {
  /** null when every invariant held. */
  readonly failure: SwarmFailure | null;
}

export interface SwarmFailure {
  readonly round: number;
  readonly violations: readonly Violation[];
  /** The smallest scenario found that breaks the same invariant. */
  readonly scenario: Scenario;
  /** As many as the round had. */
  readonly callsBefore: number;
  readonly eventsBefore: number;
}

const clockReason = 'Nobody sets the clock of a live switch.';
const noRecord = 'no record';

/** The first round that fails is the last. */
export function runSwarm(request: SwarmRequest): SwarmResult {
  const { snapshot, seed, calls, file } = request;
  const rounds = new Rounds(paletteOf(snapshot), seed, file);
  const count = Math.ceil(calls / callsOfRound);
  const tally = new Tally();
  let failure: SwarmFailure | null = null;
  const first = request.round ?? 1;
  const last = request.round ?? count;
  let played = 0;
  for (let number = first; number <= last && failure === null; number++) {
    request.onRound?.(number - first, last - first + 1);
    const size = number === count ? calls - (count - 1) * callsOfRound : callsOfRound;
    failure = playRound(request, number, rounds.round(number, size), tally);
    played++;
  }
  return { rounds: played, ...tally.result(), failure };
}

function playRound(
  request: SwarmRequest,
  round: number,
  scenario: Scenario,
  tally: Tally,
): SwarmFailure | null {
  const { snapshot, newCore, onCall } = request;
  const options = newCore === undefined ? {} : { newCore };
  for (const { kind } of scenario.events) tally.event(kind);
  const { violations } = playScenario(snapshot, scenario, {
    ...options,
    onCall: call => {
      tally.call(call);
      onCall?.();
    },
  });
  if (violations.length === 0) return null;
  const callsBefore = scenario.calls.reduce((sum, call) => sum + call.count, 0);
  const smallest = shrunk(scenario, violations[0]!.invariant, candidate =>
    playScenario(snapshot, candidate, { ...options, onCall: () => {} }).violations.map(
      ({ invariant }) => invariant,
    ),
  );
  const isClockSet = smallest.events.some(({ kind }) => kind === 'clockStep');
  return {
    round,
    violations,
    scenario: { ...smallest, virtualOnly: isClockSet ? clockReason : null },
    callsBefore,
    eventsBefore: scenario.events.length,
  };
}

class Tally {
  #calls = 0;
  #answered = 0;
  #attempts = 0;
  readonly #ends = new Map<string, number>();
  readonly #events = new Map<string, number>();

  call({ answeredAtMs, attempts, record }: PlayedCall): void {
    this.#calls++;
    this.#attempts += attempts.length;
    if (answeredAtMs !== null) this.#answered++;
    count(this.#ends, record?.endReason ?? noRecord);
  }

  event(kind: string): void {
    count(this.#events, kind);
  }

  result(): Omit<SwarmResult, 'rounds' | 'failure'> {
    return {
      calls: this.#calls,
      answered: this.#answered,
      attempts: this.#attempts,
      ends: mostFirst(this.#ends),
      events: mostFirst(this.#events),
    };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function mostFirst(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map([...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1)));
}
