/** Reading headers that srf has parsed, and writing header lines that are safe to send. */
import type { SipMessage } from './drachtio-srf.ts';

const lineBreak = /[\r\n]+[ \t]*/g;
const controlCharacter = /[\x00-\x1f\x7f-\x9f]/;
const controlCharacters = /[\x00-\x1f\x7f-\x9f]/g;

/** One header line. Folded values are unfolded, so that nothing received can start a line of its own. */
export function line(name: string, value: string): string {
  if (value.includes('\n') || value.includes('\r'))
    return `${name}: ${value.replace(lineBreak, ' ').trim()}\r\n`;
  return `${name}: ${value}\r\n`;
}

/**
 * A copy of a text that does not keep the message it was cut from in memory. Calls last for minutes; each string of
 * theirs would hold its whole message.
 */
export function detach(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** The methods that we take inside dialogs. REFER is not among them: a transfer would escape the bill. */
export const allowedMethods: readonly string[] = [
  'INVITE',
  'ACK',
  'CANCEL',
  'BYE',
  'OPTIONS',
  'PRACK',
  'UPDATE',
  'INFO',
  'MESSAGE',
  'NOTIFY',
];

export const allowLine = line('Allow', allowedMethods.join(', '));

/** Few different Allow headers occur among the peers of a switch; the bound keeps a hostile one from filling memory. */
const rememberedAllows = new Map<string, string>();
const rememberedAllowsLimit = 500;
const longestRememberedAllow = 256;

/** Which methods one side may send towards the other: what we relay and what that other side says it takes. */
export function allowLineFor(peerAllow: string | undefined): string {
  if (peerAllow === undefined) return allowLine;
  const known = rememberedAllows.get(peerAllow);
  if (known !== undefined) return known;
  const methods = new Set(peerAllow.toUpperCase().split(/[\s,]+/));
  const alwaysOurs = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'PRACK'];
  const shared = allowedMethods.filter(method => alwaysOurs.includes(method) || methods.has(method));
  const result = line('Allow', shared.join(', '));
  if (rememberedAllows.size >= rememberedAllowsLimit) rememberedAllows.clear();
  if (peerAllow.length <= longestRememberedAllow) rememberedAllows.set(detach(peerAllow), result);
  return result;
}

/** True when a comma-separated header holds the option tag. */
export function hasToken(value: string | undefined, token: string): boolean {
  if (value === undefined) return false;
  if (value === token) return true;
  return value
    .toLowerCase()
    .split(',')
    .some(each => each.trim() === token);
}

const supportedExtensions = ['100rel', 'timer'];

/** The options of Require that we do not know, comma-joined for Unsupported; '' when all is well. */
export function unknownRequirements(message: SipMessage): string {
  const require = message.headers['require'];
  if (require === undefined) return '';
  return require
    .split(',')
    .map(each => each.trim())
    .filter(each => each !== '' && !supportedExtensions.includes(each.toLowerCase()))
    .join(', ');
}

const bodyHeaders: readonly (readonly [string, string])[] = [
  ['content-type', 'Content-Type'],
  ['content-disposition', 'Content-Disposition'],
  ['content-encoding', 'Content-Encoding'],
  ['content-language', 'Content-Language'],
  ['mime-version', 'MIME-Version'],
];

/** A body with the header lines that describe it; both '' when there is none. */
export interface Body {
  readonly headers: string;
  readonly text: string;
}

export const noBody: Body = { headers: '', text: '' };

const sdpPart = /content-type:\s*application\/sdp[^\r\n]*(?:\r\n[^\r\n]+)*\r\n\r\n([\s\S]*?)\r\n--/i;

/**
 * The body of a message, to be relayed as it is. srf reads messages as UTF-8, which destroys binary parts (ISUP):
 * of a multipart body with such a part only the SDP goes on, and a binary body alone is left out.
 */
export function bodyOf(message: SipMessage): Body {
  const text = message.body;
  if (text === undefined || text === '') return noBody;
  const { headers } = message;
  const type = headers['content-type'];
  if (text.includes('\ufffd') && type !== undefined && !type.toLowerCase().startsWith('application/sdp')) {
    const sdp = sdpPart.exec(text)?.[1];
    if (sdp === undefined) return noBody;
    return { headers: 'Content-Type: application/sdp\r\n', text: sdp.endsWith('\r\n') ? sdp : `${sdp}\r\n` };
  }
  let lines = '';
  for (const [key, name] of bodyHeaders) {
    const value = headers[key];
    if (value !== undefined) lines += line(name, value);
  }
  if (type === undefined && text.startsWith('v=0')) lines += 'Content-Type: application/sdp\r\n';
  return { headers: lines, text };
}

/** True when a message carries a session description, alone or as a part. */
export function hasSdp(message: SipMessage): boolean {
  const { body } = message;
  if (body === undefined || body === '') return false;
  const type = message.headers['content-type']?.toLowerCase();
  if (type === undefined) return body.startsWith('v=0');
  if (type.startsWith('application/sdp')) return true;
  return type.startsWith('multipart/') && /content-type:\s*application\/sdp/i.test(body);
}

/** Long enough for every honest Reason; the pattern takes quadratic time over a hostile one. */
const longestReason = 256;
const causePattern = /^\s*(q\.850|sip)\s*;\s*(?:[^,]*;\s*)?cause\s*=\s*(\d{1,3})\b/i;

/** Relays Reason (RFC 3326) by protocol and cause alone: the text may name hosts. '' when there is none. */
export function reasonLine(value: string | undefined): string {
  const found = value === undefined ? null : causePattern.exec(value.slice(0, longestReason));
  if (found === null) return '';
  const protocol = found[1]!.toLowerCase() === 'sip' ? 'SIP' : 'Q.850';
  return `Reason: ${protocol};cause=${found[2]}\r\n`;
}

/** Seconds of a Retry-After header, null without one. */
export function retryAfterSeconds(message: SipMessage): number | null {
  const found = /^\s*(\d{1,9})/.exec(message.headers['retry-after'] ?? '');
  return found === null ? null : Number(found[1]);
}

const tellsTopology = /[@:/]|\w\.\w/;
const longestPhrase = 128;
const longestRecorded = 256;

/** A reason phrase that may go to the other side: one that names an address gives way to the plain one. */
export function safePhrase(reason: string, plain: string): string {
  if (reason === '' || reason.length > longestPhrase) return plain;
  return tellsTopology.test(reason) || controlCharacter.test(reason) ? plain : reason;
}

/** A peer's words as they may stand in a record: of bounded length, with nothing that a terminal would obey. */
export function printable(text: string): string {
  return text.slice(0, longestRecorded).replace(controlCharacters, '?');
}
