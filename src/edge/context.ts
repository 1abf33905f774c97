import type { TimerWheel } from './transaction/timers.ts';

export type Transport = 'udp' | 'tcp';

/** A SIP listener as the core sees it: what to write into Via and Contact, and a number the driver knows it by. */
export interface Listener {
  readonly index: number;
  readonly transport: Transport;
  readonly family: 4 | 6;
  /** The address it is bound to; may be a wildcard. */
  readonly bound: string;
  /** The address that peers are told. */
  readonly address: string;
  readonly port: number;
  /** `address:port` as it stands in Via and Contact, IPv6 in brackets. */
  readonly hostPort: string;
}

/** Where a message came from, or goes to. */
export interface Peer {
  readonly listener: Listener;
  readonly address: string;
  readonly port: number;
  /** The driver's number for a TCP connection, 0 for UDP or when there is none yet. */
  readonly connection: number;
}

/** A place to send to after names have been looked up. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/** Everything the core does to the world. The driver implements it with sockets, tests with arrays. */
export interface Wire {
  /** Sends a SIP message; over TCP it opens a connection when `peer.connection` is 0 or gone. */
  send(peer: Peer, text: string): void;
  /** True while this TCP connection can carry messages. */
  isOpen(connection: number): boolean;
  /** Queues one frame payload (without its length) for a control client. */
  control(client: number, payload: string): void;
  /** Closes a control client after what is queued for it was written. */
  closeControl(client: number): void;
  /** Finds the address of a host name; `done` is called once, later or at once, with null when there is none. */
  lookup(
    host: string,
    port: number,
    transport: Transport,
    family: 4 | 6 | 0,
    done: (target: Target | null) => void,
  ): void;
  /** The wall-clock time of day as `hh:mm:ss.usec`, for the meta fields of the control protocol. */
  timeOfDay(): string;
  /** At least 96 random bits as letters and digits. */
  random(): string;
}

/** Intervals of RFC 3261 §17 and the edge's own bounds. */
export const T1_MS = 500;
export const T2_MS = 4000;
export const T4_MS = 5000;
export const TRANSACTION_LIFE_MS = 64 * T1_MS;
/** The wait for a final response to an INVITE that was answered provisionally; the application normally ends it sooner. */
export const INVITE_LIFE_MS = 3_600_000;
/** A dialog with no SIP message for this long is forgotten. */
export const DIALOG_IDLE_MS = 24 * 3_600_000;
export const MAX_TRANSACTIONS = 400_000;
export const MAX_DIALOGS = 200_000;
export const MAX_VIAS = 64;
/** Lowest session interval that is accepted (RFC 4028 §5). */
export const MIN_SESSION_SECONDS = 90;

/** Counts events by documented names; see docs/edge.md. */
export class Counters {
  readonly #values = new Map<string, number>();

  add(name: string, amount = 1): void {
    this.#values.set(name, (this.#values.get(name) ?? 0) + amount);
  }

  get(name: string): number {
    return this.#values.get(name) ?? 0;
  }

  entries(): Record<string, number> {
    return Object.fromEntries([...this.#values].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** What all the machines share. `now` is set by the driver before each input. */
export interface Context {
  now: number;
  readonly wire: Wire;
  readonly timers: TimerWheel;
  readonly counters: Counters;
  readonly listeners: readonly Listener[];
  readonly resendIntervalsMs: readonly number[];
  /** A process-wide unique id, short. It can be guessed, so it never goes on the wire. */
  nextId(): string;
}

/** A fresh tag or Call-ID: random and nothing else, so that it tells neither how busy we are nor which calls belong together. */
export function freshToken(context: Context): string {
  return context.wire.random();
}
