/**
 * Holds what came of a scenario in the simulator against what came of it on the wire. Everything must be the same but
 * for the clock: a time may differ by the tolerance, and a talk that a rounding edge falls into may cost what its own
 * length costs.
 */
import type { CallDetailRecord } from '../../../src/cdr/record.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import type { Played, PlayedCall } from '../../../src/sim/scenario/played.ts';
import { priceFaults } from './prices.ts';

export interface CompareOptions {
  readonly snapshot: Snapshot;
  /** How far a time of one world may lie from that of the other. */
  readonly toleranceMs: number;
}

/** Ids are chosen by each world for itself. */
const ownFields: ReadonlySet<string> = new Set(['callId', 'sipCallId']);
/** They follow from the talk time. */
const talkFields: ReadonlySet<string> = new Set(['talkSeconds', 'billedSeconds', 'amount', 'profit']);

/** Empty when both worlds agree; otherwise a sentence for each difference. */
export function differencesOf(simulated: Played, live: Played, options: CompareOptions): readonly string[] {
  const found: string[] = [];
  for (const [world, { violations }] of [
    ['simulated', simulated],
    ['live', live],
  ] as const) {
    for (const { invariant, detail } of violations) found.push(`${world}: ${invariant}: ${detail}`);
  }
  if (simulated.calls.length !== live.calls.length) {
    found.push(`${simulated.calls.length} calls were simulated, ${live.calls.length} were live`);
    return found;
  }
  let isCostTheSame = true;
  for (const [index, call] of simulated.calls.entries()) {
    const other = live.calls[index]!;
    const compared = new CallComparison(
      callName(call),
      options.toleranceMs,
      isTalkOnEdge(call, other, options),
    );
    compared.compare(call, other);
    found.push(...compared.found);
    found.push(
      ...priceFaults(other.record, options.snapshot).map(fault => `${callName(call)}: live: ${fault}`),
    );
    if (compared.isCostDifferent) isCostTheSame = false;
  }
  if (isCostTheSame) {
    compareMaps('balance', simulated.balances, live.balances, found);
    compareMaps('lowest balance', simulated.lowestBalances, live.lowestBalances, found);
  }
  const isOneByOne = options.toleranceMs <= shortTolerance || simulated.calls.length === 1;
  if (isOneByOne) comparePeaks(simulated, live, found);
  return found;
}

/** Beyond it calls may overlap that did not in the other world. */
const shortTolerance = 100;

function callName({ callIndex, burstIndex, call, callee }: PlayedCall): string {
  const place = call.count === 1 ? `${callIndex + 1}` : `${callIndex + 1}.${burstIndex + 1}`;
  return `call ${place}${call.name === null ? '' : ` (${call.name})`} to ${callee ?? 'no number'}`;
}

function talkMs(record: CallDetailRecord | null): number {
  return record === null || record.answeredAtMs === null ? 0 : record.endedAtMs - record.answeredAtMs;
}

/** Both worlds round their own talk time; only a talk that is near an edge may be rounded to different seconds. */
function isTalkOnEdge(a: PlayedCall, b: PlayedCall, { toleranceMs, snapshot }: CompareOptions): boolean {
  const edgeMs = snapshot.parameters.holdTimePrecisionMs;
  const seconds = (ms: number): number => Math.floor((ms - edgeMs) / 1000);
  const difference = Math.abs(talkMs(a.record) - talkMs(b.record));
  if (difference === 0 || difference > 2 * toleranceMs) return false;
  // A fraction of exactly nothing is an edge of its own where every fraction counts.
  const isAcross = seconds(talkMs(a.record)) !== seconds(talkMs(b.record));
  return isAcross || talkMs(a.record) % 1000 === 0 || talkMs(b.record) % 1000 === 0;
}

class CallComparison {
  readonly found: string[] = [];
  isCostDifferent = false;
  readonly #name: string;
  readonly #toleranceMs: number;
  readonly #isTalkOnEdge: boolean;

  constructor(name: string, toleranceMs: number, isTalkOnEdge: boolean) {
    this.#name = name;
    this.#toleranceMs = toleranceMs;
    this.#isTalkOnEdge = isTalkOnEdge;
  }

  compare(simulated: PlayedCall, live: PlayedCall): void {
    // Whoever hears nothing at all gives up in time, long after the call was over.
    const isUnheard = simulated.finalStatus === null && live.finalStatus === null;
    this.#value('', simulated, isUnheard ? { ...live, endedAtMs: simulated.endedAtMs } : live);
  }

  #value(field: string, a: unknown, b: unknown): void {
    const name = field.slice(field.lastIndexOf('.') + 1);
    if (ownFields.has(name)) return;
    if (isObject(a) && isObject(b)) {
      const names = new Set([...Object.keys(a), ...Object.keys(b)].filter(key => !unshared.has(key)));
      for (const key of names) this.#value(field === '' ? key : `${field}.${key}`, a[key], b[key]);
      return;
    }
    if (a === b || this.#isNear(name, a, b)) return;
    if (talkFields.has(name) && this.#isTalkOnEdge) {
      this.isCostDifferent = true;
      return;
    }
    this.found.push(`${this.#name}: ${field}: simulated ${shown(a)}, live ${shown(b)}`);
  }

  #isNear(name: string, a: unknown, b: unknown): boolean {
    return (
      name.endsWith('Ms') &&
      typeof a === 'number' &&
      typeof b === 'number' &&
      Math.abs(a - b) <= this.#toleranceMs
    );
  }
}

/** They tell where a call stands in its scenario, which both worlds take from there. */
const unshared: ReadonlySet<string> = new Set(['call', 'callIndex', 'burstIndex']);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  if (typeof value === 'number' && value > 1e12) return new Date(value).toISOString();
  if (typeof value === 'bigint') return `${value} units`;
  return value === undefined
    ? 'nothing'
    : JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one));
}

function compareMaps(
  what: string,
  a: ReadonlyMap<string, unknown>,
  b: ReadonlyMap<string, unknown>,
  found: string[],
): void {
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    // Who is not named has nothing.
    if ((a.get(name) ?? 0n) === (b.get(name) ?? 0n)) continue;
    found.push(`${what} of ${name}: simulated ${shown(a.get(name))}, live ${shown(b.get(name))}`);
  }
}

function comparePeaks(simulated: Played, live: Played, found: string[]): void {
  if (simulated.peakCalls !== live.peakCalls) {
    found.push(`calls at once: simulated ${simulated.peakCalls}, live ${live.peakCalls}`);
  }
  const names = new Set([...simulated.gatewayPeakLines.keys(), ...live.gatewayPeakLines.keys()]);
  for (const name of names) {
    const [a, b] = [simulated.gatewayPeakLines.get(name) ?? 0, live.gatewayPeakLines.get(name) ?? 0];
    if (a !== b) found.push(`lines of ${name} at once: simulated ${a}, live ${b}`);
  }
}
