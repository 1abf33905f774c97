/** The figures of a window as docs/quality.md defines them, from a list of everything that ever happened. */
import { delayClassesMs, delayClassOf } from '../../../src/call/quality/post-dial-delay.ts';
import type {
  AttemptQuality,
  QualityFigures,
  WindowShape,
} from '../../../src/call/quality/quality-window.ts';

export type Event =
  | { readonly atMs: number; readonly prefix: string; readonly attempt: AttemptQuality }
  | { readonly atMs: number; readonly prefix: string; readonly talkMs: number };

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Of what lies in the current slice of `nowMs` and the slices before it that the window has. */
export function bruteFigures(
  events: readonly Event[],
  { sliceMs, slices }: WindowShape,
  nowMs: number,
): QualityFigures {
  const endMs = (Math.floor(nowMs / sliceMs) + 1) * sliceMs;
  const beginMs = endMs - slices * sliceMs;
  const within = events.filter(({ atMs }) => atMs >= beginMs && atMs < endMs);
  const attempts = within.flatMap(event => ('attempt' in event ? [event.attempt] : []));
  const talks = within.flatMap(event => ('talkMs' in event ? [event.talkMs] : []));
  const delays = attempts
    .flatMap(({ postDialDelayMs }) => (postDialDelayMs === null ? [] : [postDialDelayMs]))
    .sort((a, b) => a - b);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const of = (wanted: (attempt: AttemptQuality) => boolean): number => attempts.filter(wanted).length;
  const high = delays[Math.ceil(0.95 * delays.length) - 1];
  return {
    attempts: attempts.length,
    answered: of(({ answered }) => answered),
    talks: talks.length,
    answerSeizureRatio: share(
      of(({ answered }) => answered),
      attempts.length,
    ),
    networkEffectivenessRatio: share(
      of(({ effective }) => effective),
      attempts.length,
    ),
    responseRatio: share(
      of(({ responded }) => responded),
      attempts.length,
    ),
    connectedRatio: share(
      of(({ reached }) => reached),
      attempts.length,
    ),
    averageCallDurationSeconds: share(sum(talks) / 1000, talks.length),
    postDialDelayMs: share(sum(delays), delays.length),
    highPostDialDelayMs: high === undefined ? null : delayClassesMs[delayClassOf(high)]!,
  };
}
