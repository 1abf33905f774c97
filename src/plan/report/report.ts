/** All that is told of a change: the plan, what it comes to, what the guards say, and what traffic makes of it. */
import type { Plan } from '../plan.ts';
import type { Allowance } from './allowances.ts';
import type { GuardFinding } from './guards.ts';
import type { PlanSummary } from './summary.ts';
import type { PlanTraffic } from './traffic.ts';

export interface PlanReport {
  readonly from: SideName;
  readonly to: SideName;
  readonly plan: Plan;
  readonly summary: PlanSummary;
  /** Guards that the change does not pass; none when it may go on. */
  readonly guards: readonly GuardFinding[];
  /** What the new side says is meant to be large. */
  readonly allowances: readonly Allowance[];
  /** null when nobody said how much is carried. */
  readonly traffic: PlanTraffic | null;
}

/** What one side is, for people. */
export interface SideName {
  readonly kind: 'directory' | 'commit' | 'version' | 'live';
  /** As it was asked for: `main`, `./voice`; `history:3`; `live`. */
  readonly name: string;
  /** For a sentence: `main (2f3c1d0a1b2c)`, `the files in ./voice`, `the running switch`. */
  readonly label: string;
}
