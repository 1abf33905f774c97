import type { OpenCall } from '../cdr/open-call.ts';
import { type ClosedCall, closeCall } from './call-record.ts';
import { causeOf } from './end-cause.ts';

/**
 * Closes a call that was up when the switch was killed: Interrupted, by the switch. An answered call is charged
 * with its journaled rates up to `lastAliveMs` (ms since 1970 UTC), the last time the switch is known to have
 * run; a call answered after that is charged nothing. Which gateways were tried before is not in the journal.
 */
export function closeInterrupted(open: OpenCall, lastAliveMs: number): ClosedCall {
  const endedAtMs = Math.max(lastAliveMs, open.answeredAtMs ?? open.startedAtMs);
  return closeCall(open, { cause: causeOf('Interrupted'), endedAtMs, postDialDelayMs: null, attempts: [] });
}
