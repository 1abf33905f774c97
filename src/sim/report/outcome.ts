/** What a run of scenarios came to: what every format of the report is made of. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Explanation } from '../../explain/explanation.ts';
import type { Failure } from '../expect/expect.ts';
import type { PlayedCall, TraceEvent, Violation } from '../scenario/played.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { SwarmFigures } from '../swarm/figures.ts';

export interface Outcome {
  readonly scenario: Scenario;
  readonly calls: number;
  readonly failures: readonly Failure[];
  readonly violations: readonly Violation[];
  /** Of calls that went wrong, for as many as are worth reading; empty when nothing did. */
  readonly stories: readonly Story[];
  /** Of all calls, by end reason (`no record` for calls that left none), most frequent first; empty when all is well. */
  readonly ends: ReadonlyMap<string, number>;
}

/** How a call went, and why the switch decided so. */
export interface Story {
  readonly call: PlayedCall;
  readonly events: readonly TraceEvent[];
  /** Of the moment of its INVITE; null when it had no number to decide by. */
  readonly explanation: Explanation | null;
}

export interface Run {
  /** Repeats the whole run. */
  readonly seed: number;
  /** Of the configuration. */
  readonly hash: string;
  /** The scenario files, in the order in which they were played. */
  readonly files: readonly string[];
  /** In the order of the files, and of the scenarios in them. */
  readonly outcomes: readonly Outcome[];
  /** Warnings about the scenario files. */
  readonly warnings: readonly Diagnostic[];
  /** For a run of the swarm, whose only outcome is the whole of it, or what is left of the round that failed. */
  readonly swarm?: SwarmFigures;
}

export interface Tally {
  readonly scenarios: number;
  readonly calls: number;
  readonly passed: number;
  readonly failed: number;
  /** Broken invariants, wherever. */
  readonly violations: number;
}

export function isPassed({ failures, violations }: Outcome): boolean {
  return failures.length === 0 && violations.length === 0;
}

export function tallyOf(outcomes: readonly Outcome[]): Tally {
  let [calls, passed, violations] = [0, 0, 0];
  for (const outcome of outcomes) {
    calls += outcome.calls;
    violations += outcome.violations.length;
    if (isPassed(outcome)) passed++;
  }
  return { scenarios: outcomes.length, calls, passed, failed: outcomes.length - passed, violations };
}
