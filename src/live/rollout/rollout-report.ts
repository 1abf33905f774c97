/** A rollout that is under way, in the shape that operators see. */
import { evidenceText } from '../../rollout/evidence-text.ts';
import type { Evidence, SideFigures } from '../../rollout/judge.ts';
import { isoTime } from '../reports.ts';
import type { RolloutStatus } from './rollouts.ts';

export interface RolloutReport {
  /** Of the candidate. */
  readonly hash: string;
  readonly commit: string | null;
  readonly sharePercent: number;
  readonly beganAt: string;
  /** When it is decided, as things stand. */
  readonly decidedBy: string;
  readonly secondsLeft: number;
  /** Of each side, to different numbers; there is no verdict on ASR and PDD before. */
  readonly minimumCalls: number;
  readonly hasEnoughCalls: boolean;
  /** Why it lasts longer than it should; null while it does not. */
  readonly extension: 'tooFewCalls' | 'suspicion' | null;
  /** ASR 0–1; the delay is the mean, in ms. */
  readonly stable: SideFigures;
  readonly candidate: SideFigures;
  /** Calls that were left out because their customer had called that number before. */
  readonly repeatedCalls: number;
  /** What speaks against the candidate so far, and is not enough to abort; with a sentence for people each. */
  readonly suspicions: readonly (Evidence & { readonly text: string })[];
}

export function rolloutReport(status: RolloutStatus | null, nowMs: number): RolloutReport | null {
  if (status === null) return null;
  const { settings, beganAtMs, decidedByMs, suspicions, ...facts } = status;
  return {
    ...facts,
    sharePercent: settings.canaryPercent,
    minimumCalls: settings.minimumCalls,
    beganAt: isoTime(beganAtMs),
    decidedBy: isoTime(decidedByMs),
    secondsLeft: Math.max(0, Math.ceil((decidedByMs - nowMs) / 1000)),
    suspicions: suspicions.map(evidence => ({ ...evidence, text: evidenceText(evidence) })),
  };
}
