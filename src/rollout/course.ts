/** How a rollout goes: from its beginning to the moment at which the candidate is given up or serves everybody. */
import type { ComparedCall } from '../call/compared-calls.ts';
import type { RolloutSettings } from '../config/snapshot.ts';
import { suspicionRate } from './cells.ts';
import { evidenceText } from './evidence-text.ts';
import { type Evidence, Judge, type SideFigures } from './judge.ts';

export type Decision =
  | { readonly kind: 'goOn' }
  | { readonly kind: 'abort'; readonly evidence: readonly Evidence[] }
  /** `doubt` is null when the candidate was compared on enough calls and nothing speaks against it. */
  | { readonly kind: 'promote'; readonly doubt: string | null };

/** Why a rollout lasts longer than it should; null while it does not. */
export type Extension = 'tooFewCalls' | 'suspicion' | null;

export interface CourseStatus {
  readonly stable: SideFigures;
  readonly candidate: SideFigures;
  /** Calls that were left out because their customer had called that number before. */
  readonly repeatedCalls: number;
  readonly hasEnoughCalls: boolean;
  /** When it is decided at the latest, as things stand (ms since 1970 UTC). */
  readonly decidedByMs: number;
  readonly extension: Extension;
  /** What speaks against the candidate so far; not yet enough to give it up while it goes on. */
  readonly suspicions: readonly Evidence[];
}

const goOn: Decision = { kind: 'goOn' };
/** With too few calls, or a suspicion, it lasts at most so many times as long. */
const longest = 2;

export class Course {
  readonly #settings: RolloutSettings;
  readonly #beganAtMs: number;
  readonly #judge: Judge;

  /** `beganAtMs` is ms since 1970 UTC. */
  constructor(settings: RolloutSettings, beganAtMs: number) {
    this.#settings = settings;
    this.#beganAtMs = beganAtMs;
    const { asrDropPoints, pddRiseMs, minimumCalls } = settings;
    const share = settings.canaryPercent / 100;
    this.#judge = new Judge({ share, asrDropPoints, pddRiseMs, minimumCalls });
  }

  take(calls: readonly ComparedCall[]): void {
    for (const call of calls) this.#judge.take(call);
  }

  /** May be asked as often as one likes; `nowMs` is ms since 1970 UTC. */
  decide(nowMs: number): Decision {
    const evidence = this.#judge.worse();
    if (evidence.length > 0) return { kind: 'abort', evidence };
    const { forMs } = this.#settings;
    const lastedMs = nowMs - this.#beganAtMs;
    if (lastedMs < forMs) return goOn;
    const doubt = this.#doubt();
    if (doubt === null || lastedMs >= longest * forMs) return { kind: 'promote', doubt };
    return goOn;
  }

  status(nowMs: number): CourseStatus {
    const { forMs } = this.#settings;
    const { hasEnoughCalls, repeated } = this.#judge;
    const suspicions = this.#judge.worse(suspicionRate);
    const isOverdue = nowMs - this.#beganAtMs >= forMs;
    const reason = hasEnoughCalls ? 'suspicion' : 'tooFewCalls';
    const extension = isOverdue && (!hasEnoughCalls || suspicions.length > 0) ? reason : null;
    return {
      ...this.#judge.figures,
      ...{ hasEnoughCalls, extension, suspicions },
      repeatedCalls: repeated,
      decidedByMs: this.#beganAtMs + (extension === null ? 1 : longest) * forMs,
    };
  }

  #doubt(): string | null {
    const { minimumCalls } = this.#settings;
    const [suspicion] = this.#judge.worse(suspicionRate);
    if (suspicion !== undefined) return `not certain enough to give it up: ${evidenceText(suspicion)}`;
    if (this.#judge.hasEnoughCalls) return null;
    const { stable, candidate } = this.#judge.figures;
    return `too few calls to compare: ${stable.calls} and ${candidate.calls} of at least ${minimumCalls} each`;
  }
}
