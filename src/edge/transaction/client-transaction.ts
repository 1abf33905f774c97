import type { Context, Peer } from '../context.ts';
import { INVITE_LIFE_MS, MAX_TRANSACTIONS, T1_MS, T4_MS, TRANSACTION_LIFE_MS } from '../context.ts';
import type { Dialog } from '../dialog/dialog.ts';
import type { ProxyCall } from '../proxy/proxy-call.ts';
import type { ServerTransaction } from './server-transaction.ts';
import { type Expiring, Timer } from './timers.ts';

/** RFC 3261 §17.1 with RFC 6026: `accepted` is an INVITE that got a 2xx, kept for its retransmissions and for forks. */
type ClientState = 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated';

/** RFC 3261 §13.3.1.4 has a 2xx repeated 11 times at most; the network may double each. */
const ACKS_REPEATED_MAX = 50;

/** What a client transaction reports to whoever sent the request. */
export interface ClientUser {
  /** No final response came: 408, or 503 when nothing listens there. */
  onFailed(transaction: ClientTransaction, status: 408 | 503): void;
  /** A 2xx to INVITE came and its ACK was not asked for within 32 s. */
  onAnswerAbandoned(transaction: ClientTransaction): void;
}

/** Everything that is known of a request when it goes out. */
export interface OutgoingRequest {
  readonly method: string;
  readonly branch: string;
  readonly text: string;
  readonly peer: Peer;
  readonly resendIntervalsMs: readonly number[];
  /** The control client that sent it, 0 for the edge itself. */
  readonly client: number;
  readonly dialog: Dialog | null;
  readonly dialogId: string;
  readonly callId: string;
  readonly cseqNumber: number;
}

export class ClientTransaction implements Expiring {
  /** The id that the client knows this request by. */
  readonly id: string;
  readonly method: string;
  readonly isInvite: boolean;
  readonly branch: string;
  readonly peer: Peer;
  readonly client: number;
  dialog: Dialog | null;
  /** The dialog id in every message about it, '' outside dialogs. */
  readonly dialogId: string;
  readonly callId: string;
  readonly cseqNumber: number;
  readonly user: ClientUser;
  /** The request as sent, until it needs no retransmission, CANCEL or failure response any more. */
  text: string;
  state: ClientState = 'calling';
  /** The ACK as sent, for retransmitted final responses; '' while there is none. */
  ack = '';
  ackPeer: Peer | null = null;
  /** The To tag of the 2xx that made the dialog; other tags are forks. */
  answeredTag = '';
  /** The To tags of forks that were released, so that their retransmissions are known. */
  releasedTags: string[] | null = null;
  /** A CANCEL that waits for the first provisional response, as header lines; null when none was asked for. */
  heldCancel: string | null = null;
  /** Authorization lines of an answered INVITE, for its ACK. */
  credentials = '';
  /** A NOTIFY that says that its subscription is over. */
  endsSubscription = false;
  /** The proxied call that this is a branch of. */
  proxy: ProxyCall | null = null;
  /** The request in a proxied dialog that this passes on. */
  forwardedFor: ServerTransaction | null = null;
  cancelled = false;
  /** The last RSeq of the reliable provisional responses seen, by the To tag of the fork; null while there are none. */
  rseqs: Map<string, number> | null = null;
  readonly #table: ClientTransactions;
  readonly #timer: Timer;
  readonly #intervals: readonly number[];
  #sent = 0;
  #acksRepeated = 0;
  #resendAt: number;
  #deadline: number;

  constructor(table: ClientTransactions, request: OutgoingRequest, user: ClientUser) {
    const now = table.context.now;
    this.#table = table;
    this.#timer = new Timer(this);
    this.id = table.context.nextId();
    this.method = request.method;
    this.isInvite = request.method === 'INVITE';
    this.branch = request.branch;
    this.peer = request.peer;
    this.client = request.client;
    this.dialog = request.dialog;
    this.dialogId = request.dialogId;
    this.callId = request.callId;
    this.cseqNumber = request.cseqNumber;
    this.text = request.text;
    this.user = user;
    this.#intervals = request.resendIntervalsMs;
    let total = T1_MS;
    for (const interval of request.resendIntervalsMs) total += interval;
    this.#deadline = now + total;
    this.#resendAt = this.#isReliable
      ? Number.POSITIVE_INFINITY
      : now + (request.resendIntervalsMs[0] ?? total);
  }

  get #isReliable(): boolean {
    return this.peer.listener.transport === 'tcp';
  }

  /** True while a CANCEL can still do something. */
  get canCancel(): boolean {
    return this.isInvite && (this.state === 'calling' || this.state === 'proceeding');
  }

  start(): void {
    this.#send(this.text);
    this.#arm();
  }

  /** A provisional response came. */
  provisional(): void {
    if (this.state === 'calling') this.state = 'proceeding';
    if (!this.isInvite || this.state !== 'proceeding') return;
    this.#resendAt = Number.POSITIVE_INFINITY;
    if (!this.cancelled) this.#deadline = this.#table.context.now + INVITE_LIFE_MS;
    this.#arm();
  }

  /** A CANCEL went out: the INVITE is given up after 64*T1 even without its 487 (RFC 3261 §9.1). */
  cancelSent(): void {
    this.cancelled = true;
    this.heldCancel = null;
    this.#deadline = this.#table.context.now + TRANSACTION_LIFE_MS;
    this.#arm();
  }

  /** The final response came; true the first time. For a failed INVITE the caller sets `ack` before. */
  final(status: number): boolean {
    if (this.state !== 'calling' && this.state !== 'proceeding') return false;
    this.#resendAt = Number.POSITIVE_INFINITY;
    this.text = '';
    this.heldCancel = null;
    const now = this.#table.context.now;
    if (this.isInvite && status < 300) {
      this.state = 'accepted';
      this.#deadline = now + TRANSACTION_LIFE_MS;
      this.#arm();
      return true;
    }
    this.state = 'completed';
    if (this.#isReliable) this.end();
    else {
      this.#deadline = now + (this.isInvite ? TRANSACTION_LIFE_MS : T4_MS);
      this.#arm();
    }
    return true;
  }

  /** Sends the ACK, and keeps it for retransmitted responses. */
  sendAck(text: string, peer: Peer): void {
    this.ack = text;
    this.ackPeer = peer;
    // Kept for half a minute after the call may be over: it must not keep the dialog.
    if (this.state === 'accepted') this.dialog = null;
    this.#table.context.wire.send(peer, text);
  }

  /** Up to a limit: a peer that answers each ACK with its response again would keep both sides busy without end. */
  repeatAck(): void {
    if (this.ack === '' || this.ackPeer === null) return;
    if (this.#acksRepeated >= ACKS_REPEATED_MAX) {
      this.#table.context.counters.add('acks_withheld');
      return;
    }
    this.#acksRepeated++;
    this.#table.context.counters.add('acks_repeated');
    this.#table.context.wire.send(this.ackPeer, this.ack);
  }

  /** Nothing listens at the other end: over before it began. */
  unreachable(): void {
    if (this.state !== 'calling') return;
    this.end();
    this.user.onFailed(this, 503);
  }

  end(): void {
    if (this.state === 'terminated') return;
    this.state = 'terminated';
    this.#table.context.timers.clear(this.#timer);
    this.#table.remove(this);
  }

  onTimer(now: number): void {
    if (now >= this.#deadline) {
      this.#expire();
      return;
    }
    if (now >= this.#resendAt) {
      this.#table.context.counters.add('requests_resent');
      this.#send(this.text);
      this.#sent++;
      const next = this.#intervals[this.#sent];
      this.#resendAt = next === undefined ? Number.POSITIVE_INFINITY : now + next;
    }
    this.#arm();
  }

  #expire(): void {
    const { state } = this;
    this.end();
    if (state === 'calling' || state === 'proceeding') {
      this.#table.context.counters.add('requests_timed_out');
      this.user.onFailed(this, 408);
    } else if (state === 'accepted' && this.ack === '') {
      this.#table.context.counters.add('answers_abandoned');
      this.user.onAnswerAbandoned(this);
    }
  }

  #send(text: string): void {
    this.#table.context.wire.send(this.peer, text);
  }

  #arm(): void {
    if (this.state === 'terminated') return;
    this.#table.context.timers.set(this.#timer, Math.min(this.#resendAt, this.#deadline));
  }
}

/** All client transactions, by branch (CANCEL apart, it has its INVITE's) and by the id that the client knows. */
export class ClientTransactions {
  readonly context: Context;
  readonly #byBranch = new Map<string, ClientTransaction>();
  readonly #byId = new Map<string, ClientTransaction>();

  constructor(context: Context) {
    this.context = context;
  }

  get size(): number {
    return this.#byBranch.size;
  }

  get isFull(): boolean {
    return this.#byBranch.size >= MAX_TRANSACTIONS;
  }

  find(branch: string, method: string): ClientTransaction | undefined {
    const transaction = this.#byBranch.get(method === 'CANCEL' ? `${branch}|CANCEL` : branch);
    return transaction !== undefined && transaction.method === method ? transaction : undefined;
  }

  byId(id: string): ClientTransaction | undefined {
    return this.#byId.get(id);
  }

  /** Makes a transaction; `start` sends the request, so that the client can be told its id before. */
  add(request: OutgoingRequest, user: ClientUser): ClientTransaction {
    const transaction = new ClientTransaction(this, request, user);
    this.#byBranch.set(keyOf(transaction), transaction);
    this.#byId.set(transaction.id, transaction);
    return transaction;
  }

  remove(transaction: ClientTransaction): void {
    this.#byBranch.delete(keyOf(transaction));
    this.#byId.delete(transaction.id);
  }

  values(): IterableIterator<ClientTransaction> {
    return this.#byId.values();
  }
}

function keyOf(transaction: ClientTransaction): string {
  return transaction.method === 'CANCEL' ? `${transaction.branch}|CANCEL` : transaction.branch;
}
