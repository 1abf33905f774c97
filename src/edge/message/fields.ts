import { equalsLower, findOutsideQuotes, parseDecimal, skipBlanks, trimBlanks } from './text.ts';

/** Where the parameters of a From, To or Contact value begin: after the `>`, or at the first `;` of a bare URI. */
function paramsStart(value: string): number {
  const open = findOpenBracket(value);
  if (open < 0) {
    const semicolon = value.indexOf(';');
    return semicolon < 0 ? value.length : semicolon;
  }
  const close = value.indexOf('>', open);
  return close < 0 ? value.length : close + 1;
}

/** The `<` that begins the URI, outside a quoted display name; -1 when there is none. */
function findOpenBracket(value: string): number {
  if (value.charCodeAt(0) !== 34) return value.indexOf('<');
  for (let i = 1; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) return value.indexOf('<', i);
  }
  return -1;
}

/** Looks no further than `end`, so that many parameters without a value cost no more than they are long. */
function indexWithin(text: string, char: number, start: number, end: number): number {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) === char) return i;
  return -1;
}

/** True for a Call-ID that can name a dialog: ASCII without blanks and without the separator of the control protocol. */
export function isPlainCallId(value: string): boolean {
  return !/[^\x21-\x7e]|\|/.test(value);
}

/** True for a tag that can: whatever ends a parameter for one parser or another is no part of it. */
export function isPlainTag(value: string): boolean {
  return !/[^\x21-\x7e]|[|,;<>"]/.test(value);
}

/** The value of parameter `name` (lower case) in `text` from `start` on; undefined when absent, '' without a value. */
export function parameter(text: string, name: string, start = 0): string | undefined {
  let at = text.indexOf(';', start);
  while (at >= 0 && at < text.length) {
    const next = findOutsideQuotes(text, 59, at + 1, text.length);
    const from = skipBlanks(text, at + 1, next);
    const equals = indexWithin(text, 61, from, next);
    if (equals < 0) {
      if (equalsLower(text, from, trimBlanks(text, from, next), name)) return '';
    } else if (equalsLower(text, from, trimBlanks(text, from, equals), name)) {
      const valueStart = skipBlanks(text, equals + 1, next);
      return text.slice(valueStart, trimBlanks(text, valueStart, next));
    }
    at = next;
  }
  return undefined;
}

/** The tag of a From or To value, '' when there is none. */
export function tagOf(value: string): string {
  return parameter(value, 'tag', paramsStart(value)) ?? '';
}

/** The URI of a From, To, Contact or Route value. */
export function uriOf(value: string): string {
  const open = findOpenBracket(value);
  if (open < 0) {
    const end = value.indexOf(';');
    return value.slice(0, trimBlanks(value, 0, end < 0 ? value.length : end));
  }
  const close = value.indexOf('>', open);
  return value.slice(open + 1, close < 0 ? value.length : close).trim();
}

/** What the edge reads of a Via value. */
export interface Via {
  readonly host: string;
  /** 0 when not given. */
  readonly port: number;
  /** '' when not given. */
  readonly branch: string;
  /** True when the sender asks for RFC 3581 routing. */
  readonly wantsPort: boolean;
  /** Length of this Via in the header value it stands in; what follows is a comma and the next one. */
  readonly end: number;
  /** Where the sent-by ends and the parameters begin. */
  readonly sentByEnd: number;
}

/** Reads the first Via of a header value (RFC 3261 §20.42); null when it is malformed. */
export function parseVia(value: string): Via | null {
  const end = trimBlanks(value, 0, findOutsideQuotes(value, 44, 0, value.length));
  const slash = value.indexOf('/', value.indexOf('/') + 1);
  if (slash < 0 || slash >= end || !equalsLower(value, 0, 3, 'sip')) return null;
  let at = skipBlanks(value, slash + 1, end);
  while (at < end && value.charCodeAt(at) !== 32 && value.charCodeAt(at) !== 9) at++;
  at = skipBlanks(value, at, end);
  let sentByEnd = value.indexOf(';', at);
  if (sentByEnd < 0 || sentByEnd > end) sentByEnd = end;
  const hostPort = splitHostPort(value.slice(at, trimBlanks(value, at, sentByEnd)));
  if (hostPort === null) return null;
  const own = end === value.length ? value : value.slice(0, end);
  return {
    host: hostPort.host,
    port: hostPort.port,
    branch: parameter(own, 'branch', sentByEnd) ?? '',
    wantsPort: parameter(own, 'rport', sentByEnd) !== undefined,
    end,
    sentByEnd,
  };
}

/** Splits `host[:port]`, where an IPv6 host stands in brackets; port 0 when absent, null when malformed. */
export function splitHostPort(text: string): { readonly host: string; readonly port: number } | null {
  if (text === '') return null;
  let hostEnd: number;
  if (text.charCodeAt(0) === 91) {
    hostEnd = text.indexOf(']') + 1;
    if (hostEnd <= 2) return null;
  } else {
    const colon = text.indexOf(':');
    hostEnd = colon < 0 ? text.length : colon;
  }
  const host = text.slice(0, trimBlanks(text, 0, hostEnd));
  if (host === '' || /[^A-Za-z0-9.\-_[\]:%]/.test(host)) return null;
  const rest = skipBlanks(text, hostEnd, text.length);
  if (rest === text.length) return { host, port: 0 };
  if (text.charCodeAt(rest) !== 58) return null;
  const portStart = skipBlanks(text, rest + 1, text.length);
  const port = parseDecimal(text, portStart, text.length);
  if (port < 1 || port > 65535) return null;
  return { host, port };
}

/** The number and method of a CSeq value; null when malformed or above 2^31 - 1 (RFC 3261 §8.1.1.5). */
export function parseCSeq(value: string): { readonly number: number; readonly method: string } | null {
  let at = 0;
  while (at < value.length && value.charCodeAt(at) >= 48 && value.charCodeAt(at) <= 57) at++;
  const number = parseDecimal(value, 0, at);
  const methodStart = skipBlanks(value, at, value.length);
  if (number < 0 || number > 0x7fffffff || methodStart === at || methodStart === value.length) return null;
  return { number, method: value.slice(methodStart) };
}

/** The RSeq and CSeq numbers of a RAck value; null when malformed. Extra words at the end are tolerated. */
export function parseRAck(value: string): { readonly rseq: number; readonly cseq: number } | null {
  const words = value.split(/[ \t]+/);
  const rseq = parseDecimal(words[0] ?? '', 0, (words[0] ?? '').length);
  const cseq = parseDecimal(words[1] ?? '', 0, (words[1] ?? '').length);
  return rseq < 0 || cseq < 0 ? null : { rseq, cseq };
}

/** True when a comma-separated header value has the option tag (lower case). */
export function hasOption(value: string, option: string): boolean {
  if (value === '') return false;
  for (const each of value.split(',')) if (each.trim().toLowerCase() === option) return true;
  return false;
}

/** The leading number of a value such as `1800;refresher=uac`; -1 when there is none. */
export function leadingNumber(value: string): number {
  let at = 0;
  while (at < value.length && value.charCodeAt(at) >= 48 && value.charCodeAt(at) <= 57) at++;
  return parseDecimal(value, 0, at);
}
