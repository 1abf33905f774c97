import type { Context, Peer } from '../context.ts';
import type { SipMessage } from '../message/message.ts';
import type { ClientTransaction } from '../transaction/client-transaction.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { type Expiring, Timer } from '../transaction/timers.ts';

const MAX_TARGETS = 32;

/** What a client asks for with a `proxy` frame. */
export interface ProxyOrder {
  readonly client: number;
  readonly frameId: string;
  readonly transactionId: string;
  readonly recordRoute: boolean;
  readonly fullResponse: boolean;
  readonly followRedirects: boolean;
  readonly simultaneous: boolean;
  /** Milliseconds, 0 for none. */
  readonly provisionalTimeoutMs: number;
  readonly finalTimeoutMs: number;
  readonly destinations: readonly string[];
  /** Headers to add to the request. */
  readonly headers: SipMessage | null;
}

/** What a proxied call asks of the edge. */
export interface ProxyActions {
  launch(call: ProxyCall, target: string): void;
  cancel(branch: ClientTransaction): void;
  finish(call: ProxyCall, text: string, status: number): void;
}

/** A request on its way to one of several targets (RFC 3261 §16). */
export class ProxyCall implements Expiring {
  readonly server: ServerTransaction;
  readonly request: SipMessage;
  readonly order: ProxyOrder;
  readonly #context: Context;
  readonly #actions: ProxyActions;
  readonly #targets: string[];
  readonly #timer: Timer;
  readonly #pending = new Set<ClientTransaction>();
  #launching = 0;
  #next = 0;
  #heard = false;
  #startedAt = 0;
  #best = '';
  #bestStatus = 0;
  #over = false;
  #cancelled = false;

  constructor(context: Context, server: ServerTransaction, order: ProxyOrder, actions: ProxyActions) {
    if (server.request === null) throw new Error('a request that was answered cannot be proxied');
    this.#context = context;
    this.server = server;
    this.request = server.request;
    this.order = order;
    this.#actions = actions;
    this.#targets = order.destinations.slice(0, MAX_TARGETS);
    this.#timer = new Timer(this);
  }

  begin(): void {
    if (this.order.simultaneous) while (this.#next < this.#targets.length) this.#launchNext();
    else this.#launchNext();
  }

  #launchNext(): void {
    const target = this.#targets[this.#next];
    if (target === undefined) return;
    this.#next++;
    this.#heard = false;
    this.#launching++;
    this.#startedAt = this.#context.now;
    this.#arm();
    this.#actions.launch(this, target);
  }

  started(branch: ClientTransaction): void {
    this.#launching--;
    this.#pending.add(branch);
  }

  /** A provisional response came from a branch. */
  heard(): void {
    this.#heard = true;
    this.#arm();
  }

  /** A branch answered 2xx: the others are cancelled. */
  answered(branch: ClientTransaction): void {
    this.#over = true;
    this.#context.timers.clear(this.#timer);
    this.#pending.delete(branch);
    for (const other of this.#pending) this.#actions.cancel(other);
  }

  /** A branch failed; `branch` is null when it could not even be sent. */
  targetFailed(
    branch: ClientTransaction | null,
    text: string,
    status: number,
    redirects: readonly string[] = [],
  ): void {
    if (branch === null) this.#launching--;
    else this.#pending.delete(branch);
    if (this.#over) return;
    if (this.#bestStatus === 0 || status < this.#bestStatus || status >= 600) {
      this.#best = text;
      this.#bestStatus = status;
    }
    if (this.order.followRedirects) {
      for (const redirect of redirects) if (this.#targets.length < MAX_TARGETS) this.#targets.push(redirect);
    }
    if (!this.#cancelled && status < 600 && this.#next < this.#targets.length) {
      this.#launchNext();
      return;
    }
    if (this.#pending.size > 0 || this.#launching > 0) return;
    this.#over = true;
    this.#context.timers.clear(this.#timer);
    this.#actions.finish(this, this.#best, this.#bestStatus);
    this.done();
  }

  cancelAll(): void {
    this.#cancelled = true;
    for (const branch of this.#pending) this.#actions.cancel(branch);
  }

  /** Tells the client of a final response. */
  report(source: Peer, text: string): void {
    if (!this.order.fullResponse) return;
    const { wire } = this.#context;
    wire.control(
      this.order.client,
      `${this.#context.nextId()}|response|${this.order.frameId}|OK|network|${text.length}|${source.listener.transport}|${source.address}|${source.port}|${wire.timeOfDay()}|||continue\r\n${text}`,
    );
  }

  /** Tells the client that there is no more to come. */
  done(): void {
    if (!this.order.fullResponse) return;
    this.#context.wire.control(
      this.order.client,
      `${this.#context.nextId()}|response|${this.order.frameId}|OK|done`,
    );
  }

  onTimer(now: number): void {
    if (this.#over) return;
    const { finalTimeoutMs, provisionalTimeoutMs } = this.order;
    const silent = provisionalTimeoutMs > 0 && !this.#heard && now >= this.#startedAt + provisionalTimeoutMs;
    const late = finalTimeoutMs > 0 && now >= this.#startedAt + finalTimeoutMs;
    if (!silent && !late) {
      this.#arm();
      return;
    }
    // The next target is tried at once; what the slow one says later no longer matters unless it answers.
    for (const branch of this.#pending) this.#actions.cancel(branch);
    if (!this.order.simultaneous && this.#next < this.#targets.length) this.#launchNext();
  }

  #arm(): void {
    const { finalTimeoutMs, provisionalTimeoutMs } = this.order;
    let at = Number.POSITIVE_INFINITY;
    if (provisionalTimeoutMs > 0 && !this.#heard) at = this.#startedAt + provisionalTimeoutMs;
    if (finalTimeoutMs > 0) at = Math.min(at, this.#startedAt + finalTimeoutMs);
    if (at > this.#context.now && at < Number.POSITIVE_INFINITY) this.#context.timers.set(this.#timer, at);
    else this.#context.timers.clear(this.#timer);
  }
}
