/**
 * One connection to a SIP server through drachtio-srf: sends requests and responses as text, hands up what comes
 * in, and knows nothing of calls. It lives once; the adapter makes a new one to connect again, so that nothing of a
 * lost connection (transactions, unanswered replies) survives in it.
 */
import type { Socket } from 'node:net';
import {
  createSrf,
  type FiledRequest,
  InviteRegister,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  type SrfConnection,
  type SrfInstance,
} from './drachtio-srf.ts';
import type { Body } from './headers.ts';

/** What is registered for at the server: everything that may start outside a dialog. CANCEL and ACK come unasked. */
const routedMethods = [
  'invite',
  'bye',
  'options',
  'register',
  'info',
  'update',
  'prack',
  'message',
  'notify',
  'refer',
  'subscribe',
  'publish',
];

/** The control protocol takes at most five digits of length, which counts octets. */
const longestMessageOctets = 99_000;
/** UTF-8 makes up to three octets of a character of ours. */
const octetsPerCharacter = 3;
const pingIntervalMs = 10_000;
const closeGraceMs = 1_000;
const firstVersionWithPing = [0, 8, 2] as const;

export interface LinkListener {
  /** The server took our secret. */
  onReady(version: string): void;
  onRefused(): void;
  onRequest(request: SipRequest): void;
  /** The SIP server has answered this CANCEL and the INVITE that it cancels. */
  onCancel(cancel: SipMessage): void;
  /** The connection is gone, or never came about; called once. */
  onClosed(reason: string): void;
}

export interface ResponseListener {
  onResponse(response: SipResponse): void;
  /** The SIP server did not send the request (or the CANCEL after it): no response will come. */
  onRefused(reason: string): void;
}

/** A request of ours, from the moment it is handed to the SIP server. */
export class Transaction implements FiledRequest {
  readonly method: string;
  readonly auth = undefined;
  socket: Socket | undefined;
  readonly #link: SrfLink;
  readonly #uri: string;
  readonly #listener: ResponseListener;
  #id = '';
  #cancelLines: string | null = null;
  /**
   * The SIP server has taken our CANCEL. It then ends a 2xx that still comes by itself, with a BYE as soon as we have
   * acknowledged it.
   */
  isCancelTaken = false;

  constructor(link: SrfLink, method: string, uri: string, listener: ResponseListener) {
    this.#link = link;
    this.method = method;
    this.#uri = uri;
    this.#listener = listener;
  }

  /** The agent asks these of a request to complete a response with its headers; responses have their own. */
  has(_header: string): boolean {
    return false;
  }

  get(_header: string): string | undefined {
    return undefined;
  }

  emit(event: string, message: SipResponse | SipRequest): boolean {
    if (event === 'response') this.#listener.onResponse(message as SipResponse);
    return true;
  }

  /** Cancels an INVITE; before the server has taken it, as soon as it has. */
  cancel(headerLines: string): void {
    if (this.#cancelLines !== null) return;
    this.#cancelLines = headerLines;
    if (this.#id !== '') this.#sendCancel();
  }

  /** The server's reply to handing it over. */
  replied(fields: readonly string[], connection: SrfConnection): void {
    if (fields[0] !== 'OK') {
      this.#listener.onRefused(fields[1] ?? 'refused');
      return;
    }
    this.#id = fields[7] ?? '';
    connection.pendingSipRequests.set(this.#id, { req: this });
    if (this.#cancelLines !== null) this.#sendCancel();
  }

  #sendCancel(): void {
    this.#link.cancel(this.#id, this.#uri, this.#cancelLines ?? '', fields => {
      if (fields[0] === 'OK') this.isCancelTaken = true;
      else this.#listener.onRefused(fields[1] ?? 'refused');
    });
  }
}

function knowsPing(version: string): boolean {
  const found = /^v(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (found === null) return false;
  for (const [index, least] of firstVersionWithPing.entries()) {
    const part = Number(found[index + 1]);
    if (part !== least) return part > least;
  }
  return true;
}

function ended(headerLines: string, body: string): string {
  const length = body === '' ? 0 : Buffer.byteLength(body);
  return `${headerLines}Content-Length: ${length}\r\n\r\n${body}`;
}

/** The headers of a response that repeat the request's (RFC 3261 §8.2.6.2). */
function mirroredLines(request: SipRequest): string {
  const { headers } = request.msg;
  let text = '';
  if (headers['from'] !== undefined) text += `From: ${headers['from']}\r\n`;
  if (headers['to'] !== undefined) text += `To: ${headers['to']}\r\n`;
  if (headers['call-id'] !== undefined) text += `Call-ID: ${headers['call-id']}\r\n`;
  if (headers['cseq'] !== undefined) text += `CSeq: ${headers['cseq']}\r\n`;
  return text;
}

export class SrfLink {
  readonly #srf: SrfInstance;
  readonly #listener: LinkListener;
  readonly #invites: InviteRegister;
  #state: 'connecting' | 'ready' | 'closed' = 'connecting';
  #lastError = 'the connection was closed';
  #isClosing = false;
  #isCorked = false;
  #ping: NodeJS.Timeout | null = null;
  #pingUnanswered = 0;

  constructor(tags: readonly string[], listener: LinkListener) {
    this.#listener = listener;
    this.#invites = new InviteRegister(
      cancel => listener.onCancel(cancel),
      update => this.#onRequest(update),
    );
    this.#srf = createSrf(tags);
    this.#srf.use(request => this.#onRequest(request));
    for (const method of routedMethods) this.#srf.use(method, () => {});
    this.#srf.on('error', error => {
      this.#lastError = error.message;
    });
    this.#srf.on('connect', (error, _hostPorts, version) => this.#onConnect(error, version ?? ''));
    this.#srf.on('close', () => this.#onClose());
  }

  open(server: { readonly host: string; readonly port: number; readonly secret: string }): void {
    // One attempt only: the adapter's own back-off starts again with a fresh link.
    this.#srf.connect({ ...server, reconnect: { maxAttempts: 1 } });
  }

  get isReady(): boolean {
    return this.#state === 'ready';
  }

  get #socket(): Socket | undefined {
    return this.#srf.app.client.mapServer.keys().next().value;
  }

  /**
   * The agent keeps one INVITE for each Call-ID, to hand it the CANCEL. Several may have the same (a request that came
   * over two paths, a call that was forked before us), so every CANCEL is taken here instead.
   */
  #takeCancels(socket: Socket | undefined): void {
    const connection = socket === undefined ? undefined : this.#srf.app.client.mapServer.get(socket);
    if (connection === undefined || connection.pendingNetworkInvites === this.#invites) return;
    connection.pendingNetworkInvites = this.#invites;
  }

  #onConnect(error: Error | null, version: string): void {
    if (this.#state === 'closed') return;
    if (error !== null) {
      this.#isClosing = true;
      this.#socket?.destroy();
      this.#state = 'closed';
      this.#listener.onRefused();
      return;
    }
    if (this.#isClosing) {
      this.#socket?.end();
      return;
    }
    this.#state = 'ready';
    this.#takeCancels(this.#socket);
    if (knowsPing(version)) {
      this.#ping = setInterval(() => this.#sendPing(), pingIntervalMs);
      this.#ping.unref();
    }
    this.#listener.onReady(version);
  }

  /** Requests may come before srf reports the connection, which it does two turns late. */
  #onRequest(request: SipRequest): void {
    if (this.#state === 'closed' || this.#isClosing) return;
    this.#takeCancels(request.socket);
    this.#listener.onRequest(request);
  }

  #onClose(): void {
    if (this.#ping !== null) clearInterval(this.#ping);
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#listener.onClosed(this.#lastError);
  }

  /** A server that stops answering without closing the connection is as good as gone. */
  #sendPing(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    if (this.#pingUnanswered >= 2) {
      this.#lastError = 'the server stopped answering';
      socket.destroy();
      return;
    }
    this.#pingUnanswered++;
    this.#send('ping', () => {
      this.#pingUnanswered = 0;
    });
  }

  /** Closes the connection; resolves when it is closed. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#state === 'closed') return;
    const socket = this.#socket;
    if (socket === undefined) {
      this.#onClose();
      return;
    }
    await new Promise<void>(resolve => {
      const timer = setTimeout(() => socket.destroy(), closeGraceMs);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.end();
    });
  }

  /** Everything written in one turn leaves in one system call. Returns false when there is no connection. */
  #send(message: string, onReply: ((fields: readonly string[]) => void) | null): boolean {
    const agent = this.#srf.app.client;
    const socket = this.#socket;
    const connection = socket === undefined ? undefined : agent.mapServer.get(socket);
    if (socket === undefined || connection === undefined || socket.destroyed) return false;
    // A body that is no UTF-8 has grown: each broken octet was read as a character of three. The server would close
    // the connection over a longer frame, and with it every call.
    if (message.length * octetsPerCharacter > longestMessageOctets) {
      if (Buffer.byteLength(message) > longestMessageOctets) return false;
    }
    if (!this.#isCorked) {
      this.#isCorked = true;
      socket.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        socket.uncork();
      });
    }
    const id = agent.wp.send(socket, message);
    if (onReply !== null) connection.pendingRequests.set(id, onReply);
    return true;
  }

  /**
   * Sends a request: in the dialog named, or outside any dialog when `dialogId` is empty. What goes wrong is told
   * to the listener, never at once.
   */
  request(
    method: string,
    uri: string,
    headerLines: string,
    body: string,
    dialogId: string,
    listener: ResponseListener,
  ): Transaction {
    const transaction = new Transaction(this, method, uri, listener);
    const message = `sip||${dialogId}\r\n${method} ${uri} SIP/2.0\r\n${ended(headerLines, body)}`;
    const isSent = this.#send(message, fields => {
      const socket = this.#socket;
      const connection = socket === undefined ? undefined : this.#srf.app.client.mapServer.get(socket);
      if (connection !== undefined) transaction.replied(fields, connection);
    });
    if (!isSent) setImmediate(() => listener.onRefused('the message could not be handed to the SIP server'));
    return transaction;
  }

  /** Cancels a request by the SIP server's id for it; the reply says whether there was anything to cancel. */
  cancel(
    transactionId: string,
    uri: string,
    headerLines: string,
    onReply: (fields: readonly string[]) => void,
  ): void {
    this.#send(`sip|${transactionId}|\r\nCANCEL ${uri} SIP/2.0\r\n${ended(headerLines, '')}`, onReply);
  }

  /** Acknowledges a 2xx. */
  ack(dialogId: string, body: Body): void {
    this.#send(`sip||${dialogId}\r\nACK sip:placeholder SIP/2.0\r\n${ended(body.headers, body.text)}`, null);
  }

  /**
   * Answers a request. `done` is told later whether the server sent it; false means that it knew the transaction no
   * more, as after a CANCEL that crossed.
   */
  respond(
    request: SipRequest,
    status: number,
    phrase: string,
    headerLines: string,
    body: string,
    done: ((isSent: boolean) => void) | null = null,
  ): void {
    if (request.source === 'application') return;
    const head = `SIP/2.0 ${status} ${phrase}\r\n${mirroredLines(request)}`;
    const message = `sip|${request.stackTxnId}|\r\n${head}${ended(headerLines, body)}`;
    const isSent = this.#send(message, done === null ? null : fields => done(fields[0] === 'OK'));
    if (!isSent && done !== null) setImmediate(() => done(false));
  }
}
