/**
 * What the calendars make of a snapshot's settings at a moment. Between two changes of any calendar nothing of it
 * changes, so it is worked out once for all of that time, and a call asks no calendar.
 */
import { isInside, nextChange } from '../calendar/calendar.ts';
import type { GatewayPeriod, Snapshot } from '../config/snapshot.ts';

const noPeriod = -1;

/** Gateways, groups, calendars and accounts by their index in the snapshot. */
export class TimedSettings {
  readonly #snapshot: Snapshot;
  #fromMs = Number.POSITIVE_INFINITY;
  #untilMs = Number.NEGATIVE_INFINITY;
  /** Rises whenever something may have become different. */
  changes = 0;
  /** 1 while the time lies in the calendar. */
  readonly calendarInside: Uint8Array;
  /** The place of the period that counts among those of the gateway, or -1. */
  readonly #routingPeriod: Int32Array;
  readonly #mappingPeriod: Int32Array;
  /** Of routing gateways: Infinity is no limit. */
  readonly lines: Float64Array;
  readonly priority: Float64Array;
  /** The place of the priority among all that gateways and periods have. */
  readonly priorityRank: Float64Array;
  /** Of mapping gateways: null is no limit. */
  readonly mappingLines: (number | null)[];
  /** Of routing gateways: 1 while the period that counts takes no calls. */
  readonly closed: Uint8Array;
  /** Infinity is no limit. */
  readonly groupLines: Float64Array;
  /** The table that prices an account's calls behind its private one, or -1. */
  readonly rateTable: Int32Array;
  readonly #rankOf: ReadonlyMap<number, number>;

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    const gateways = snapshot.routingGateways;
    this.calendarInside = new Uint8Array(snapshot.calendars.length);
    this.#routingPeriod = new Int32Array(gateways.length);
    this.#mappingPeriod = new Int32Array(snapshot.mappingGateways.length);
    this.lines = new Float64Array(gateways.length);
    this.closed = new Uint8Array(gateways.length);
    this.priority = new Float64Array(gateways.length);
    this.priorityRank = new Float64Array(gateways.length);
    this.mappingLines = snapshot.mappingGateways.map(() => null);
    this.groupLines = new Float64Array(snapshot.gatewayGroups.length);
    this.rateTable = new Int32Array(snapshot.accounts.length);
    const priorities = gateways.flatMap(({ priority, periods }) => [
      priority,
      ...periods.map(period => period.priority ?? priority),
    ]);
    const ranked = [...new Set(priorities)].sort((a, b) => a - b);
    this.#rankOf = new Map(ranked.map((priority, rank) => [priority, rank]));
  }

  /** Lets `atMs` (ms since 1970 UTC) count from now on. */
  moveTo(atMs: number): void {
    if (atMs >= this.#fromMs && atMs < this.#untilMs) return;
    this.changes++;
    this.#fromMs = atMs;
    this.#untilMs = Number.POSITIVE_INFINITY;
    for (const calendar of this.#snapshot.calendars) {
      this.calendarInside[calendar.index] = isInside(calendar, atMs) ? 1 : 0;
      this.#untilMs = Math.min(this.#untilMs, nextChange(calendar, atMs));
    }
    this.#settle();
  }

  /** Of the period that counts for a routing gateway its place among the gateway's periods, or -1. */
  placeOfRoutingPeriod(gateway: number): number {
    return this.#routingPeriod[gateway]!;
  }

  /** The period that counts for a routing gateway, or null. */
  routingPeriod(gateway: number): GatewayPeriod | null {
    const place = this.#routingPeriod[gateway]!;
    return place === noPeriod ? null : this.#snapshot.routingGateways[gateway]!.periods[place]!;
  }

  /** The period that counts for a mapping gateway, or null. */
  mappingPeriod(gateway: number): GatewayPeriod | null {
    const place = this.#mappingPeriod[gateway]!;
    return place === noPeriod ? null : this.#snapshot.mappingGateways[gateway]!.periods[place]!;
  }

  #settle(): void {
    const { routingGateways, mappingGateways, gatewayGroups, accounts } = this.#snapshot;
    for (const { index, periods, lines, priority } of routingGateways) {
      this.#routingPeriod[index] = this.#placeOfPeriod(periods);
      const period = this.routingPeriod(index);
      this.closed[index] = period?.available === false ? 1 : 0;
      this.lines[index] = period?.lines ?? lines ?? Number.POSITIVE_INFINITY;
      this.priority[index] = period?.priority ?? priority;
      this.priorityRank[index] = this.#rankOf.get(this.priority[index]!)!;
    }
    for (const { index, periods, lines } of mappingGateways) {
      this.#mappingPeriod[index] = this.#placeOfPeriod(periods);
      this.mappingLines[index] = this.mappingPeriod(index)?.lines ?? lines;
    }
    for (const { index, lines, timedLines } of gatewayGroups) {
      const timed = timedLines.find(({ calendar }) => this.calendarInside[calendar] === 1);
      this.groupLines[index] = timed?.lines ?? lines ?? Number.POSITIVE_INFINITY;
    }
    for (const { index, rateTable, timedRateTables } of accounts) {
      const timed = timedRateTables.find(({ calendar }) => this.calendarInside[calendar] === 1);
      this.rateTable[index] = timed?.rateTable ?? rateTable ?? -1;
    }
  }

  #placeOfPeriod(periods: readonly GatewayPeriod[]): number {
    return periods.findIndex(({ calendar }) => this.calendarInside[calendar] === 1);
  }
}

/** One a snapshot; a snapshot never changes, so this only saves time. */
const known = new WeakMap<Snapshot, TimedSettings>();

/** The settings at `atMs` (ms since 1970 UTC). They count until somebody asks for another time. */
export function settingsAt(snapshot: Snapshot, atMs: number): TimedSettings {
  let settings = known.get(snapshot);
  if (settings === undefined) {
    settings = new TimedSettings(snapshot);
    known.set(snapshot, settings);
  }
  settings.moveTo(atMs);
  return settings;
}

/** The period that counts for a mapping gateway at `atMs` (ms since 1970 UTC), or null. */
export function mappingPeriodAt(snapshot: Snapshot, gateway: number, atMs: number): GatewayPeriod | null {
  return settingsAt(snapshot, atMs).mappingPeriod(gateway);
}

/** The period that counts for a routing gateway at `atMs` (ms since 1970 UTC), or null. */
export function routingPeriodAt(snapshot: Snapshot, gateway: number, atMs: number): GatewayPeriod | null {
  return settingsAt(snapshot, atMs).routingPeriod(gateway);
}
