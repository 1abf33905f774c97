/** A vendor's gateway that does what a scenario says, on a socket of its own. */
import type { DialLegOutput } from '../../../src/call/outputs.ts';
import type { CallBehaviour } from '../../../src/sim/scenario/behaviour.ts';
import type { PlayedAttempt } from '../../../src/sim/scenario/played.ts';
import { phraseOf } from '../../../src/sim/world/phrases.ts';
import type { SocketAddress } from './endpoint.ts';
import { GatewayLeg, type LegOptions } from './gateway-leg.ts';
import { type Message, responseText, uriOf, userOf } from './message.ts';

/** What RFC 3261 §25.1 lets stand in a user part, without a password; then a host and perhaps more. */
const sipUri = /^sip:(?:(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/]|%[0-9A-Fa-f]{2})+@)?[A-Za-z0-9.[\]:;=-]+$/;

/** An INVITE that the switch has decided to send. */
export interface ExpectedInvite {
  readonly dial: DialLegOutput;
  readonly behaviour: CallBehaviour;
}

export class GatewayPeer {
  /** Answer to OPTIONS; null for none. */
  optionsStatus: number | null = null;
  readonly #options: LegOptions;
  readonly #onAttempt: (dial: DialLegOutput, attempt: PlayedAttempt) => void;
  readonly #expected: ExpectedInvite[] = [];
  readonly #legs = new Map<string, GatewayLeg>();
  #count = 0;

  constructor(options: LegOptions, onAttempt: (dial: DialLegOutput, attempt: PlayedAttempt) => void) {
    this.#options = options;
    this.#onAttempt = onAttempt;
    options.endpoint.onMessage((message, from) => this.#receive(message, from));
  }

  get address(): SocketAddress {
    return this.#options.endpoint.local;
  }

  get isQuiet(): boolean {
    for (const leg of this.#legs.values()) if (!leg.isQuiet) return false;
    return this.#expected.length === 0;
  }

  /** INVITEs that were handed to the SIP server and have not come. */
  get awaited(): number {
    return this.#expected.length;
  }

  expect(invite: ExpectedInvite): void {
    this.#expected.push(invite);
  }

  /** The switch was killed. */
  orphanAll(): void {
    this.#expected.length = 0;
    for (const leg of this.#legs.values()) leg.orphan();
  }

  finish(): void {
    for (const leg of this.#legs.values()) leg.finish();
    if (this.#expected.length > 0) this.#violate('inviteMissing', 'an INVITE of the switch never came', null);
  }

  #receive(message: Message, from: SocketAddress): void {
    const leg = this.#legs.get(message.callId);
    if (leg !== undefined) leg.receive(message);
    else if (message.status !== null) this.#violate('strayResponse', message.startLine, message.callId);
    else if (message.method === 'INVITE') this.#receiveInvite(message, from);
    else if (message.method === 'OPTIONS') this.#receiveOptions(message, from);
    else {
      this.#violate('requestWithoutDialog', message.startLine, message.callId);
      if (message.method === 'ACK') return;
      this.#options.endpoint.send(responseText(message, 481, phraseOf(481), 'none'), from);
    }
  }

  #receiveInvite(invite: Message, from: SocketAddress): void {
    const { endpoint, gateway, clock } = this.#options;
    const expected = this.#expected.shift();
    if (expected === undefined || invite.toTag !== '') {
      this.#violate('inviteFromNowhere', 'an INVITE that the switch did not decide on', invite.callId);
      endpoint.send(responseText(invite, 481, phraseOf(481), 'none'), from);
      return;
    }
    const { dial, behaviour } = expected;
    this.#checkInvite(invite);
    const from_ = uriOf(invite.header('From'));
    const diversion = invite.header('Diversion');
    this.#onAttempt(dial, {
      gateway,
      atMs: clock(),
      caller: from_ === 'sip:anonymous@anonymous.invalid' ? '' : userOf(from_),
      callee: userOf(invite.requestUri),
      forwarding: diversion === '' ? null : userOf(uriOf(diversion)),
    });
    this.#count++;
    const toTag = `${gateway.replace(/[^A-Za-z0-9]/g, '')}${this.#count}`;
    this.#legs.set(invite.callId, new GatewayLeg(this.#options, invite, from, behaviour, toTag));
  }

  #checkInvite(invite: Message): void {
    const problems: string[] = [];
    if (!invite.branch.startsWith('z9hG4bK')) problems.push(`branch ${invite.branch}`);
    if (invite.fromTag === '') problems.push('no From tag');
    for (const uri of [invite.requestUri, uriOf(invite.header('From')), uriOf(invite.header('To'))]) {
      if (!sipUri.test(uri)) problems.push(`no SIP URI: ${uri}`);
    }
    if (!/^\d+$/.test(invite.header('Max-Forwards'))) problems.push('no Max-Forwards');
    if (uriOf(invite.header('Contact')) === '') problems.push('no Contact');
    if (!invite.body.startsWith('v=0')) problems.push('no session description');
    if (userOf(uriOf(invite.header('To'))) !== userOf(invite.requestUri))
      problems.push('To is not whom it asks for');
    for (const problem of problems) this.#violate('inviteWrong', problem, invite.callId);
  }

  #receiveOptions(request: Message, from: SocketAddress): void {
    if (this.optionsStatus === null) return;
    const phrase = phraseOf(this.optionsStatus);
    this.#options.endpoint.send(responseText(request, this.optionsStatus, phrase, 'options'), from);
  }

  #violate(invariant: string, detail: string, callId: string | null): void {
    this.#options.watcher.violate(invariant, `${this.#options.gateway}: ${detail}`, callId);
  }
}
