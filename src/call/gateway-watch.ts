/** What the switch finds out of its routing gateways on the way: their quality, and whether they answer OPTIONS. */
import type { RoutingGateway, Snapshot } from '../config/snapshot.ts';
import type { GatewayState, SwitchState } from './gateway-state.ts';
import { OptionsChecks } from './options-check.ts';
import { RouteQuality } from './quality/route-quality.ts';

export class GatewayWatch {
  readonly checks: OptionsChecks = new OptionsChecks();
  readonly quality: RouteQuality;
  #watched: ReadonlySet<GatewayState> = new Set();
  #snapshot: Snapshot | null = null;
  #candidate: Snapshot | null = null;

  constructor({ parameters }: Snapshot) {
    this.quality = new RouteQuality(parameters.quality);
  }

  /**
   * The gateways of the snapshot of new calls are watched from `nowMs` (ms since 1970 UTC) on, and those that only a
   * candidate has; one that both have is watched as the stable snapshot has it. What is known of them by name stays.
   */
  use({ view: { snapshot }, canary, routingGateways }: SwitchState, nowMs: number): void {
    const candidate = canary?.view.snapshot ?? null;
    if (snapshot === this.#snapshot && candidate === this.#candidate) return;
    this.#snapshot = snapshot;
    this.#candidate = candidate;
    this.quality.use(snapshot.parameters.quality);
    const watched = new Set<GatewayState>();
    const gateways = gatewaysOfBoth(snapshot, candidate);
    for (const gateway of gateways) {
      const state = routingGateways.get(gateway.name)!;
      watched.add(state);
      state.quality = this.quality.measure(gateway, state.quality, state);
      state.checks = gateway.optionsCheck ? this.checks : null;
      state.watchedAddress = gateway.address;
    }
    for (const state of this.#watched) {
      if (watched.has(state)) continue;
      if (state.quality !== null) this.quality.forget(state.quality);
      state.quality = null;
      state.checks = null;
    }
    this.#watched = watched;
    this.checks.use({ routingGateways: gateways, parameters: snapshot.parameters }, routingGateways, nowMs);
  }
}

function gatewaysOfBoth(snapshot: Snapshot, candidate: Snapshot | null): readonly RoutingGateway[] {
  if (candidate === null) return snapshot.routingGateways;
  const known = new Set(snapshot.routingGateways.map(({ name }) => name));
  return [...snapshot.routingGateways, ...candidate.routingGateways.filter(({ name }) => !known.has(name))];
}
