/** Numbers and addresses: what a SIP URI says of a telephone number, and how a number is written back into one. */

/** Who a URI or a name-addr header names. */
export interface Address {
  /** Lower case; '' when there is none. */
  readonly scheme: string;
  /** Decoded user part without password and parameters; for `tel:` the number. '' when there is none. */
  readonly user: string;
}

const noAddress: Address = { scheme: '', user: '' };

/** Control characters must never come out of a percent-encoding: they would end a header line. */
const controlCharacter = /[\x00-\x1f\x7f-\x9f]/;
const controlCharacters = /[\x00-\x1f\x7f-\x9f]/g;
const visualSeparators = /[-.()]/g;
const numberCharacters = /^\+?[0-9A-Za-z*#]+$/;
const anyDigit = /[0-9]/;

/** Two plain patterns: one that asks for both would take quadratic time over a long hostile name. */
function isNumber(text: string): boolean {
  return numberCharacters.test(text) && anyDigit.test(text);
}

function decodeUser(text: string): string {
  if (controlCharacter.test(text)) {
    // They stand in a record that an operator's terminal will show; a terminal obeys some of them.
    return text.replace(controlCharacters, '?');
  }
  if (!text.includes('%')) return text;
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    return text;
  }
  return controlCharacter.test(decoded) ? text : decoded;
}

/** Reads a SIP, SIPS or tel URI (RFC 3261 §19.1, RFC 3966). */
export function parseUri(uri: string): Address {
  const colon = uri.indexOf(':');
  if (colon <= 0) return noAddress;
  const scheme = uri.slice(0, colon).toLowerCase();
  let user = uri.slice(colon + 1);
  if (scheme !== 'tel') {
    const at = user.lastIndexOf('@');
    if (at < 0) return { scheme, user: '' };
    user = user.slice(0, at);
    const password = user.indexOf(':');
    if (password >= 0) user = user.slice(0, password);
  }
  const parameters = user.indexOf(';');
  if (parameters >= 0) user = user.slice(0, parameters);
  return { scheme, user: decodeUser(user) };
}

/** The position of the `<` of a name-addr, after a quoted display name; -1 in the short form. */
function bracketOf(value: string): number {
  let from = 0;
  if (value.trimStart().startsWith('"')) {
    let at = value.indexOf('"') + 1;
    while (at < value.length && value[at] !== '"') at += value[at] === '\\' ? 2 : 1;
    from = at;
  }
  return value.indexOf('<', from);
}

/** Reads the URI in From, To or Contact (RFC 3261 §20.10). */
export function parseNameAddress(value: string): Address {
  const open = bracketOf(value);
  if (open < 0) return parseUri(value.trim().split(';', 1)[0] ?? '');
  const close = value.indexOf('>', open);
  return parseUri(value.slice(open + 1, close < 0 ? value.length : close).trim());
}

const tagPattern = /;\s*tag\s*=\s*([^\s;,>]+)/i;

/** The tag of From or To, '' when there is none. */
export function tagOf(value: string): string {
  const open = bracketOf(value);
  const close = open < 0 ? 0 : value.indexOf('>', open);
  return tagPattern.exec(close <= 0 ? value : value.slice(close))?.[1] ?? '';
}

/** Removes the separators that people write for the eye (RFC 3966 §5.1.1), where what remains is a number. */
export function plainNumber(user: string): string {
  const plain = user.replace(visualSeparators, '');
  return isNumber(plain) ? plain : user;
}

/**
 * The dialled number of a Request-URI: digits, with `*`, `#`, the letters that serve as route tags, and a leading
 * plus sign only where the caller wrote one. null when the address names no number.
 */
export function calleeNumber(address: Address): string | null {
  const number = plainNumber(address.user);
  return isNumber(number) ? number : null;
}

const needsEscape = /[^A-Za-z0-9\-_.!~*'()&=+$,/]/;
const escapedCharacters = /[^A-Za-z0-9\-_.!~*'()&=+$,/]+/g;

/** Writes a number as the user part of a URI; everything RFC 3261 §25.1 does not allow there is percent-encoded. */
export function escapeUser(user: string): string {
  if (!needsEscape.test(user)) return user;
  return user.replace(escapedCharacters, text =>
    [...Buffer.from(text)].map(octet => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** Puts brackets around an IPv6 literal. */
export function uriHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
