/** Bounds of what is kept of one TCP connection: a message may be no larger than the largest UDP one. */
const MAX_MESSAGE_OCTETS = 65_535;
const MAX_HEAD_OCTETS = 32_768;

const CONTENT_LENGTH = /\r?\n(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*)/i;

/** What a stream asks its reader to do. */
export interface StreamReader {
  onMessage(text: string): void;
  /** A double line end between messages: the peer wants a single one back (RFC 5626 §3.5.1). */
  onKeepAlive(): void;
  /** The message is too large; nothing more can be read. `head` is what there is of it. */
  onOversized(head: string): void;
  /** The stream cannot be cut into messages any more. */
  onGarbage(): void;
}

/** Cuts a TCP stream into SIP messages by their Content-Length (RFC 3261 §18.3). Text is latin1. */
export class SipStream {
  readonly #reader: StreamReader;
  #rest = '';
  #failed = false;
  /** Length at which the message under way is complete, once its headers are; they are read once, however it is cut. */
  #wanted = 0;
  /** How far the end of the headers was looked for. */
  #searched = 0;

  constructor(reader: StreamReader) {
    this.#reader = reader;
  }

  push(chunk: string): void {
    if (this.#failed) return;
    let text = this.#rest === '' ? chunk : this.#rest + chunk;
    if (text.length < this.#wanted) {
      this.#rest = text;
      return;
    }
    for (;;) {
      text = this.#skipLineEnds(text);
      const end = this.#messageEnd(text);
      if (end < 0) break;
      this.#wanted = 0;
      this.#searched = 0;
      this.#reader.onMessage(text.slice(0, end));
      text = text.slice(end);
    }
    this.#rest = this.#failed ? '' : text;
  }

  #skipLineEnds(text: string): string {
    let at = 0;
    while (text.startsWith('\r\n\r\n', at)) {
      this.#reader.onKeepAlive();
      at += 4;
    }
    while (text.startsWith('\r\n', at) && text.length > at + 2) at += 2;
    return at === 0 ? text : text.slice(at);
  }

  /** Where the first message ends, -1 while it is not complete. */
  #messageEnd(text: string): number {
    if (this.#wanted > 0 && text.length >= this.#wanted) return this.#wanted;
    let headEnd = text.indexOf('\r\n\r\n', this.#searched);
    let bodyStart = headEnd + 4;
    if (headEnd < 0) {
      headEnd = text.indexOf('\n\n', this.#searched);
      bodyStart = headEnd + 2;
    }
    this.#searched = headEnd < 0 ? Math.max(0, text.length - 3) : headEnd;
    if (headEnd < 0 || headEnd > MAX_HEAD_OCTETS) {
      if (text.length > MAX_HEAD_OCTETS)
        this.#fail(() => this.#reader.onOversized(text.slice(0, MAX_HEAD_OCTETS)));
      else if (text.length > 64 && !text.includes(' ')) this.#fail(() => this.#reader.onGarbage());
      return -1;
    }
    const head = text.slice(0, headEnd);
    const match = CONTENT_LENGTH.exec(head);
    const value = match === null ? '0' : match[1]!.trim();
    if (!/^\d{1,9}$/.test(value)) {
      this.#fail(() => this.#reader.onGarbage());
      return -1;
    }
    const end = bodyStart + Number(value);
    if (end > MAX_MESSAGE_OCTETS) {
      this.#fail(() => this.#reader.onOversized(`${head}\r\n`));
      return -1;
    }
    if (end <= text.length) return end;
    this.#wanted = end;
    return -1;
  }

  #fail(tell: () => void): void {
    this.#failed = true;
    tell();
  }
}
