/**
 * The parts of drachtio-srf (5.0.29, unmodified) that this room uses, typed in one place. The library's own types
 * leave out the agent, whose lower level the hot path speaks to: `srf.request`, `createUAC` and `res.send` parse
 * every echo of what we sent and serialise their arguments for a debug line that is off, which together cost more
 * than the whole budget of a call. The connection, its authentication and framing, the SIP parser and the matching
 * of responses to requests remain the library's.
 */
import type { Socket } from 'node:net';
import Srf from 'drachtio-srf';

/**
 * A parsed SIP message. The names of headers that the library knows are in lower case, with compact forms expanded;
 * others stand as they were written. Repeated headers are comma-joined.
 */
export interface SipMessage {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | undefined;
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  readonly reason: string;
  readonly raw: string | undefined;
}

/** A request that the SIP server handed up. */
export interface SipRequest {
  readonly msg: SipMessage;
  /** `application` is a request the SIP server made itself (the BYE after a lost ACK). */
  readonly source: string;
  readonly source_address: string | undefined;
  readonly source_port: number;
  readonly protocol: string | undefined;
  readonly stackTxnId: string;
  readonly stackDialogId: string | undefined;
  readonly socket: Socket;
}

/** A response to a request of ours. */
export interface SipResponse {
  readonly msg: SipMessage;
  /** Empty for a response that the SIP server made itself. */
  readonly source_address: string | undefined;
  readonly stackDialogId: string | undefined;
}

/**
 * What the agent needs of the object it files under the transaction of a request we sent: it hands responses to
 * `emit`, and reads the rest.
 */
export interface FiledRequest {
  readonly method: string;
  readonly auth: undefined;
  socket: Socket | undefined;
  has(header: string): boolean;
  get(header: string): string | undefined;
  emit(event: string, message: SipResponse | SipRequest): boolean;
}

/** Fields of the server's reply from the fourth on: `OK` or `NOK` first. */
export type ReplyHandler = (fields: readonly string[], raw: string | undefined) => void;

/** What the agent asks of its table of INVITEs, when a CANCEL or UPDATE comes. */
interface PendingInvites {
  readonly size: number;
  has(callId: string): boolean;
  get(callId: string): unknown;
  set(callId: string, invite: unknown): unknown;
  delete(callId: string): boolean;
}

/** Stands in for the agent's table: remembers nothing and hands on every CANCEL and UPDATE. */
export class InviteRegister implements PendingInvites {
  readonly size = 0;
  readonly #entry: { readonly req: object };

  constructor(onCancel: (cancel: SipMessage) => void, onUpdate: (update: SipRequest) => void) {
    this.#entry = {
      req: {
        listenerCount: () => 1,
        emit(event: string, message: SipMessage | SipRequest): boolean {
          if (event === 'cancel') onCancel(message as SipMessage);
          else onUpdate(message as SipRequest);
          return true;
        },
      },
    };
  }

  has(): boolean {
    return true;
  }

  get(): unknown {
    return this.#entry;
  }

  set(): this {
    return this;
  }

  delete(): boolean {
    return false;
  }
}

export interface SrfConnection {
  readonly pendingRequests: Map<string, ReplyHandler>;
  readonly pendingSipRequests: Map<string, { readonly req: FiledRequest }>;
  pendingNetworkInvites: PendingInvites;
}

export interface SrfAgent {
  readonly mapServer: Map<Socket, SrfConnection>;
  readonly wp: { send(socket: Socket, message: string): string };
}

export interface SrfInstance {
  readonly app: { readonly client: SrfAgent; route?(verb: string): void };
  use(handler: (request: SipRequest) => void): void;
  use(verb: string, handler: () => void): void;
  on(
    event: 'connect',
    listener: (error: Error | null, hostPorts: string, version: string | null) => void,
  ): void;
  on(event: 'error', listener: (error: Error) => void): void;
  on(event: 'close', listener: () => void): void;
  connect(options: {
    readonly host: string;
    readonly port: number;
    readonly secret: string;
    readonly reconnect: { readonly maxAttempts: number };
  }): void;
}

/** A fresh, unconnected instance; tags are sent at authentication. */
export function createSrf(tags: readonly string[]): SrfInstance {
  return new Srf([...tags]) as unknown as SrfInstance;
}
