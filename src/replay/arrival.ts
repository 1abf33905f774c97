/** How a recorded call comes again: who calls whom from where and when, how patient the caller is, and how long they talk. */
import type { SourceAddress } from '../call/inputs.ts';
import type { CdrAttempt } from '../cdr/record.ts';
import { textHash } from '../routing/draws.ts';
import { attemptsOf, sourceOf } from '../sim/record/from-record.ts';
import type { PastCall } from '../store/past-calls.ts';

export interface Arrival {
  readonly recorded: PastCall;
  readonly source: SourceAddress;
  /** null without a number. */
  readonly callee: string | null;
  /** What was tried for it. */
  readonly attempts: readonly CdrAttempt[];
  /** The caller gives up after so long (ms from the INVITE); null for one who waits for whatever comes. */
  readonly cancelAfterMs: number | null;
  /** So long they talk (ms); null when nobody answered. */
  readonly talkMs: number | null;
  readonly calleeHangsUp: boolean;
}

/**
 * A call that the switch itself cut off talks on so long (ms) where nothing cuts it off: nobody knows how long it would
 * have gone on, and the same limit cuts it off again at the same moment.
 */
const cutOffMs = 1000;

/** null for a record whose source cannot be read. */
export function arrivalOf(recorded: PastCall): Arrival | null {
  const source = knownSourceOf(recorded.sourceAddress);
  if (source === null) return null;
  const { startedAtMs, answeredAtMs, endedAtMs, endedBy, endReason, callee } = recorded;
  return {
    recorded,
    source,
    callee: callee === '' ? null : callee,
    attempts: attemptsOf(recorded),
    cancelAfterMs: endReason === 'CallerCancel' ? Math.max(0, endedAtMs - startedAtMs) : null,
    talkMs:
      answeredAtMs === null
        ? null
        : Math.max(0, endedAtMs - answeredAtMs) + (endedBy === 'switch' ? cutOffMs : 0),
    calleeHangsUp: answeredAtMs !== null && endedBy === 'callee',
  };
}

/** Calls of a day come from few addresses, each of them many times. */
const knownSources = new Map<string, SourceAddress | null>();
const mostKnownSources = 10_000;

function knownSourceOf(text: string): SourceAddress | null {
  const known = knownSources.get(text);
  if (known !== undefined) return known;
  if (knownSources.size >= mostKnownSources) knownSources.clear();
  const source = sourceOf(text);
  knownSources.set(text, source);
  return source;
}

/** All that chance decides of a call in the switch, alike on both sides: below 2⁴⁸. */
export function seedOf(callId: string, seed: number): number {
  const high = textHash(callId, textHash(String(seed)));
  return high * 2 ** 16 + (textHash(callId, high) & 0xffff);
}
