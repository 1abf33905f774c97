/**
 * Whether routing gateways are there, as they answer OPTIONS (SS_SIP_OPTIONS_CHECK_PERIOD). The switch decides here
 * when to ask and what an answer means, so that a simulation and the live switch cannot disagree; sending is left to
 * whoever carries out outputs.
 *
 * A gateway is online until it proves otherwise: by 408 or 503, by no answer in the time that its INVITE timeout gives
 * it, or by being out of reach. Any other response proves that it is there, and so does any response to an INVITE but
 * these. An INVITE without an answer proves nothing: OPTIONS will tell. All of this is about the address that the
 * gateway has now.
 */
import type { HostPort, RoutingGateway, Snapshot } from '../config/snapshot.ts';
import { Draws } from '../routing/draws.ts';
import { isSameAddress } from './addresses.ts';
import { Deadlines, type Timed } from './deadlines.ts';
import type { OptionsResultInput } from './inputs.ts';
import type { GatewayAvailabilityOutput, SendOptionsOutput } from './outputs.ts';

/** Where routing reads that a gateway is offline. */
export interface OfflineReader {
  offline: boolean;
}

export interface OptionsState {
  /** Since then (ms since 1970 UTC) it is offline; null while it is online. */
  readonly offlineSinceMs: number | null;
  /** When the last OPTIONS was sent (ms since 1970 UTC); null before the first. */
  readonly askedAtMs: number | null;
}

/**
 * A driver that comes so much later than a deadline has stood still: an answer may wait behind the very input that it
 * brings, so that a question without one says nothing of the gateway.
 */
const stoodStillMs = 1000;

type Output = SendOptionsOutput | GatewayAvailabilityOutput;

export class GatewayCheck implements Timed, OptionsState {
  deadlineMs: number = Number.POSITIVE_INFINITY;
  heapIndex: number = -1;
  readonly sequence: number;
  readonly name: string;
  readonly reader: OfflineReader;
  address: HostPort;
  timeoutMs: number;
  /** When it is to be asked next. */
  dueMs = 0;
  /** The request that waits for an answer; null when none does. */
  request: number | null = null;
  /** Requests before this one went to another address. */
  firstRequest: number;
  askedAtMs: number | null = null;
  offlineSinceMs: number | null = null;

  constructor(sequence: number, gateway: RoutingGateway, reader: OfflineReader, firstRequest: number) {
    this.sequence = sequence;
    this.firstRequest = firstRequest;
    this.name = gateway.name;
    this.reader = reader;
    this.address = gateway.address;
    this.timeoutMs = gateway.timeouts.inviteMs;
  }
}

export class OptionsChecks {
  readonly #checks = new Map<string, GatewayCheck>();
  readonly #deadlines = new Deadlines<GatewayCheck>();
  readonly #counters = { optionsSent: 0, optionsAnswered: 0, optionsFailed: 0, gatewaysWentOffline: 0 };
  #outputs: Output[] = [];
  #periodMs = 0;
  #sequence = 0;
  #request = 0;

  counters(): Readonly<Record<string, number>> {
    let gatewaysOffline = 0;
    for (const { offlineSinceMs } of this.#checks.values()) if (offlineSinceMs !== null) gatewaysOffline++;
    return { ...this.#counters, gatewaysOffline };
  }

  /** What is known of a gateway; null when it is not asked. */
  state(gateway: string): OptionsState | null {
    return this.#checks.get(gateway) ?? null;
  }

  /** ms since 1970 UTC; null when no gateway is asked. */
  nextDeadlineMs(): number | null {
    return this.#deadlines.earliest()?.deadlineMs ?? null;
  }

  /** What must be done since the last asking, in order. */
  takeOutputs(): readonly Output[] {
    if (this.#outputs.length === 0) return this.#outputs;
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  /**
   * The gateways of this snapshot are asked from `nowMs` (ms since 1970 UTC) on. What is known of them by name stays.
   * One that is asked no more is online; one that has moved to another address is asked there at once.
   */
  use(
    { routingGateways, parameters: { optionsPeriodMs } }: Pick<Snapshot, 'routingGateways' | 'parameters'>,
    readers: ReadonlyMap<string, OfflineReader>,
    nowMs: number,
  ): void {
    const periodChanged = optionsPeriodMs !== this.#periodMs;
    this.#periodMs = optionsPeriodMs;
    const left = new Map(this.#checks);
    for (const gateway of routingGateways) {
      if (!gateway.optionsCheck) continue;
      left.delete(gateway.name);
      const known = this.#checks.get(gateway.name);
      const check = known ?? this.#begin(gateway, readers.get(gateway.name)!, nowMs);
      const hasMoved = !isSameAddress(check.address, gateway.address);
      check.address = gateway.address;
      check.timeoutMs = gateway.timeouts.inviteMs;
      if (hasMoved) {
        check.firstRequest = this.#request + 1;
        this.#askNextAt(check, nowMs);
      } else if (periodChanged || known === undefined) {
        this.#askNextAt(check, nowMs + phaseOf(gateway.name, optionsPeriodMs));
      }
    }
    for (const check of left.values()) this.#end(check, nowMs);
  }

  /**
   * Does what is due first. `nowMs` (ms since 1970 UTC) is the time it really is: a question goes out now, however
   * long ago it was due, and those that were missed are not made up for.
   */
  fire(nowMs: number): void {
    const check = this.#deadlines.earliest();
    if (check === null) return;
    const dueMs = check.deadlineMs;
    if (check.request === null) {
      this.#ask(check, nowMs);
      return;
    }
    this.#settle(check);
    if (nowMs - dueMs < stoodStillMs) this.#isOffline(check, null, dueMs);
    else this.#deadlines.set(check, Math.min(check.dueMs, nowMs));
  }

  /** An answer, or that none will come. */
  result({ gateway, request, outcome, status }: Omit<OptionsResultInput, 'atMs'>, nowMs: number): void {
    const check = this.#checks.get(gateway);
    if (check === undefined || request < check.firstRequest) return;
    const isCurrent = check.request === request;
    if (isCurrent) this.#settle(check);
    if (outcome === 'response' && status !== null && provesLife(status)) {
      this.#counters.optionsAnswered++;
      this.#isOnline(check, status, nowMs);
    } else if (isCurrent && outcome !== 'notSent') {
      this.#isOffline(check, status, nowMs);
    }
  }

  /** The gateway has answered an INVITE to `address` with `status`. */
  answeredInvite(gateway: string, address: HostPort, status: number, nowMs: number): void {
    const check = this.#checks.get(gateway);
    if (check === undefined || !provesLife(status) || !isSameAddress(check.address, address)) return;
    this.#isOnline(check, status, nowMs);
  }

  /** The SIP server is gone with every request under way: nothing follows for the gateways. */
  forgetRequests(): void {
    for (const check of this.#checks.values()) if (check.request !== null) this.#settle(check);
  }

  /** A switch may begin with gateways that are known to be offline. */
  #begin(gateway: RoutingGateway, reader: OfflineReader, nowMs: number): GatewayCheck {
    const check = new GatewayCheck(++this.#sequence, gateway, reader, this.#request + 1);
    if (reader.offline) check.offlineSinceMs = nowMs;
    this.#checks.set(gateway.name, check);
    return check;
  }

  #end(check: GatewayCheck, nowMs: number): void {
    this.#isOnline(check, null, nowMs);
    this.#deadlines.remove(check);
    this.#checks.delete(check.name);
  }

  #askNextAt(check: GatewayCheck, dueMs: number): void {
    check.request = null;
    check.dueMs = dueMs;
    this.#deadlines.set(check, dueMs);
  }

  /** The next question keeps the gateway's place in the period however late this one is, so that they stay spread. */
  #ask(check: GatewayCheck, nowMs: number): void {
    const request = ++this.#request;
    const missed = Math.floor((nowMs - check.dueMs) / this.#periodMs);
    check.request = request;
    check.askedAtMs = nowMs;
    check.dueMs += (missed + 1) * this.#periodMs;
    this.#deadlines.set(check, nowMs + Math.min(check.timeoutMs, this.#periodMs));
    this.#counters.optionsSent++;
    this.#outputs.push({ type: 'sendOptions', gateway: check.name, request, address: check.address });
  }

  /** The request needs no answer any more. */
  #settle(check: GatewayCheck): void {
    this.#askNextAt(check, check.dueMs);
  }

  #isOnline(check: GatewayCheck, status: number | null, atMs: number): void {
    if (check.offlineSinceMs === null) return;
    const offlineMs = atMs - check.offlineSinceMs;
    check.offlineSinceMs = null;
    check.reader.offline = false;
    this.#outputs.push({ type: 'gatewayAvailability', gateway: check.name, online: true, status, offlineMs });
  }

  #isOffline(check: GatewayCheck, status: number | null, atMs: number): void {
    this.#counters.optionsFailed++;
    if (check.offlineSinceMs !== null) return;
    check.offlineSinceMs = atMs;
    check.reader.offline = true;
    this.#counters.gatewaysWentOffline++;
    this.#outputs.push({
      type: 'gatewayAvailability',
      gateway: check.name,
      online: false,
      status,
      offlineMs: 0,
    });
  }
}

function provesLife(status: number): boolean {
  return status !== 408 && status !== 503;
}

/**
 * Where in the period a gateway is asked: spread by its name (FNV-1a), so that hundreds of gateways are not asked at
 * once, and every start and simulation asks alike.
 */
export function phaseOf(name: string, periodMs: number): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x0100_0193);
  }
  return new Draws(hash >>> 0).below(periodMs);
}
