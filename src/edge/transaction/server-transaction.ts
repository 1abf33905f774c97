import type { Context, Peer } from '../context.ts';
import { INVITE_LIFE_MS, MAX_TRANSACTIONS, T1_MS, T2_MS, T4_MS, TRANSACTION_LIFE_MS } from '../context.ts';
import type { Dialog } from '../dialog/dialog.ts';
import { ownResponse, type ResponseBase } from '../message/compose.ts';
import { parseCSeq, type Via } from '../message/fields.ts';
import { H } from '../message/header-names.ts';
import type { SipMessage } from '../message/message.ts';
import { responsePeer, responseVias } from '../message/via.ts';
import type { ProxyCall } from '../proxy/proxy-call.ts';
import { type Expiring, Timer } from './timers.ts';

/**
 * RFC 3261 §17.2 with RFC 6026. `accepted` is an INVITE answered 2xx: the answer is sent again until `acknowledged`.
 * `silent` is a request that the client wants to leave without any answer: its retransmissions are absorbed.
 */
export type ServerState = 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'silent' | 'terminated';

/** Reliable provisional responses that wait for the PRACK of the one before. */
const MAX_RELIABLE_WAITING = 16;

/** What a server transaction reports to whoever answers it. */
export interface ServerUser {
  /** A 2xx was sent for 32 s and no ACK came. */
  onUnacknowledged(transaction: ServerTransaction): void;
  /** A reliable provisional response was not acknowledged for 32 s (RFC 3262 §3). */
  onUnacknowledgedProvisional(transaction: ServerTransaction): void;
  /** It has left the table for good. */
  onEnded(transaction: ServerTransaction): void;
}

/** A reliable provisional response that waits for its PRACK. */
export interface ReliableProvisional {
  readonly text: string;
  readonly rseq: number;
  readonly hasBody: boolean;
}

export class ServerTransaction implements Expiring, ResponseBase {
  /** The id that the client knows this request by. */
  readonly id: string;
  readonly key: string;
  readonly method: string;
  readonly isInvite: boolean;
  /** Where the request came from. */
  readonly source: Peer;
  /** Where responses go. */
  readonly peer: Peer;
  vias: string;
  from: string;
  to: string;
  callId: string;
  cseq: string;
  readonly cseqNumber: number;
  /** The request, until it has its final response. */
  request: SipMessage | null;
  state: ServerState = 'proceeding';
  /** The control client that handles it, 0 while nobody does. */
  client = 0;
  dialog: Dialog | null = null;
  /** The To tag of every response from the first one above 100 on. */
  toTag = '';
  /** It belongs to no call and waits for the client. */
  isStandAlone = false;
  /** What a retransmitted request is answered with, '' while there is nothing. */
  lastResponse = '';
  acknowledged = false;
  /** Set when the client had it proxied. */
  proxy: ProxyCall | null = null;
  /** Reliable provisional responses: the one on the wire, those that wait for it, and a 2xx that waits for both. */
  reliable: ReliableProvisional | null = null;
  reliableQueue: ReliableProvisional[] | null = null;
  heldAnswer = '';
  lastRseq = 0;
  readonly #table: ServerTransactions;
  readonly #timer: Timer;
  readonly #viaPort: number;
  #resendAt = Number.POSITIVE_INFINITY;
  #interval = T1_MS;
  #deadline: number;

  constructor(table: ServerTransactions, key: string, request: SipMessage, via: Via, source: Peer) {
    const context = table.context;
    this.#table = table;
    this.#timer = new Timer(this);
    this.id = context.nextId();
    this.key = key;
    this.request = request;
    this.method = request.method;
    this.isInvite = request.method === 'INVITE';
    this.source = source;
    this.peer = responsePeer(via, source);
    this.#viaPort = via.port === 0 ? 5060 : via.port;
    this.vias = responseVias(request, via, source);
    this.from = request.first(H.from);
    this.to = request.first(H.to);
    this.callId = request.first(H.callId);
    this.cseq = request.first(H.cseq);
    this.cseqNumber = parseCSeq(this.cseq)?.number ?? 0;
    // A request other than INVITE that nobody answers in time is past answering (RFC 4320 §4.2).
    this.#deadline = context.now + (this.isInvite ? INVITE_LIFE_MS : TRANSACTION_LIFE_MS + T4_MS);
    this.#arm();
  }

  get isReliableTransport(): boolean {
    return this.source.listener.transport === 'tcp';
  }

  /** Sends a provisional response and keeps it for retransmitted requests. */
  provisional(text: string): void {
    if (this.state !== 'proceeding') return;
    this.lastResponse = text;
    this.#send(text);
  }

  /** Sends a reliable provisional response, after those before it were acknowledged. */
  reliableProvisional(text: string, rseq: number, hasBody: boolean): void {
    const response = { text, rseq, hasBody };
    if (this.reliable !== null) {
      if (this.reliableQueue === null) this.reliableQueue = [];
      this.reliableQueue.push(response);
      return;
    }
    this.#startReliable(response);
  }

  #startReliable(response: ReliableProvisional): void {
    const now = this.#table.context.now;
    this.reliable = response;
    this.lastResponse = response.text;
    this.#interval = T1_MS;
    this.#resendAt = now + T1_MS;
    this.#deadline = now + TRANSACTION_LIFE_MS;
    this.#send(response.text);
    this.#arm();
  }

  /** A PRACK named this reliable response; false when it is not the one that waits. */
  provisionalAcknowledged(rseq: number): boolean {
    if (this.reliable === null || this.reliable.rseq !== rseq) return false;
    this.reliable = null;
    if (this.state !== 'proceeding') return true;
    this.#resendAt = Number.POSITIVE_INFINITY;
    this.#deadline = this.#table.context.now + INVITE_LIFE_MS;
    const next = this.reliableQueue?.shift();
    if (next !== undefined) this.#startReliable(next);
    else if (this.heldAnswer !== '') {
      const answer = this.heldAnswer;
      this.heldAnswer = '';
      this.final(200, answer);
    } else this.#arm();
    return true;
  }

  get isReliableQueueFull(): boolean {
    return (this.reliableQueue?.length ?? 0) >= MAX_RELIABLE_WAITING;
  }

  /** True when a 2xx must wait for a PRACK because the provisional carries an offer or answer (RFC 3262 §3). */
  get answerMustWait(): boolean {
    return this.reliable?.hasBody === true || (this.reliableQueue?.some(each => each.hasBody) ?? false);
  }

  /** Sends the final response. */
  final(status: number, text: string): void {
    if (this.state !== 'proceeding') return;
    const now = this.#table.context.now;
    this.#table.answered(this);
    this.request = null;
    this.reliable = null;
    this.reliableQueue = null;
    this.heldAnswer = '';
    this.lastResponse = text;
    this.#interval = T1_MS;
    this.#resendAt = Number.POSITIVE_INFINITY;
    this.#deadline = now + TRANSACTION_LIFE_MS;
    if (this.isInvite && status < 300) {
      this.state = 'accepted';
      this.#resendAt = now + T1_MS;
    } else {
      this.state = 'completed';
      if (!this.isInvite) this.#forgetRequest();
      else if (!this.isReliableTransport) this.#resendAt = now + T1_MS;
    }
    this.#send(text);
    if (!this.isInvite && this.isReliableTransport) this.end();
    else this.#arm();
  }

  /** Forgets the request without any answer; retransmissions are absorbed as long as they may come. */
  silence(): void {
    if (this.state !== 'proceeding') return;
    this.#table.answered(this);
    this.state = 'silent';
    this.request = null;
    this.lastResponse = '';
    this.reliable = null;
    this.#resendAt = Number.POSITIVE_INFINITY;
    this.#deadline = this.#table.context.now + TRANSACTION_LIFE_MS;
    this.#arm();
  }

  /** The same request again. */
  retransmitted(): void {
    this.#table.context.counters.add('requests_retransmitted');
    if (this.lastResponse === '' || this.state === 'confirmed' || this.state === 'accepted') return;
    this.#send(this.lastResponse);
  }

  /** An ACK with this transaction's branch: it acknowledges a failure. */
  acknowledgeFailure(): void {
    if (this.state !== 'completed' || !this.isInvite) return;
    if (this.isReliableTransport) {
      this.end();
      return;
    }
    this.state = 'confirmed';
    this.lastResponse = '';
    this.dialog = null;
    this.#forgetRequest();
    this.#resendAt = Number.POSITIVE_INFINITY;
    this.#deadline = this.#table.context.now + T4_MS;
    this.#arm();
  }

  /** The ACK to the 2xx has come, with a branch of its own. */
  acknowledgeAnswer(): void {
    if (this.state !== 'accepted' || this.acknowledged) return;
    this.acknowledged = true;
    this.lastResponse = '';
    this.#resendAt = Number.POSITIVE_INFINITY;
    this.dialog = null;
    this.proxy = null;
    this.#forgetRequest();
    this.#arm();
  }

  /** The answer came from further on, and so does its ACK and any repetition (RFC 3261 §16.7). */
  handOver(): void {
    if (this.state !== 'accepted') return;
    this.acknowledged = true;
    this.#resendAt = Number.POSITIVE_INFINITY;
    this.#arm();
  }

  /**
   * All that is left to do is to absorb retransmissions for half a minute. A busy edge has tens of thousands of these,
   * and each string cut from the request would keep the whole of it.
   */
  #forgetRequest(): void {
    this.vias = '';
    this.from = '';
    this.to = '';
    this.callId = '';
    this.cseq = '';
  }

  end(): void {
    if (this.state === 'terminated') return;
    this.state = 'terminated';
    this.#table.context.timers.clear(this.#timer);
    this.#table.answered(this);
    this.#table.remove(this);
    this.#table.user.onEnded(this);
  }

  onTimer(now: number): void {
    if (now >= this.#deadline) {
      this.#expire();
      return;
    }
    if (now >= this.#resendAt) {
      this.#table.context.counters.add('responses_retransmitted');
      this.#send(
        this.state === 'proceeding' && this.reliable !== null ? this.reliable.text : this.lastResponse,
      );
      // A reliable provisional response backs off without a ceiling (RFC 3262 §3), the others up to T2.
      this.#interval = this.state === 'proceeding' ? this.#interval * 2 : Math.min(this.#interval * 2, T2_MS);
      this.#resendAt = now + this.#interval;
    }
    this.#arm();
  }

  #expire(): void {
    const { context, user } = this.#table;
    if (this.state === 'accepted' && !this.acknowledged) {
      this.acknowledged = true;
      context.counters.add('answers_unacknowledged');
      user.onUnacknowledged(this);
    } else if (this.state === 'proceeding' && this.reliable !== null) {
      context.counters.add('provisionals_unacknowledged');
      user.onUnacknowledgedProvisional(this);
      if (this.state !== 'proceeding') return;
    } else if (this.state === 'proceeding') {
      context.counters.add('requests_unanswered');
      if (this.isInvite) {
        this.final(408, ownResponse(this, 408, this.toTag));
        return;
      }
    } else if (this.state === 'completed' && this.isInvite) context.counters.add('failures_unacknowledged');
    this.end();
  }

  #send(text: string): void {
    const { wire } = this.#table.context;
    const { peer } = this;
    if (peer.connection === 0 || wire.isOpen(peer.connection)) wire.send(peer, text);
    // The connection is gone: a new one to the address of the Via (RFC 3261 §18.2.2).
    else wire.send({ ...peer, port: this.#viaPort, connection: 0 }, text);
  }

  #arm(): void {
    this.#table.context.timers.set(this.#timer, Math.min(this.#resendAt, this.#deadline));
  }
}

/** All server transactions, by the key of RFC 3261 §17.2.3 and by the id that the client knows. */
export class ServerTransactions {
  readonly context: Context;
  readonly user: ServerUser;
  readonly #byKey = new Map<string, ServerTransaction>();
  readonly #byId = new Map<string, ServerTransaction>();
  #standAlone = 0;

  constructor(context: Context, user: ServerUser) {
    this.context = context;
    this.user = user;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** How many requests outside calls wait for the client. */
  get standAlone(): number {
    return this.#standAlone;
  }

  /** This one waits too, until `answered`. */
  awaitAnswer(transaction: ServerTransaction): void {
    transaction.isStandAlone = true;
    this.#standAlone++;
  }

  answered(transaction: ServerTransaction): void {
    if (!transaction.isStandAlone) return;
    transaction.isStandAlone = false;
    this.#standAlone--;
  }

  find(key: string): ServerTransaction | undefined {
    return this.#byKey.get(key);
  }

  byId(id: string): ServerTransaction | undefined {
    return this.#byId.get(id);
  }

  /** A transaction for a new request; undefined when the table is full. */
  add(key: string, request: SipMessage, via: Via, source: Peer): ServerTransaction | undefined {
    if (this.#byKey.size >= MAX_TRANSACTIONS) return undefined;
    const transaction = new ServerTransaction(this, key, request, via, source);
    this.#byKey.set(key, transaction);
    this.#byId.set(transaction.id, transaction);
    return transaction;
  }

  remove(transaction: ServerTransaction): void {
    this.#byKey.delete(transaction.key);
    this.#byId.delete(transaction.id);
  }

  values(): IterableIterator<ServerTransaction> {
    return this.#byId.values();
  }
}
