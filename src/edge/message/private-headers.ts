import { H } from './header-names.ts';
import type { SipMessage } from './message.ts';
import { equalsLower } from './text.ts';

const PREFIX_LENGTH = 'x-class4-'.length;
const MAX_INTERVALS = 16;
const MAX_INTERVAL_MS = 60_000;

/** The value of `X-Class4-<name>` (name in lower case), '' when absent. */
function privateHeader(message: SipMessage, name: string): string {
  for (let i = 0; i < message.ids.length; i++) {
    if (message.ids[i] !== H.privateToClient) continue;
    const start = message.spans[i * 4]! + PREFIX_LENGTH;
    if (equalsLower(message.raw, start, message.spans[i * 4 + 1]!, name)) return message.valueAt(i);
  }
  return '';
}

/** True for a response that must not be sent: its request is to be left without an answer. */
export function asksForSilence(message: SipMessage): boolean {
  return message.has(H.privateToClient) && privateHeader(message, 'silent') === '1';
}

/** True for a response that begins another early dialog than those before it, as if the INVITE had been forked. */
export function asksForFork(message: SipMessage): boolean {
  return message.has(H.privateToClient) && privateHeader(message, 'fork') === '1';
}

/**
 * The retransmission list a client gave with a request (`X-Class4-Resend-Ms: 500,1000,2000`): undefined when it gave
 * none, null when it is not one to sixteen whole numbers from 1 to 60000.
 */
export function resendList(message: SipMessage): readonly number[] | null | undefined {
  if (!message.has(H.privateToClient)) return undefined;
  const value = privateHeader(message, 'resend-ms');
  if (value === '') return undefined;
  const list: number[] = [];
  for (const part of value.split(',')) {
    const text = part.trim();
    const interval = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (interval < 1 || interval > MAX_INTERVAL_MS) return null;
    list.push(interval);
  }
  return list.length > MAX_INTERVALS ? null : list;
}
