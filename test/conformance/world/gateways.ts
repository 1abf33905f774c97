/** The vendors of a world: a socket for each routing gateway, and what each of them does with the next INVITE. */
import type { DialLegOutput, SendOptionsOutput } from '../../../src/call/outputs.ts';
import type { HostPort, Snapshot } from '../../../src/config/snapshot.ts';
import type { GatewayBehaviour } from '../../../src/sim/scenario/behaviour.ts';
import type { PlayedAttempt } from '../../../src/sim/scenario/played.ts';
import type { Scenario } from '../../../src/sim/scenario/scenario.ts';
import { behaviourFor } from '../../../src/sim/world/chance.ts';
import { Endpoint } from '../peers/endpoint.ts';
import type { LegOptions } from '../peers/gateway-leg.ts';
import { GatewayPeer } from '../peers/gateway-peer.ts';
import type { WorldAddresses } from './addresses.ts';

export interface GatewaysOptions extends Omit<LegOptions, 'endpoint' | 'gateway'> {
  readonly addresses: WorldAddresses;
  readonly onAttempt: (dial: DialLegOutput, attempt: PlayedAttempt) => void;
}

interface Gateway {
  readonly peer: GatewayPeer;
  readonly endpoint: Endpoint;
  behaviour: GatewayBehaviour;
  invites: number;
}

export class Gateways {
  readonly #options: GatewaysOptions;
  readonly #gateways = new Map<string, Gateway>();
  /** INVITEs to where nothing listens, whose refusal has not come back. */
  readonly #unreachable = new Set<string>();

  constructor(options: GatewaysOptions) {
    this.#options = options;
  }

  async open({ routingGateways }: Snapshot, scenario: Scenario): Promise<void> {
    const { addresses, onAttempt, ...options } = this.#options;
    for (const [place, { name }] of routingGateways.entries()) {
      const endpoint = await Endpoint.open(addresses.gateway(place), options.watcher);
      const peer = new GatewayPeer({ ...options, endpoint, gateway: name }, onAttempt);
      const behaviour = scenario.gateways.get(name) ?? scenario.otherGateways;
      peer.optionsStatus = behaviour.optionsStatus;
      this.#gateways.set(name, { peer, endpoint, behaviour, invites: 0 });
    }
  }

  behave(name: string, behaviour: GatewayBehaviour): void {
    const gateway = this.#gateways.get(name)!;
    gateway.behaviour = behaviour;
    gateway.peer.optionsStatus = behaviour.optionsStatus;
  }

  /** Where the INVITE goes: to the gateway, or to nobody. `seed` is the call's. */
  dial(dial: DialLegOutput, seed: number): HostPort {
    const gateway = this.#gateways.get(dial.gateway)!;
    const { addresses, clock, onAttempt } = this.#options;
    const behaviour = behaviourFor(gateway.behaviour, {
      gateway: dial.gateway,
      ordinal: ++gateway.invites,
      callee: dial.callee,
      seed,
      leg: dial.leg,
    });
    if (behaviour.reaction === 'unreachable') {
      const { caller, callee, forwarding } = dial;
      onAttempt(dial, { gateway: dial.gateway, atMs: clock(), caller, callee, forwarding });
      this.#unreachable.add(legKey(dial.callId, dial.leg));
      return { ...addresses.unreachable(), transport: 'udp' };
    }
    gateway.peer.expect({ dial, behaviour });
    const { address, port } = gateway.peer.address;
    return { host: address, port, transport: 'udp' };
  }

  ask({ gateway }: SendOptionsOutput): HostPort {
    const { address, port } = this.#gateways.get(gateway)!.peer.address;
    return { host: address, port, transport: 'udp' };
  }

  /** The switch heard of the leg, or wants nothing more of it. */
  settled(callId: string, leg: number): void {
    this.#unreachable.delete(legKey(callId, leg));
  }

  /** A datagram is under way to one of them, or a refusal back. */
  get isBusy(): boolean {
    if (this.#unreachable.size > 0) return true;
    for (const { peer } of this.#gateways.values()) if (peer.awaited > 0) return true;
    return false;
  }

  get isQuiet(): boolean {
    for (const { peer } of this.#gateways.values()) if (!peer.isQuiet) return false;
    return true;
  }

  orphanAll(): void {
    this.#unreachable.clear();
    for (const { peer } of this.#gateways.values()) peer.orphanAll();
  }

  /** What is missing now that everything is over. */
  finish(): void {
    for (const { peer } of this.#gateways.values()) peer.finish();
  }

  async close(): Promise<void> {
    for (const { peer, endpoint } of this.#gateways.values()) {
      peer.orphanAll();
      await endpoint.close();
    }
  }
}

function legKey(callId: string, leg: number): string {
  return `${callId} ${leg}`;
}
