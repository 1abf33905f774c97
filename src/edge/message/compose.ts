import type { Listener } from '../context.ts';
import { leadingNumber, tagOf, uriOf } from './fields.ts';
import { canonicalName, H, wireName } from './header-names.ts';
import type { SipMessage } from './message.ts';
import { uriHost } from './uri.ts';

/** Headers that the edge always makes itself, whatever the client wrote. */
function isOwnHeader(id: number): boolean {
  return (
    id === H.via ||
    id === H.route ||
    id === H.recordRoute ||
    id === H.rseq ||
    id === H.contentLength ||
    id === H.maxForwards ||
    id === H.from ||
    id === H.to ||
    id === H.callId ||
    id === H.cseq ||
    id === H.contact ||
    id === H.privateToClient
  );
}

/** Contact value of a listener, as added where the client gave none. */
function contactOf(listener: Listener): string {
  return listener.transport === 'udp'
    ? `<sip:${listener.hostPort}>`
    : `<sip:${listener.hostPort};transport=tcp>`;
}

/** `@localhost` in an address header stands for the server's own address; drachtio-srf writes it for a calling number. */
export function replaceLocalhost(value: string, hostPort: string): string {
  const at = value.indexOf('@localhost');
  if (at < 0) return value;
  const after = value.charCodeAt(at + 10);
  // A longer name that merely begins like it is somebody else's.
  if (after === 46 || after === 45 || (after >= 48 && after <= 57) || (after | 32) > 96) return value;
  let end = at + 10;
  if (after === 58) {
    end++;
    while (value.charCodeAt(end) >= 48 && value.charCodeAt(end) <= 57) end++;
  }
  return value.slice(0, at + 1) + hostPort + value.slice(end);
}

/** Address without the default port, for From, To and identity headers. */
export function identityHost(listener: Listener): string {
  return listener.port === 5060 ? uriHost(listener.address) : listener.hostPort;
}

/** The client's Contact made fit for the wire: in brackets, with the server's address for `localhost`. */
export function contactFor(value: string, listener: Listener): string {
  if (value === '') return contactOf(listener);
  if (!value.includes('@localhost')) return value;
  const replaced = replaceLocalhost(value, listener.hostPort);
  if (replaced.includes('<')) return replaced;
  const transport = listener.transport === 'tcp' && !replaced.includes('transport=') ? ';transport=tcp' : '';
  return `<${uriOf(replaced)}${transport}>`;
}

/**
 * The client's own header lines as they go out: names in their usual spelling, what the edge makes itself left out,
 * `localhost` replaced, and a Content-Type for an SDP body that has none.
 */
export function clientHeaders(message: SipMessage, listener: Listener): string {
  let text = '';
  let typed = false;
  for (let i = 0; i < message.ids.length; i++) {
    const id = message.ids[i]!;
    if (isOwnHeader(id)) continue;
    if (id === H.contentType) typed = true;
    let value = message.valueAt(i);
    if (id === H.assertedIdentity) value = replaceLocalhost(value, identityHost(listener));
    text +=
      id === H.other ? `${wireName(message.nameAt(i))}: ${value}\r\n` : `${canonicalName(id)}: ${value}\r\n`;
  }
  if (!typed && message.raw.startsWith('v=0', message.bodyStart)) text += 'Content-Type: application/sdp\r\n';
  return text;
}

/** A client that is in the middle of a path gives the hops that are left, so that a loop ends (RFC 3261 §8.1.1.6). */
export function hopsLeft(message: SipMessage): number {
  const given = message.has(H.maxForwards) ? leadingNumber(message.first(H.maxForwards)) : -1;
  return given >= 0 && given <= 255 ? given : 70;
}

/** `Content-Length`, the empty line and the body. */
export function tail(body: string): string {
  return body === '' ? 'Content-Length: 0\r\n\r\n' : `Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** A To or From value with a tag added, if it has none. */
export function withTag(value: string, tag: string): string {
  if (tag === '' || tagOf(value) !== '') return value;
  const bare = value.indexOf('<') < 0 && value.includes(';');
  // Parameters of a URI without brackets would be taken for the header's own.
  return bare ? `<${value}>;tag=${tag}` : `${value};tag=${tag}`;
}

/** Reason phrases for what the edge says by itself. */
const REASONS: Readonly<Record<number, string>> = {
  100: 'Trying',
  200: 'OK',
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Long',
  422: 'Session Interval Too Small',
  482: 'Loop Detected',
  481: 'Call/Transaction Does Not Exist',
  483: 'Too Many Hops',
  487: 'Request Terminated',
  491: 'Request Pending',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
  504: 'Server Time-out',
  505: 'Version Not Supported',
  513: 'Message Too Large',
};

function reasonOf(status: number): string {
  return REASONS[status] ?? 'Error';
}

/** The values of a response that are copied from its request (RFC 3261 §8.2.6.2). */
export interface ResponseBase {
  /** Complete Via lines, the top one with received and rport. */
  readonly vias: string;
  readonly from: string;
  readonly to: string;
  readonly callId: string;
  readonly cseq: string;
}

/** A response of the edge's own. `extra` is complete header lines. */
export function ownResponse(
  base: ResponseBase,
  status: number,
  toTag: string,
  extra = '',
  reason = '',
): string {
  return `SIP/2.0 ${status} ${reason === '' ? reasonOf(status) : reason}\r\n${base.vias}From: ${base.from}\r\nTo: ${withTag(base.to, toTag)}\r\nCall-ID: ${base.callId}\r\nCSeq: ${base.cseq}\r\n${extra}Content-Length: 0\r\n\r\n`;
}

/** A tag that is the same for each retransmission of a request that left no transaction. */
export function stableTag(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return `s${(hash >>> 0).toString(36)}`;
}
