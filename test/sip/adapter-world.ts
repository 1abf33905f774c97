/** The adapter between two scripted peers over the real embedded edge; the test plays the call core by hand. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { SipOutput } from '../../src/call/outputs.ts';
import { startEdge } from '../../src/edge/edge.ts';
import { SipAdapter } from '../../src/sip/adapter.ts';
import type { SipInput } from '../../src/sip/port.ts';
import { type Message, newDialog, PeerDialog, ScriptedPeer, sdp } from './scripted-peer.ts';

const patienceMs = 4_000;
export const secret = 'a secret of the test';
export const resendIntervalsMs = [500, 1000, 2000, 4000];

type Of<Kind extends SipInput['type']> = Extract<SipInput, { type: Kind }>;

export interface AnsweredCall {
  readonly callId: string;
  readonly caller: PeerDialog;
  readonly callee: PeerDialog;
  /** The INVITE as the gateway got it. */
  readonly invite: Message;
}

/** Stands between the adapter and the edge, so that a test can cut the connection. */
class Relay {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(target: { readonly address: string; readonly port: number }) {
    this.#server = createServer(near => {
      const far = connect(target.port, target.address);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.setNoDelay(true);
        from.on('error', () => {});
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

/** Every world has addresses of its own, so that test files may run side by side. */
export class AdapterWorld {
  readonly caller: ScriptedPeer;
  readonly gateway: ScriptedPeer;
  readonly switchAt: { readonly address: string; readonly port: number };
  readonly edge: Awaited<ReturnType<typeof startEdge>>;
  readonly adapter: SipAdapter;
  readonly #relay: Relay;
  readonly #inputs: SipInput[];
  #waiting: (() => void) | null = null;

  private constructor(parts: {
    caller: ScriptedPeer;
    gateway: ScriptedPeer;
    edge: Awaited<ReturnType<typeof startEdge>>;
    switchAt: { address: string; port: number };
    relay: Relay;
    relayPort: number;
  }) {
    this.caller = parts.caller;
    this.gateway = parts.gateway;
    this.edge = parts.edge;
    this.switchAt = parts.switchAt;
    this.#relay = parts.relay;
    this.#inputs = [];
    let calls = 0;
    this.adapter = new SipAdapter({
      server: { host: '127.0.0.1', port: parts.relayPort, secret },
      embedded: true,
      newCallId: () => `call${++calls}`,
      deliver: input => {
        this.#inputs.push(input);
        this.#waiting?.();
      },
    });
  }

  static async start(port: number, network = '127.0.7'): Promise<AdapterWorld> {
    const switchAt = { address: `${network}.1`, port };
    const edge = await startEdge({
      listen: [
        { transport: 'udp', ...switchAt },
        { transport: 'tcp', ...switchAt },
      ],
      secret,
    });
    const caller = await ScriptedPeer.start('alice', `${network}.2`, port + 1);
    const gateway = await ScriptedPeer.start('acme', `${network}.3`, port + 2);
    const relay = new Relay(edge.control);
    const relayPort = await relay.listen();
    const world = new AdapterWorld({ caller, gateway, edge, switchAt, relay, relayPort });
    await world.adapter.connect();
    return world;
  }

  async stop(): Promise<void> {
    await this.adapter.close();
    this.#relay.close();
    await this.edge.close();
    await this.caller.close();
    await this.gateway.close();
  }

  /** Cuts the connection between the adapter and the edge. */
  breakConnection(): void {
    this.#relay.cut();
  }

  perform(output: SipOutput): void {
    this.adapter.perform(output);
  }

  async input<Kind extends SipInput['type']>(type: Kind): Promise<Of<Kind>> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const index = this.#inputs.findIndex(each => each.type === type);
      if (index >= 0) return this.#inputs.splice(index, 1)[0] as Of<Kind>;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`no ${type}; unread: ${this.#inputs.map(each => each.type).join(' ')}`);
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Inputs that came and were not asked for. */
  unread(): readonly string[] {
    return this.#inputs.map(each => each.type);
  }

  /** Drops every input and message that the test before did not read. */
  forget(): void {
    this.#inputs.length = 0;
    this.caller.forget();
    this.gateway.forget();
  }

  dial(callId: string, leg = 0, caller = '12025550100', callee = '447700900123'): void {
    this.perform({
      type: 'dialLeg',
      callId,
      leg,
      gateway: 'acme',
      address: { host: this.gateway.address, port: this.gateway.port, transport: 'udp' },
      caller,
      callee,
      forwarding: null,
      resendIntervalsMs,
    });
  }

  /** A caller's INVITE that has become a leg at the gateway. */
  async dialled(
    extra: { headers?: readonly string[]; body?: string; contentType?: string } = {},
  ): Promise<{ callId: string; caller: PeerDialog; invite: Message }> {
    const caller = newDialog(this.caller, this.switchAt, '447700900123');
    caller.send('INVITE', { body: sdp(this.caller.address, 4000), ...extra });
    const { callId } = await this.input('invite');
    this.dial(callId);
    const invite = await this.gateway.next('INVITE');
    return { callId, caller, invite };
  }

  /** A call that both sides have answered and acknowledged. */
  async answered(tag = 'to-acme'): Promise<AnsweredCall> {
    const { callId, caller, invite } = await this.dialled();
    this.gateway.respond(invite, 200, 'OK', tag, { body: sdp(this.gateway.address, 6000) });
    await this.input('legAnswered');
    this.perform({ type: 'answer', callId, leg: 0 });
    caller.learn(await this.caller.next('200 INVITE'));
    caller.ack();
    await this.gateway.next('ACK');
    return { callId, caller, callee: PeerDialog.ofRequest(this.gateway, invite, tag), invite };
  }

  /** Hangs up the caller's way, so that nothing of the call is left. */
  async hangUp(call: AnsweredCall): Promise<void> {
    call.caller.send('BYE');
    await this.caller.next('200 BYE');
    await this.input('hangup');
    this.perform({ type: 'hangUp', callId: call.callId, side: 'callee', reason: 'CallerHangup' });
    const bye = await this.gateway.next('BYE');
    this.gateway.respond(bye, 200, 'OK', '');
    await this.idle();
  }

  /** Waits until the adapter remembers no call. */
  async idle(): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      const counters = this.adapter.counters();
      if (counters['calls_known'] === 0 && counters['dialogs_known'] === 0) return;
      await new Promise(resolve => setTimeout(resolve, 10));
    }
    throw new Error(`calls are left: ${JSON.stringify(this.adapter.counters())}`);
  }
}
