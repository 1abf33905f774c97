/**
 * The alphabet of prefixes and how it is cut into nibbles. A digit, `*` or `#` is one nibble (0–11). A letter
 * is two: an escape (12–15) and a rest, so that the rare route tags cost the digits nothing and every trie node
 * has at most sixteen children.
 */

/** Longest prefix, in characters. E.164 numbers have at most 15 digits; route tags stand before them. */
export const maxPrefixLength = 32;

/** The most nibbles of one prefix: all its characters are letters. */
export const maxPrefixNibbles: number = 2 * maxPrefixLength;

/** Stands in `symbolOfCharacter` for everything that can be in no prefix. */
export const noSymbol = 0xff;

/** The smallest symbol that takes two nibbles: high nibble first. */
export const firstLetterSymbol = 0xc0;

const alphabet = '0123456789*#';
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Symbol by character code below 128: 0–11 for one nibble, 0xc0–0xf3 for two, `noSymbol` for none. */
export const symbolOfCharacter: Uint8Array = makeSymbols();

function makeSymbols(): Uint8Array {
  const symbols = new Uint8Array(128).fill(noSymbol);
  for (let i = 0; i < alphabet.length; i++) symbols[alphabet.charCodeAt(i)] = i;
  for (let i = 0; i < letters.length; i++) symbols[letters.charCodeAt(i)] = firstLetterSymbol + i;
  return symbols;
}

/**
 * Whether `text` can be a prefix: at most 32 of the digits, `*`, `#` and the letters a–z and A–Z that serve as
 * route tags. Case matters, as in the user part of a SIP URI (RFC 3261 §19.1.4). The empty prefix is one: it
 * matches every number. A plus sign is never part of a prefix.
 */
export function isPrefixText(text: string): boolean {
  if (text.length > maxPrefixLength) return false;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character > 127 || symbolOfCharacter[character] === noSymbol) return false;
  }
  return true;
}

/**
 * Cuts `text` into nibbles, which must have room for `maxPrefixNibbles`, and returns their number: the path of
 * the prefix through a trie. -1 when the text can be no prefix.
 */
export function writeNibbles(text: string, nibbles: Uint8Array): number {
  if (text.length > maxPrefixLength) return -1;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    const symbol = character > 127 ? noSymbol : symbolOfCharacter[character]!;
    if (symbol === noSymbol) return -1;
    if (symbol >= firstLetterSymbol) nibbles[count++] = symbol >> 4;
    nibbles[count++] = symbol & 15;
  }
  return count;
}

/** The prefix whose path through a trie are the first `count` nibbles: what `writeNibbles` has cut. */
export function textOfNibbles(nibbles: Uint8Array, count: number): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    const nibble = nibbles[i]!;
    if (nibble < alphabet.length) text += alphabet[nibble];
    else text += letters[((nibble << 4) | nibbles[++i]!) - firstLetterSymbol];
  }
  return text;
}
