/**
 * Small scanners over SIP text. All SIP text in this room is a latin1 string: one character is one octet of the
 * wire, so that lengths are byte lengths and any encoding passes through unharmed.
 */

const SPACE = 32;
const TAB = 9;

/** True when `text[start, end)` equals `lower` (which must be lower case ASCII) without regard to case. */
export function equalsLower(text: string, start: number, end: number, lower: string): boolean {
  if (end - start !== lower.length) return false;
  for (let i = 0; i < lower.length; i++) {
    let code = text.charCodeAt(start + i);
    if (code >= 65 && code <= 90) code += 32;
    if (code !== lower.charCodeAt(i)) return false;
  }
  return true;
}

/** The first position in `[start, end)` that is not a space or a tab. */
export function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== TAB) break;
    at++;
  }
  return at;
}

/** The end of `[start, end)` without trailing spaces and tabs. */
export function trimBlanks(text: string, start: number, end: number): number {
  let at = end;
  while (at > start) {
    const code = text.charCodeAt(at - 1);
    if (code !== SPACE && code !== TAB) break;
    at--;
  }
  return at;
}

/** Reads `[start, end)` as an unsigned decimal of at most ten digits; -1 when it is anything else. */
export function parseDecimal(text: string, start: number, end: number): number {
  if (end <= start || end - start > 10) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** True when `code` may stand in a token (RFC 3261 §25.1). */
export function isTokenChar(code: number): boolean {
  if (code >= 97 && code <= 122) return true;
  if (code >= 65 && code <= 90) return true;
  if (code >= 48 && code <= 57) return true;
  // - . ! % * _ + ` ' ~
  return (
    code === 45 ||
    code === 46 ||
    code === 33 ||
    code === 37 ||
    code === 42 ||
    code === 95 ||
    code === 43 ||
    code === 96 ||
    code === 39 ||
    code === 126
  );
}

/** True when `text[start, end)` is a non-empty token. */
export function isToken(text: string, start: number, end: number): boolean {
  if (end <= start) return false;
  for (let i = start; i < end; i++) {
    if (!isTokenChar(text.charCodeAt(i))) return false;
  }
  return true;
}

const scratch = Buffer.allocUnsafe(4096);

/**
 * A copy of `text` that does not keep the message it was cut from alive. Dialogs live for hours; without this each
 * would hold every datagram that one of its strings points into.
 */
export function detach(text: string): string {
  if (text.length > scratch.length) return Buffer.from(text, 'latin1').toString('latin1');
  const length = scratch.write(text, 0, 'latin1');
  return scratch.toString('latin1', 0, length);
}

/** The position of `char` in `[start, end)` outside quoted strings and angle brackets; `end` when there is none. */
export function findOutsideQuotes(text: string, char: number, start: number, end: number): number {
  let quoted = false;
  let depth = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 92) i++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 60) depth++;
    else if (code === 62 && depth > 0) depth--;
    else if (code === char && depth === 0) return i;
  }
  return end;
}

/** Splits a header value at its top-level commas and trims the parts; empty parts are left out. */
export function splitList(value: string): string[] {
  const parts: string[] = [];
  let start = 0;
  while (start <= value.length) {
    const comma = findOutsideQuotes(value, 44, start, value.length);
    const from = skipBlanks(value, start, comma);
    const to = trimBlanks(value, from, comma);
    if (to > from) parts.push(value.slice(from, to));
    start = comma + 1;
  }
  return parts;
}
