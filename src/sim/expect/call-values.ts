/** What was seen of one call, by subject. */
import type { CdrCharge } from '../../cdr/record.ts';
import { noMoney } from '../../rating/money.ts';
import type { CallSubject } from '../scenario/matcher.ts';
import type { PlayedCall } from '../scenario/played.ts';
import type { Observed } from './observed.ts';

export type CallResult = 'answered' | 'refused' | 'failed' | 'cancelled';

export function resultOf(call: PlayedCall): CallResult {
  if (call.answeredAtMs !== null) return 'answered';
  if (isCancelled(call)) return 'cancelled';
  return call.attempts.length === 0 ? 'refused' : 'failed';
}

/** A caller that gave up gets 487 (RFC 3261, section 9.2), which a gateway may say, too: the record knows better. */
function isCancelled({ record, finalStatus, call }: PlayedCall): boolean {
  if (record !== null) return record.endReason === 'CallerCancel';
  return finalStatus === 487 && call.cancelAfterMs !== null;
}

/** The gateway that answered: the hunt ends with it. */
export function answeredBy({ answeredAtMs, attempts }: PlayedCall): string | null {
  return answeredAtMs === null ? null : (attempts.at(-1)?.gateway ?? null);
}

/** ms; null when nothing came. */
export function postDialDelayMs({ firstResponseAtMs, startedAtMs }: PlayedCall): number | null {
  return firstResponseAtMs === null ? null : firstResponseAtMs - startedAtMs;
}

/** ms; null while it is still up. */
export function talkMs({ answeredAtMs, endedAtMs }: PlayedCall): number | null {
  if (answeredAtMs === null) return 0;
  return endedAtMs === null ? null : endedAtMs - answeredAtMs;
}

/** `of` is what the subject leaves open, see `CallSubject`. */
export function observeCall(call: PlayedCall, subject: CallSubject, of: string | null): Observed {
  const { record, attempts } = call;
  const charge = chargeOf(call, of);
  const last = attempts.at(-1);
  switch (subject) {
    case 'tried':
      return { unit: 'names', value: attempts.map(({ gateway }) => gateway) };
    case 'gateway':
      return { unit: 'text', value: answeredBy(call) };
    case 'result':
      return { unit: 'text', value: resultOf(call) };
    case 'status':
      return { unit: 'text', value: call.finalStatus };
    case 'reason':
      return { unit: 'text', value: record?.endReason ?? null };
    case 'endedBy':
      return { unit: 'text', value: record?.endedBy ?? null };
    case 'postDialDelay':
      return { unit: 'duration', value: postDialDelayMs(call) };
    case 'talk':
      return { unit: 'duration', value: talkMs(call) };
    case 'amount':
      return { unit: 'money', value: charge?.amount ?? null };
    case 'billedSeconds':
      return { unit: 'count', value: charge?.billedSeconds ?? null };
    case 'ratePrefix':
      return { unit: 'text', value: charge?.prefix ?? null };
    case 'rateTable':
      return { unit: 'text', value: charge?.rateTable ?? null };
    case 'profit':
      return { unit: 'money', value: record?.profit ?? noMoney };
    case 'sentCaller':
      return { unit: 'text', value: last?.caller ?? null };
    case 'sentCallee':
      return { unit: 'text', value: last?.callee ?? null };
    case 'sentForwarding':
      return { unit: 'text', value: last?.forwarding ?? null };
    case 'record':
      return recordField(call, of);
    case 'recorded':
      return { unit: 'text', value: record !== null };
  }
}

function chargeOf({ record }: PlayedCall, side: string | null): CdrCharge | null {
  if (record === null) return null;
  return side === 'vendor' ? record.vendorCharge : record.customerCharge;
}

/** A field of the record, or of one of its charges (`customerCharge.rate`). What is absent is none. */
function recordField({ record }: PlayedCall, path: string | null): Observed {
  let value: unknown = record;
  for (const name of (path ?? '').split('.')) {
    if (typeof value !== 'object' || value === null) return { unit: 'text', value: null };
    value = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : null;
  }
  if (typeof value === 'bigint') return { unit: 'money', value: value as typeof noMoney };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return { unit: 'text', value };
  }
  return value === null || value === undefined
    ? { unit: 'text', value: null }
    : {
        unit: 'text',
        value: JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)),
      };
}
