/**
 * Session timers (RFC 4028) are kept on each side by itself: nothing of them crosses to the other side, so that a
 * gateway without timers does not take them from a caller who has them, and a 422 can never end a hunt.
 */
import type { SipMessage } from './drachtio-srf.ts';
import { hasToken } from './headers.ts';

/** The lowest interval that is taken (RFC 4028 §5). */
export const minSessionSeconds = 90;
/** What a caller who supports timers but names no interval is given (SS_SIP_SESSION_TTL). */
const defaultSessionSeconds = 600;
/** A longer interval would notice a dead caller too late. */
const longestSessionSeconds = 1800;

const intervalPattern = /^\s*(\d{1,9})\s*(.*)$/s;
const refresherPattern = /;\s*refresher\s*=\s*(uac|uas)/i;

function sessionExpires(message: SipMessage): string | undefined {
  return message.headers['session-expires'] ?? message.headers['x'];
}

/** The peer takes part in session timers: it named an interval or lists the extension. */
export function isTimerCapable(message: SipMessage): boolean {
  return sessionExpires(message) !== undefined || hasToken(message.headers['supported'], 'timer');
}

/** The request asks for an interval shorter than may be asked for: answer 422 with Min-SE. */
export function isIntervalTooSmall(message: SipMessage): boolean {
  const found = intervalPattern.exec(sessionExpires(message) ?? '');
  return found !== null && Number(found[1]) < minSessionSeconds;
}

/**
 * The header lines that a 2xx to this request carries, '' for a peer without timers. The peer refreshes unless it
 * asked us to (RFC 4028 §9, table 2).
 */
export function sessionTimerLines(request: SipMessage): string {
  if (!isTimerCapable(request)) return '';
  const found = intervalPattern.exec(sessionExpires(request) ?? '');
  const lowest = Number(/^\s*(\d{1,9})/.exec(request.headers['min-se'] ?? '')?.[1] ?? minSessionSeconds);
  const wanted = found === null ? defaultSessionSeconds : Number(found[1]);
  const seconds = Math.max(Math.min(wanted, longestSessionSeconds), lowest, minSessionSeconds);
  const refresher = refresherPattern.exec(found?.[2] ?? '')?.[1]?.toLowerCase() ?? 'uac';
  const require = refresher === 'uac' ? 'Require: timer\r\n' : '';
  return `${require}Session-Expires: ${seconds};refresher=${refresher}\r\n`;
}
