import { canonicalName, H, headerId } from './header-names.ts';
import { equalsLower, isToken, parseDecimal, skipBlanks, trimBlanks } from './text.ts';

/** More headers than any honest message has; beyond it a message is refused. */
const MAX_HEADERS = 256;
/** Longest header value, and longest Content-Type: drachtio-srf reads that one in quadratic time. */
const MAX_VALUE_OCTETS = 8192;
const MAX_CONTENT_TYPE_OCTETS = 512;
const MAX_URI_OCTETS = 2048;
const MAX_REASON_OCTETS = 256;
/** Control characters, and the line ends of UTF-8 (U+0085, U+2028, U+2029), at which other parsers stop reading. */
const UNREADABLE = /[\x00-\x08\x0a-\x1f\x7f]|\xc2\x85|\xe2\x80[\xa8\xa9]/;
const ALL_UNREADABLE = new RegExp(UNREADABLE, 'g');

/**
 * A SIP message as offsets into its text. Nothing but the start line is cut out until somebody asks: of the dozen
 * headers of a usual message the edge reads five.
 */
export class SipMessage {
  /** The whole message; with `clean` it may be handed on as it is. */
  raw = '';
  /** Method of a request, '' for a response. */
  method = '';
  /** Request-URI, '' for a response. */
  uri = '';
  /** Status code of a response, 0 for a request. */
  status = 0;
  reason = '';
  /** The header numbers, in order of appearance. */
  readonly ids: number[] = [];
  /** Four offsets per header: name start, name end, value start, value end. */
  readonly spans: number[] = [];
  /** First octet after the last header line, that is, of the empty line. */
  headEnd = 0;
  bodyStart = 0;
  bodyEnd = 0;
  /** Why a request must be answered with `problemStatus`, or ''. */
  problem = '';
  problemStatus = 400;
  /** False when the text has folded, compact, LF-only or otherwise unusual lines that drachtio-srf may not read. */
  clean = true;

  get isRequest(): boolean {
    return this.status === 0;
  }

  /** Index of the first header with this number, -1 when there is none. */
  indexOf(id: number): number {
    return this.ids.indexOf(id);
  }

  has(id: number): boolean {
    return this.ids.includes(id);
  }

  count(id: number): number {
    let count = 0;
    for (const each of this.ids) if (each === id) count++;
    return count;
  }

  /** The value at a header index, unfolded. */
  valueAt(index: number): string {
    const value = this.raw.slice(this.spans[index * 4 + 2]!, this.spans[index * 4 + 3]!);
    return this.clean ? value : unfold(value);
  }

  nameAt(index: number): string {
    return this.raw.slice(this.spans[index * 4]!, this.spans[index * 4 + 1]!);
  }

  /** The value of the first header with this number, '' when there is none. */
  first(id: number): string {
    const index = this.ids.indexOf(id);
    return index < 0 ? '' : this.valueAt(index);
  }

  /** The values of all headers with this number, joined by commas. */
  all(id: number): string {
    let joined = '';
    for (let i = 0; i < this.ids.length; i++) {
      if (this.ids[i] !== id) continue;
      joined = joined === '' ? this.valueAt(i) : `${joined}, ${this.valueAt(i)}`;
    }
    return joined;
  }

  get body(): string {
    return this.bodyEnd > this.bodyStart ? this.raw.slice(this.bodyStart, this.bodyEnd) : '';
  }
}

function unfold(value: string): string {
  return value.replace(/[\r\n]+[ \t]*/g, ' ');
}

/**
 * Reads one SIP message. `null` means that this is not SIP at all. A request that is SIP but wrong comes back with
 * `problem` set, so that it can be answered; nothing here ever throws, whatever the octets.
 * @param lenient lines without a colon are skipped instead of refused, as drachtio does with its clients' messages
 */
export function parseMessage(raw: string, lenient = false): SipMessage | null {
  const message = new SipMessage();
  message.raw = raw;
  let lineEnd = raw.indexOf('\n');
  if (lineEnd < 0) return null;
  const firstEnd = lineEnd > 0 && raw.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd;
  if (firstEnd === lineEnd) message.clean = false;
  if (!parseStartLine(message, raw, firstEnd)) return null;

  let at = lineEnd + 1;
  for (;;) {
    lineEnd = raw.indexOf('\n', at);
    if (lineEnd < 0) {
      fail(message, 'Message ends within its headers');
      message.headEnd = raw.length;
      message.bodyStart = raw.length;
      message.bodyEnd = raw.length;
      return message;
    }
    let end = lineEnd;
    const carriageReturn = raw.indexOf('\r', at);
    if (carriageReturn === lineEnd - 1) end = carriageReturn;
    else {
      message.clean = false;
      if (end > at && raw.charCodeAt(end - 1) === 13) end--;
    }
    if (end === at) break;
    parseHeaderLine(message, raw, at, end, lenient);
    at = lineEnd + 1;
  }
  message.headEnd = at;
  message.bodyStart = lineEnd + 1;
  message.bodyEnd = raw.length;
  return message;
}

function fail(message: SipMessage, problem: string, status = 400): void {
  if (message.problem !== '') return;
  message.problem = problem;
  message.problemStatus = status;
}

function parseStartLine(message: SipMessage, raw: string, end: number): boolean {
  if (equalsLower(raw, 0, 8, 'sip/2.0 ')) {
    const codeEnd = 11;
    const status = parseDecimal(raw, 8, codeEnd);
    if (status < 100 || status > 699 || codeEnd > end) return false;
    if (end > codeEnd && raw.charCodeAt(codeEnd) !== 32) return false;
    message.status = status;
    if (!raw.startsWith('SIP/')) message.clean = false;
    message.reason = raw.slice(codeEnd + 1, Math.max(end, codeEnd + 1));
    if (message.reason.includes('\r')) return false;
    if (message.reason.length > MAX_REASON_OCTETS || UNREADABLE.test(message.reason)) {
      message.reason = message.reason.slice(0, MAX_REASON_OCTETS).replace(ALL_UNREADABLE, '?');
      message.clean = false;
    }
    return true;
  }
  const methodEnd = raw.indexOf(' ');
  if (methodEnd <= 0 || methodEnd > end || methodEnd > 64 || !isToken(raw, 0, methodEnd)) return false;
  const versionStart = raw.lastIndexOf(' ', end - 1) + 1;
  if (versionStart <= methodEnd + 1) return false;
  if (!equalsLower(raw, versionStart, versionStart + 4, 'sip/') || end - versionStart < 5) return false;
  if (!raw.startsWith('SIP/', versionStart)) message.clean = false;
  message.method = raw.slice(0, methodEnd);
  message.uri = raw.slice(methodEnd + 1, versionStart - 1);
  if (end - versionStart !== 7 || !raw.startsWith('2.0', versionStart + 4)) {
    fail(message, 'Version Not Supported', 505);
  }
  // A URI is ASCII without blanks (RFC 3261 §25.1); the client would not see where another one ends.
  if (message.uri === '' || /[^\x21-\x7e]|[<>"]/.test(message.uri)) fail(message, 'Malformed Request-URI');
  else if (message.uri.length > MAX_URI_OCTETS) fail(message, 'Request-URI Too Long', 414);
  return true;
}

function parseHeaderLine(message: SipMessage, raw: string, at: number, end: number, lenient: boolean): void {
  const first = raw.charCodeAt(at);
  if (first === 32 || first === 9) {
    message.clean = false;
    const last = message.spans.length - 1;
    if (last <= 0) fail(message, 'Malformed header line');
    else if (end - message.spans[last - 1]! > MAX_VALUE_OCTETS) {
      if (!lenient) fail(message, 'Header too long');
    } else message.spans[last] = trimBlanks(raw, at, end);
    return;
  }
  const colon = raw.indexOf(':', at);
  if (colon < 0 || colon >= end) {
    message.clean = false;
    if (!lenient) fail(message, 'Header line without a colon');
    return;
  }
  const nameEnd = trimBlanks(raw, at, colon);
  const id = headerId(raw, at, nameEnd);
  if (id === H.other && !isToken(raw, at, nameEnd)) {
    message.clean = false;
    if (!lenient) fail(message, 'Malformed header name');
    return;
  }
  // Compact names are written out; private names that a peer sends are taken away.
  if ((nameEnd - at === 1 && id !== H.other) || id === H.privateToClient) message.clean = false;
  if (message.ids.length >= MAX_HEADERS) {
    fail(message, 'Too many headers');
    return;
  }
  const valueStart = skipBlanks(raw, colon + 1, end);
  if (end - valueStart > (id === H.contentType ? MAX_CONTENT_TYPE_OCTETS : MAX_VALUE_OCTETS)) {
    message.clean = false;
    if (!lenient) fail(message, 'Header too long');
    return;
  }
  const valueEnd = trimBlanks(raw, valueStart, end);
  // drachtio-srf takes blanks at the end for a part of the value, and so of the name of a dialog.
  if (valueEnd !== end) message.clean = false;
  message.ids.push(id);
  message.spans.push(at, nameEnd, valueStart, valueEnd);
}

/**
 * The message as plain lines that every parser reads: long names, no folding, CRLF, a correct Content-Length.
 * A clean message comes back as it was received.
 */
export function normalised(message: SipMessage): string {
  if (message.clean)
    return message.bodyEnd === message.raw.length ? message.raw : message.raw.slice(0, message.bodyEnd);
  const start = message.isRequest
    ? `${message.method} ${message.uri} SIP/2.0\r\n`
    : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  let text = start;
  for (let i = 0; i < message.ids.length; i++) {
    const id = message.ids[i]!;
    if (id === H.contentLength || id === H.privateToClient) continue;
    const name = id === H.other ? message.nameAt(i) : canonicalName(id);
    text += `${name}: ${message.valueAt(i)}\r\n`;
  }
  const body = message.body;
  return `${text}Content-Length: ${body.length}\r\n\r\n${body}`;
}
