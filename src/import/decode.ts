/** Bytes of a vendor's file → text, whatever program wrote them. */
import { isUtf8 } from 'node:buffer';

export type Encoding = 'UTF-8' | 'UTF-16' | 'Windows-1252';

export type Decoded = { readonly text: string; readonly encoding: Encoding } | { readonly problem: string };

/** Files that people mistake for CSV, by their first bytes. */
const otherFormats: readonly { readonly start: readonly number[]; readonly what: string }[] = [
  { start: [0x50, 0x4b, 0x03, 0x04], what: 'an Excel workbook (or another zip file)' },
  { start: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook' },
  { start: [0x1f, 0x8b], what: 'compressed with gzip' },
  { start: [0x25, 0x50, 0x44, 0x46], what: 'a PDF' },
];

/**
 * UTF-8 and UTF-16 (Excel's "Unicode text") with or without a byte order mark; what is neither is read as
 * Windows-1252, which every byte is a character of. Line ends of the classic Macintosh become line feeds.
 */
export function decode(bytes: Buffer): Decoded {
  const other = otherFormats.find(({ start }) => start.every((byte, index) => bytes[index] === byte));
  if (other !== undefined) {
    return { problem: `the file is ${other.what}, not CSV: save or unpack it as CSV first` };
  }
  const encoding = encodingOf(bytes);
  const text = textOf(bytes, encoding);
  if (text.includes('\0')) return { problem: 'the file is not text: it has zero bytes' };
  const lines = text.includes('\n') || !text.includes('\r') ? text : text.replaceAll('\r', '\n');
  return { text: lines, encoding };
}

function encodingOf(bytes: Buffer): Encoding {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  if (bytes.length >= 4 && (first === 0) !== (second === 0) && (bytes[2] === 0) !== (bytes[3] === 0)) {
    return 'UTF-16';
  }
  return isUtf8(bytes) ? 'UTF-8' : 'Windows-1252';
}

function textOf(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'UTF-8') return new TextDecoder('utf-8').decode(bytes);
  if (encoding === 'Windows-1252') return windowsText(bytes);
  const bigEndian = bytes[0] === 0xfe || bytes[0] === 0;
  return new TextDecoder(bigEndian ? 'utf-16be' : 'utf-16le').decode(bytes);
}

/** The characters of 0x80–0x9f, which Latin-1 leaves to control characters. */
const windowsOnly = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Not by TextDecoder: that of Node 20 reads Latin-1 when it is asked for Windows-1252. */
function windowsText(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\u0080-\u009f]/g, character => {
    return windowsOnly[character.charCodeAt(0) - 0x80]!;
  });
}
