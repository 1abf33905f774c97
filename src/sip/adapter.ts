/**
 * SIP ↔ call inputs and outputs. The adapter carries out what the core says and tells what happened; it never
 * decides about calls. This file keeps the connection to the SIP server; the rooms beside it keep the calls.
 */
import type {
  DialLegOutput,
  RelayProvisionalOutput,
  ReleaseLegOutput,
  SendOptionsOutput,
  SipOutput,
} from '../call/outputs.ts';
import { type Logger, silentLogger } from '../diagnostics/logger.ts';
import { tagOf } from './address.ts';
import type { Call, Side, SipContext } from './call.ts';
import { dialLeg, releaseLeg } from './callee-leg.ts';
import { SipCounters } from './counters.ts';
import type { SipMessage, SipRequest } from './drachtio-srf.ts';
import { sendHangUp } from './hang-up.ts';
import { HeardGateways } from './heard-gateways.ts';
import { cancelRelayed, receiveInDialog } from './in-dialog.ts';
import {
  answerCaller,
  receiveCancel,
  receiveInvite,
  rejectCaller,
  relayProvisional,
} from './inbound-call.ts';
import { optionsNotSent, sendOptions } from './options-out.ts';
import { receiveOutOfDialog } from './out-of-dialog.ts';
import type { SipInput, SipPort } from './port.ts';
import { SrfLink } from './srf-link.ts';

export interface SipAdapterOptions {
  readonly server: { readonly host: string; readonly port: number; readonly secret: string };
  /** The embedded edge stands behind, so its extensions may be asked for. */
  readonly embedded: boolean;
  readonly deliver: (input: SipInput) => void;
  readonly log?: Logger;
  /** A new id for each call, unique over restarts. */
  readonly newCallId: () => string;
  /** Named in `User-Agent` and `Server`; without it neither header is sent. */
  readonly userAgent?: string;
  /** A clock that never runs backwards, ms; the process's own when it is left out. */
  readonly nowMs?: () => number;
}

/** The tag that asks the embedded edge for its extensions, and how its version tells that it has them. */
const extensionTag = 'x-class4';
const extensionVersion = '-class4';

const firstRetryMs = 100;
const longestRetryMs = 5_000;

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

export class SipAdapter implements SipPort {
  readonly #options: SipAdapterOptions;
  readonly #log: Logger;
  readonly #counters = new SipCounters();
  /** Outlives connections: the gateways do not go away with the SIP server. */
  readonly #heardGateways: HeardGateways;
  #link: SrfLink | null = null;
  /** What is known of calls, for as long as one connection lasts. */
  #context: SipContext | null = null;
  #waiting: Waiting | null = null;
  #retry: NodeJS.Timeout | null = null;
  #retryDelayMs = firstRetryMs;
  #isReady = false;
  #isClosing = false;

  constructor(options: SipAdapterOptions) {
    this.#options = options;
    this.#log = options.log ?? silentLogger;
    this.#heardGateways = new HeardGateways(options.nowMs ?? (() => performance.now()));
  }

  get connected(): boolean {
    return this.#isReady;
  }

  counters(): Readonly<Record<string, number>> {
    return {
      ...this.#counters.entries(),
      calls_known: this.#context?.calls.size ?? 0,
      dialogs_known: this.#context?.dialogs.size ?? 0,
    };
  }

  /** Keeps trying while the server is not there; only a refused secret ends it. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#open();
    });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#isReady = false;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#context = null;
    this.#waiting?.reject(new Error('The SIP adapter was closed before it had reached the SIP server.'));
    this.#waiting = null;
    await this.#link?.close();
    this.#link = null;
  }

  #open(): void {
    const { server, embedded, newCallId, userAgent, deliver } = this.#options;
    const link = new SrfLink(embedded ? [extensionTag] : [], {
      onReady: version => this.#onReady(version),
      onRefused: () => this.#onRefused(),
      onRequest: request => this.#onRequest(request),
      onCancel: cancel => this.#onCancel(cancel),
      onClosed: reason => this.#onClosed(reason),
    });
    this.#link = link;
    this.#context = {
      link,
      calls: new Map<string, Call>(),
      dialogs: new Map<string, Side>(),
      counters: this.#counters,
      newCallId,
      heardGateways: this.#heardGateways,
      userAgent: userAgent ?? '',
      hasExtensions: false,
      deliver,
    };
    link.open(server);
  }

  #onReady(version: string): void {
    this.#isReady = true;
    this.#retryDelayMs = firstRetryMs;
    if (this.#context !== null) {
      this.#context.hasExtensions = this.#options.embedded && version.includes(extensionVersion);
    }
    this.#log.info('Connected to the SIP server', { version });
    this.#waiting?.resolve();
    this.#waiting = null;
  }

  #onRefused(): void {
    const { host, port } = this.#options.server;
    const message = `The SIP server at ${host}:${port} refused the secret: give class4 the secret that stands in the server's own configuration.`;
    this.#context = null;
    if (this.#waiting !== null) {
      this.#waiting.reject(new Error(message));
      this.#waiting = null;
      return;
    }
    this.#log.error('The SIP server refused the secret', { host, port });
    this.#retryDelayMs = longestRetryMs;
    this.#scheduleRetry();
  }

  #onClosed(reason: string): void {
    const wasReady = this.#isReady;
    this.#isReady = false;
    this.#context = null;
    if (this.#isClosing) return;
    const { host, port } = this.#options.server;
    if (wasReady) {
      this.#counters.connectionsLost++;
      this.#log.error('Lost the SIP server', { host, port, reason });
      this.#options.deliver({ type: 'sipServerLost' });
    } else {
      this.#log.warn('Cannot reach the SIP server', { host, port, reason, retryMs: this.#retryDelayMs });
    }
    this.#scheduleRetry();
  }

  #scheduleRetry(): void {
    if (this.#isClosing || this.#retry !== null) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#open();
    }, this.#retryDelayMs);
    this.#retryDelayMs = Math.min(this.#retryDelayMs * 2, longestRetryMs);
  }

  #onRequest(request: SipRequest): void {
    const context = this.#context;
    if (context === null) return;
    const side = dialogOf(context, request.stackDialogId, request.msg);
    if (side !== undefined) receiveInDialog(context, side, request);
    else if (request.msg.method === 'INVITE' && tagOf(request.msg.headers['to'] ?? '') === '') {
      receiveInvite(context, request);
    } else receiveOutOfDialog(context, request);
  }

  #onCancel(cancel: SipMessage): void {
    const context = this.#context;
    if (context === null) return;
    const side = dialogOf(context, undefined, cancel);
    const isOfDialog = side !== undefined && (side.role === 'callee' || side.state === 'confirmed');
    if (isOfDialog) cancelRelayed(side, cancel);
    else receiveCancel(context, cancel);
  }

  perform(output: SipOutput): void {
    if (output.type === 'sendOptions') this.#ask(output);
    else this.#performOnCall(output);
  }

  #ask(output: SendOptionsOutput): void {
    const context = this.#context;
    if (context !== null && this.#isReady) {
      sendOptions(context, output);
      return;
    }
    setImmediate(() => {
      if (!this.#isClosing) this.#options.deliver(optionsNotSent(output));
    });
  }

  #performOnCall(output: Exclude<SipOutput, SendOptionsOutput>): void {
    const context = this.#context;
    const call = context?.calls.get(output.callId);
    if (context === null || call === undefined) {
      if (output.type === 'dialLeg') this.#failUndialled(output);
      return;
    }
    switch (output.type) {
      case 'dialLeg': {
        if (call.caller.state === 'early') dialLeg(context, call, output);
        else this.#failUndialled(output);
        return;
      }
      case 'reject':
        rejectCaller(context, call, output.status, output.reason, output.silent);
        return;
      case 'hangUp': {
        const side = output.side === 'caller' ? call.caller : call.connectedLeg;
        if (side !== null) sendHangUp(context, side, output.reason);
        return;
      }
      case 'answer':
        if (call.connectedLeg?.number === output.leg) answerCaller(context, call);
        return;
      case 'relayProvisional':
      case 'releaseLeg':
        this.#performOnLeg(context, call, output);
        return;
    }
  }

  #performOnLeg(context: SipContext, call: Call, output: RelayProvisionalOutput | ReleaseLegOutput): void {
    const leg = call.legs.find(each => each.number === output.leg);
    if (leg === undefined) return;
    if (output.type === 'relayProvisional')
      relayProvisional(context, call, leg, output.status, output.reason);
    else releaseLeg(context, leg);
  }

  /** There is nothing to dial for any more; the core hears of it like of any other attempt that failed. */
  #failUndialled(output: DialLegOutput): void {
    setImmediate(() => {
      if (this.#isClosing) return;
      this.#options.deliver({
        type: 'legFailed',
        callId: output.callId,
        leg: output.leg,
        status: 503,
        reason: 'the caller or the SIP server is gone',
        origin: 'unreachable',
        retryAfterSeconds: null,
      });
    });
  }
}

/**
 * The dialog that a request belongs to: as the SIP server names it, else by its own tags. The name is Call-ID and
 * the From tag of the dialog's first INVITE, which is the From tag of the caller's requests and the To tag of the
 * callee's.
 */
function dialogOf(context: SipContext, stackDialogId: string | undefined, msg: SipMessage): Side | undefined {
  if (stackDialogId) {
    const side = context.dialogs.get(stackDialogId);
    if (side !== undefined) return side;
  }
  const { headers } = msg;
  const toTag = tagOf(headers['to'] ?? '');
  if (toTag === '') return undefined;
  const callId = headers['call-id'] ?? '';
  return (
    context.dialogs.get(`${callId};from-tag=${tagOf(headers['from'] ?? '')}`) ??
    context.dialogs.get(`${callId};from-tag=${toTag}`)
  );
}
