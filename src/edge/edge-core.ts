import {
  type Context,
  Counters,
  type Listener,
  type Peer,
  T1_MS,
  type Transport,
  type Wire,
} from './context.ts';
import { digestOf, onFrame } from './control/control.ts';
import { ControlClients } from './control/control-clients.ts';
import { reportRequest } from './control/reports.ts';
import type { Core } from './core.ts';
import { Dialogs } from './dialog/dialog.ts';
import { hangUp } from './dialog/hang-up.ts';
import { onDialogTimer } from './dialog/session-timer.ts';
import { ownResponse } from './message/compose.ts';
import { tagOf } from './message/fields.ts';
import { H } from './message/header-names.ts';
import { parseMessage } from './message/message.ts';
import { parseDecimal } from './message/text.ts';
import { proxyUser } from './proxy/proxy.ts';
import { ClientTransactions } from './transaction/client-transaction.ts';
import { type ServerTransaction, ServerTransactions } from './transaction/server-transaction.ts';
import { Timer, TimerWheel } from './transaction/timers.ts';
import { cancelPendingInvite } from './user-agent/invite-out.ts';
import { onRequest } from './user-agent/requests-in.ts';
import { onResponse, ownUser, requestUser } from './user-agent/responses-in.ts';
import { Sources } from './user-agent/sources.ts';

/** SS_SIP_RESEND_INTERVAL as VOS3000 has it: the waits between transmissions of a request over UDP. */
export const DEFAULT_RESEND_INTERVALS_MS: readonly number[] = [
  500, 1000, 2000, 4000, 4000, 4000, 4000, 4000, 4000, 4000,
];

/** How long calls go on after their client has gone and no other came. */
const ORPHAN_GRACE_MS = 64 * T1_MS;

export interface EdgeCoreOptions {
  readonly secret: string;
  readonly listeners: readonly Listener[];
  readonly resendIntervalsMs: readonly number[];
  readonly wire: Wire;
  /** Milliseconds of a clock that never goes backwards. */
  readonly now: number;
}

/**
 * The whole edge without its sockets: datagrams, control frames and the time go in; what happens comes out through
 * the `Wire`. It reads no clock and makes no random numbers of its own.
 */
export class EdgeCore {
  readonly #core: Core;
  readonly #orphans: Timer;

  constructor(options: EdgeCoreOptions) {
    const { wire } = options;
    const unique = wire.random().slice(0, 8);
    let counter = 0;
    const context: Context = {
      now: options.now,
      wire,
      timers: new TimerWheel(options.now),
      counters: new Counters(),
      listeners: options.listeners,
      resendIntervalsMs: options.resendIntervalsMs,
      nextId: () => {
        counter++;
        return `${unique}${counter.toString(36)}`;
      },
    };
    const get = (): Core => this.#core;
    this.#core = {
      context,
      control: new ControlClients(),
      servers: new ServerTransactions(context, {
        onUnacknowledged: transaction => onUnacknowledged(get(), transaction),
        onUnacknowledgedProvisional: transaction => onUnacknowledgedProvisional(get(), transaction),
        onEnded: transaction => onServerEnded(get(), transaction),
      }),
      clients: new ClientTransactions(context),
      dialogs: new Dialogs(context, {
        onDialogTimer: dialog => onDialogTimer(get(), dialog),
        onDialogEnded: dialog => {
          dialog.serverInvite?.acknowledgeAnswer();
          dialog.serverInvite = null;
        },
      }),
      sources: new Sources(),
      proxied: new Map(),
      secretDigest: digestOf(options.secret),
      branchPrefix: `z9hG4bK${wire.random().slice(0, 10)}`,
      requestUser: requestUser(get),
      ownUser: ownUser(get),
      proxyUser: proxyUser(),
    };
    this.#orphans = new Timer({ onTimer: () => endOrphans(get()) });
  }

  /** A datagram, or one message cut from a TCP stream. */
  receive(source: Peer, text: string, now: number): void {
    const core = this.#core;
    core.context.now = now;
    let message = parseMessage(text);
    // A foolish header line of the callee's must not cost the call: it is left out.
    if (message !== null && !message.isRequest && message.problem !== '') message = parseMessage(text, true);
    if (message === null) {
      // Keep-alives of RFC 5626 and the like are nothing but line ends.
      core.context.counters.add(/^[\r\n\0 ]*$/.test(text) ? 'keepalives_received' : 'garbage_dropped');
      return;
    }
    const length = message.first(H.contentLength);
    if (length !== '') {
      const octets = parseDecimal(length, 0, length.length);
      const present = message.bodyEnd - message.bodyStart;
      if (octets < 0 || octets > present || message.count(H.contentLength) > 1) {
        if (message.problem === '') message.problem = 'Wrong Content-Length';
      } else message.bodyEnd = message.bodyStart + octets;
    } else if (message.bodyEnd > message.bodyStart) message.clean = false;
    if (message.isRequest) onRequest(core, message, source);
    else onResponse(core, message, source);
  }

  /** A message over TCP that was too large to be read whole; `head` is what there is of it. */
  refuseOversized(source: Peer, head: string, now: number): void {
    const core = this.#core;
    core.context.now = now;
    core.context.counters.add('oversized_refused');
    const message = parseMessage(`${head.slice(0, head.lastIndexOf('\n') + 1)}\r\n`);
    if (message === null || !message.isRequest || message.method === 'ACK') return;
    if (message.problem === '') message.problem = 'Message Too Large';
    message.problemStatus = 513;
    onRequest(core, message, source);
  }

  /**
   * Nothing listens at this UDP address, or the TCP connection to it could not be made or broke: the requests that
   * were sent there and not answered have failed.
   */
  unreachable(transport: Transport, address: string, port: number, now: number): void {
    const core = this.#core;
    core.context.now = now;
    core.context.counters.add('destinations_unreachable');
    for (const transaction of core.clients.values()) {
      const { peer, state } = transaction;
      if (state !== 'calling' || peer.port !== port || peer.listener.transport !== transport) continue;
      if (peer.address === address) transaction.unreachable();
    }
  }

  connected(client: number): void {
    this.#core.control.connected(client);
  }

  /** One frame payload of a control client. */
  frame(client: number, payload: string, now: number): void {
    this.#core.context.now = now;
    onFrame(this.#core, client, payload);
  }

  /** True once a control client has authenticated. */
  isAuthenticated(client: number): boolean {
    return this.#core.control.isAlive(client);
  }

  /** A control client has gone: what it was about to do is undone, so that callers hear of it. */
  disconnected(client: number, now: number): void {
    const core = this.#core;
    core.context.now = now;
    const wasAuthenticated = core.control.isAlive(client);
    core.control.gone(client);
    if (!wasAuthenticated) return;
    core.context.counters.add('clients_lost');
    for (const transaction of [...core.servers.values()]) {
      if (transaction.client !== client || transaction.state !== 'proceeding') continue;
      if (transaction.heldAnswer === '') abandonRequest(core, transaction);
    }
    for (const transaction of [...core.clients.values()]) {
      if (transaction.client === client && transaction.canCancel) cancelPendingInvite(core, transaction, '');
    }
    core.context.timers.set(this.#orphans, now + ORPHAN_GRACE_MS);
  }

  isKnownSource(address: string): boolean {
    return this.#core.sources.isKnown(address);
  }

  setKnownSources(sources: readonly string[] | null): void {
    this.#core.sources.set(sources);
  }

  /** Time has passed. */
  tick(now: number): void {
    this.#core.context.now = now;
    this.#core.context.timers.advance(now);
  }

  count(name: string, amount = 1): void {
    this.#core.context.counters.add(name, amount);
  }

  counters(): Record<string, number> {
    const core = this.#core;
    return {
      ...core.context.counters.entries(),
      dialogs: core.dialogs.size,
      server_transactions: core.servers.size,
      client_transactions: core.clients.size,
      timers: core.context.timers.size,
    };
  }
}

/** An answer that nobody acknowledged: the call is hung up and the client told (RFC 3261 §13.3.1.4). */
function onUnacknowledged(core: Core, transaction: ServerTransaction): void {
  const { dialog } = transaction;
  if (dialog === null || dialog.state === 'ended') return;
  if (dialog.serverInvite === transaction) dialog.serverInvite = null;
  hangUp(core, dialog, 'ACK timeout', true);
}

/** No PRACK: the INVITE fails (RFC 3262 §3), and the client hears of it as if the caller had given up. */
function onUnacknowledgedProvisional(core: Core, transaction: ServerTransaction): void {
  const { dialog, client } = transaction;
  const request = transaction.request;
  const branch = request?.first(H.via) ?? '';
  transaction.final(504, ownResponse(transaction, 504, transaction.toTag));
  // It may be confirmed already, by an answer that waited for this PRACK; a re-INVITE leaves it as it was.
  if (dialog !== null && tagOf(transaction.to) === '') core.dialogs.remove(dialog);
  if (client === 0 || dialog === null || request === null) return;
  const cancel = `CANCEL ${request.uri} SIP/2.0\r\nVia: ${branch}\r\nFrom: ${transaction.from}\r\nTo: ${transaction.to}\r\nCall-ID: ${transaction.callId}\r\nCSeq: ${transaction.cseqNumber} CANCEL\r\nReason: SIP ;cause=504 ;text="PRACK timeout"\r\nContent-Length: 0\r\n\r\n`;
  reportRequest(core, client, transaction.id, dialog.id, transaction.source, cancel);
}

/** A request that left the table unanswered leaves nothing behind. */
function onServerEnded(core: Core, transaction: ServerTransaction): void {
  const { dialog } = transaction;
  if (dialog === null) return;
  if (dialog.serverInvite === transaction) dialog.serverInvite = null;
  if (dialog.state === 'early' && transaction.isInvite) core.dialogs.remove(dialog);
  else if (transaction.method === 'BYE') core.dialogs.remove(dialog);
}

function abandonRequest(core: Core, transaction: ServerTransaction): void {
  const { dialog } = transaction;
  const status = transaction.method === 'BYE' ? 200 : 503;
  transaction.final(status, ownResponse(transaction, status, transaction.toTag));
  if (dialog === null) return;
  if (dialog.serverInvite === transaction) dialog.serverInvite = null;
  if (dialog.state === 'early' || transaction.method === 'BYE') core.dialogs.remove(dialog);
}

/** No client has come back: calls that nobody can end or bill any more are hung up. */
function endOrphans(core: Core): void {
  if (core.control.wanting('invite').length > 0) return;
  for (const dialog of [...core.dialogs.values()]) {
    if (core.control.isAlive(dialog.client)) continue;
    core.context.counters.add('orphan_dialogs_ended');
    if (dialog.state === 'confirmed' && dialog.method === 'INVITE')
      hangUp(core, dialog, 'client gone', false);
    else if (dialog.clientInvite === null) core.dialogs.remove(dialog);
  }
}
