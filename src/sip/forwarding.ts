/**
 * The number that forwarded a call: Diversion (RFC 5806), or History-Info (RFC 7044) where there is none. What peers
 * write there decides nothing but a number, so whatever cannot be read counts as absent.
 */
import { calleeNumber, escapeUser, parseNameAddress, uriHost } from './address.ts';
import type { SipMessage } from './drachtio-srf.ts';

/** Long enough for every honest chain of diversions; the rest of a longer one is not looked at. */
const longestHeader = 4096;

/** What is longer cannot be sent on, and a call is not to fail by what is only told of it. */
const longestNumber = 32;

/** The diversion that was last, which is the first that Diversion and the last that History-Info tells of; null for none. */
export function forwardingNumber({ headers }: SipMessage): string | null {
  return (
    lastDiversion(headerValue(headers, 'diversion')) ?? lastInHistory(headerValue(headers, 'history-info'))
  );
}

/** The library keeps the names of headers that it does not know as they were written, and Diversion is one of them. */
function headerValue(headers: SipMessage['headers'], name: string): string | undefined {
  const values: string[] = [];
  for (const key in headers) {
    if (key.length !== name.length || key.toLowerCase() !== name) continue;
    values.push(headers[key] ?? '');
  }
  return values.length === 0 ? undefined : values.join(',');
}

/**
 * The Diversion header of an INVITE to `host`; '' when no number forwarded the call. The number is one of the gateway's
 * own numbering, so it stands at its host, like the one in To.
 */
export function diversionLine(forwarding: string | null, host: string): string {
  return forwarding === null ? '' : `Diversion: <sip:${escapeUser(forwarding)}@${uriHost(host)}>\r\n`;
}

function lastDiversion(header: string | undefined): string | null {
  if (header === undefined) return null;
  for (const entry of entriesOf(header)) {
    const number = numberOf(entry);
    if (number !== null) return number;
  }
  return null;
}

/**
 * An entry that another number was reached by (`mp`, RFC 7044 §10.1), or with a cause of redirection in its URI (RFC
 * 4458), tells that the entry it came from forwarded the call: the one that `mp` names, or the one before it.
 */
function lastInHistory(header: string | undefined): string | null {
  if (header === undefined) return null;
  const entries = entriesOf(header);
  let places: ReadonlyMap<string, number> | null = null;
  for (let at = entries.length - 1; at > 0; at--) {
    const entry = entries[at]!;
    const from = parameterOf(entry, 'mp');
    if (from === null && !/[;?]cause=\d{3}\b/i.test(entry)) continue;
    if (from !== null) places ??= placesByIndex(entries);
    const named = from === null ? undefined : places?.get(from);
    const number = numberOf(entries[named ?? at - 1]!);
    if (number !== null) return number;
  }
  return null;
}

/** Where the entry of each `index` stands, the first of equals. Found once: a hostile header has hundreds of `mp`. */
function placesByIndex(entries: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [place, entry] of entries.entries()) {
    const index = parameterOf(entry, 'index');
    if (index !== null && !places.has(index)) places.set(index, place);
  }
  return places;
}

/** Of what is torn, something that is no URI may be left. */
const schemes: readonly string[] = ['sip', 'sips', 'tel'];

function numberOf(entry: string): string | null {
  const address = parseNameAddress(entry);
  const number = schemes.includes(address.scheme) ? calleeNumber(address) : null;
  return number === null || number.length > longestNumber ? null : number;
}

/** A parameter of the header entry, behind its URI. */
function parameterOf(entry: string, name: string): string | null {
  const parameters = entry.slice(entry.lastIndexOf('>') + 1).split(';');
  for (const parameter of parameters) {
    const [key, value] = parameter.split('=', 2);
    if (key!.trim().toLowerCase() === name) return (value ?? '').trim();
  }
  return null;
}

/** The entries between the commas that stand neither in quotes nor in angle brackets. */
function entriesOf(header: string): readonly string[] {
  const entries: string[] = [];
  const text = header.slice(0, longestHeader);
  let from = 0;
  let isQuoted = false;
  let isBracketed = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isQuoted) {
      if (character === '\\') at++;
      else if (character === '"') isQuoted = false;
    } else if (character === '<') isBracketed = true;
    else if (character === '>') isBracketed = false;
    else if (isBracketed) continue;
    else if (character === '"') isQuoted = true;
    else if (character === ',') {
      entries.push(text.slice(from, at));
      from = at + 1;
    }
  }
  // An entry that was cut off could name another number than the whole one does.
  if (text.length === header.length) entries.push(text.slice(from));
  return entries;
}
