import { parseDecimal } from '../message/text.ts';

/** Longest frame a client may send: five digits, as drachtio-server takes it. */
const MAX_LENGTH_DIGITS = 5;

/**
 * Cuts the stream of a control client into payloads. Text is latin1, one character per octet: frame lengths count
 * octets, so a frame that ends within a multi-byte character, or a chunk that does, needs no care.
 */
export class FrameReader {
  #rest = '';
  /** True after a malformed length; nothing more can be read. */
  failed = false;

  /** Adds a chunk and calls `take` for every complete payload. */
  push(chunk: string, take: (payload: string) => void): void {
    if (this.failed) return;
    const text = this.#rest === '' ? chunk : this.#rest + chunk;
    let at = 0;
    while (at < text.length) {
      const hash = text.indexOf('#', at);
      if (hash < 0) {
        if (text.length - at > MAX_LENGTH_DIGITS) this.failed = true;
        break;
      }
      const length = hash - at > MAX_LENGTH_DIGITS ? -1 : parseDecimal(text, at, hash);
      if (length <= 0) {
        this.failed = true;
        break;
      }
      const end = hash + 1 + length;
      if (end > text.length) break;
      take(text.slice(hash + 1, end));
      at = end;
    }
    this.#rest = this.failed || at >= text.length ? '' : text.slice(at);
  }
}

/** A payload with its length in front. */
export function frame(payload: string): string {
  return `${payload.length}#${payload}`;
}

/** The parts of a client's frame. */
export interface ClientFrame {
  readonly id: string;
  readonly type: string;
  readonly fields: readonly string[];
  /** The SIP message after the first line, '' when there is none. */
  readonly sip: string;
}

/** Splits a payload into its meta fields and its SIP message. */
export function parseFrame(payload: string): ClientFrame {
  const lineEnd = payload.indexOf('\r\n');
  const leader = lineEnd < 0 ? payload : payload.slice(0, lineEnd);
  const fields = leader.split('|');
  return {
    id: fields[0] ?? '',
    type: fields[1] ?? '',
    fields: fields.slice(2),
    sip: lineEnd < 0 ? '' : payload.slice(lineEnd + 2),
  };
}
