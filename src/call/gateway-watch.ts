/** What the switch finds out of its routing gateways on the way: their quality, and whether they answer OPTIONS. */
import type { Snapshot } from '../config/snapshot.ts';
import type { GatewayState } from './gateway-state.ts';
import { OptionsChecks } from './options-check.ts';
import { RouteQuality } from './quality/route-quality.ts';

export class GatewayWatch {
  readonly checks: OptionsChecks = new OptionsChecks();
  readonly quality: RouteQuality;
  #watched: ReadonlySet<GatewayState> = new Set();
  #snapshot: Snapshot | null = null;

  constructor({ parameters }: Snapshot) {
    this.quality = new RouteQuality(parameters.quality);
  }

  /**
   * The gateways of this snapshot are watched from `nowMs` (ms since 1970 UTC) on; what is known of them by name stays.
   * `routingGateways` holds all of them, and possibly more that have left it.
   */
  use(snapshot: Snapshot, routingGateways: ReadonlyMap<string, GatewayState>, nowMs: number): void {
    if (snapshot === this.#snapshot) return;
    this.#snapshot = snapshot;
    this.quality.use(snapshot.parameters.quality);
    const watched = new Set<GatewayState>();
    for (const gateway of snapshot.routingGateways) {
      const state = routingGateways.get(gateway.name)!;
      watched.add(state);
      state.quality = this.quality.measure(gateway, state.quality, state);
      state.checks = gateway.optionsCheck ? this.checks : null;
    }
    for (const state of this.#watched) {
      if (watched.has(state)) continue;
      if (state.quality !== null) this.quality.forget(state.quality);
      state.quality = null;
      state.checks = null;
    }
    this.#watched = watched;
    this.checks.use(snapshot, routingGateways, nowMs);
  }
}
