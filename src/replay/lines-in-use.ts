/** Lines that calls take, now and at most: of the whole switch, of customers and their gateways, and of vendors' gateways. */
import type { Leg } from '../sim/world/active-call.ts';

interface Lines {
  now: number;
  peak: number;
}

export class LinesInUse {
  readonly calls: Lines = { now: 0, peak: 0 };
  readonly mappingGateways = new Map<string, Lines>();
  readonly customers = new Map<string, Lines>();
  readonly routingGateways = new Map<string, Lines>();
  readonly #held = new Set<Leg>();

  /** A call was let in. */
  enter(mappingGateway: string, customer: string): void {
    take(this.calls);
    take(linesOf(this.mappingGateways, mappingGateway));
    take(linesOf(this.customers, customer));
  }

  exit(mappingGateway: string, customer: string): void {
    this.calls.now--;
    linesOf(this.mappingGateways, mappingGateway).now--;
    linesOf(this.customers, customer).now--;
  }

  tryAt(leg: Leg): void {
    this.#held.add(leg);
    take(linesOf(this.routingGateways, leg.gateway));
  }

  /** The attempt is over; it may have been before. */
  leave(leg: Leg | undefined): void {
    if (leg !== undefined && this.#held.delete(leg)) linesOf(this.routingGateways, leg.gateway).now--;
  }
}

function linesOf(of: Map<string, Lines>, name: string): Lines {
  let lines = of.get(name);
  if (lines === undefined) {
    lines = { now: 0, peak: 0 };
    of.set(name, lines);
  }
  return lines;
}

function take(lines: Lines): void {
  if (++lines.now > lines.peak) lines.peak = lines.now;
}
