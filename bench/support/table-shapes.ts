/**
 * Route tables of a million prefixes over a hundred gateways in three shapes, with few rules: how fast selectRoute
 * decides on them and what they cost, beside a Map from prefix to entries that is asked once for every length.
 */
import type { RouteTable, Snapshot } from '../../src/config/snapshot.ts';
import { trieBytes } from '../../src/prefixes/prefix-trie.ts';
import { RouteTableBuilder } from '../../src/routing/route-table-builder.ts';
import { type RouteDecision, type RoutingState, selectRoute } from '../../src/routing/select-route.ts';
import { idleState, requestFor } from '../../test/support/routing-state.ts';
import { buildSnapshot } from '../../test/support/snapshot-builder.ts';
import { distinctNumberPlan, numberPlan, type RandomSource, randomSource } from './number-plan.ts';

const gatewayCount = 100;
const entryCount = 1_000_000;
const callCount = 50_000;

/** `entries[i]` is prefix `prefixes[i]` of gateway `gateways[i]`, gateway after gateway. */
interface Workload {
  readonly name: string;
  readonly about: string;
  readonly prefixes: readonly string[];
  readonly gateways: Uint16Array;
}

type Decide = (callee: string) => number;

export function benchTableShapes(seconds: number, seed: number): void {
  for (const make of [sharedPlan, distinctPrefixes, fullDecks]) run(make(randomSource(seed)), seconds, seed);
}

/** A quarter of a million destinations, each sold by four vendors on average. */
function sharedPlan(random: RandomSource): Workload {
  const plan = numberPlan(random, 250_000);
  return spread('shared-plan', '250,000 destinations, four gateways each', random, plan, 4);
}

/** Every prefix another one: the largest trie. */
function distinctPrefixes(random: RandomSource): Workload {
  const plan = distinctNumberPlan(random, entryCount);
  return spread('distinct-prefixes', 'a million different prefixes, one gateway each', random, plan, 1);
}

/** Every vendor sells the whole world: a hundred candidates for most numbers, the most to put in order. */
function fullDecks(random: RandomSource): Workload {
  const plan = numberPlan(random, 10_000);
  return spread('full-decks', '10,000 destinations, all hundred gateways each', random, plan, gatewayCount);
}

function spread(
  name: string,
  about: string,
  random: RandomSource,
  plan: readonly string[],
  copies: number,
): Workload {
  const byGateway: string[][] = Array.from({ length: gatewayCount }, () => []);
  for (const prefix of plan) {
    const first = random.below(gatewayCount);
    // Steps of 37 meet every one of the hundred once.
    for (let i = 0; i < copies; i++) byGateway[(first + i * 37) % gatewayCount]!.push(prefix);
  }
  const prefixes = byGateway.flat();
  const gateways = new Uint16Array(prefixes.length);
  let at = 0;
  for (const [gateway, own] of byGateway.entries()) {
    gateways.fill(gateway, at, at + own.length);
    at += own.length;
  }
  return { name, about, prefixes, gateways };
}

function run(workload: Workload, seconds: number, seed: number): void {
  const random = randomSource(seed + 1);
  const started = performance.now();
  const routes = buildTable(workload);
  const buildMs = performance.now() - started;
  const snapshot = snapshotWith(routes);
  const state = busyState(random);
  const callees = calls(workload, random);
  report('table', workload, {
    about: workload.about,
    prefixes: routes.entryCount,
    distinctPrefixes: routes.trie.prefixCount,
    buildMs: Math.round(buildMs),
    bytesPerPrefix: round(tableBytes(routes) / routes.entryCount),
    bytesPerDistinctPrefix: round(tableBytes(routes) / routes.trie.prefixCount),
  });
  const request = { ...requestFor(''), atMs: 0 };
  const ours = measure(callees, seconds, callee => {
    request.callee = callee;
    request.calleeToRate = callee;
    request.untaggedCallee = callee;
    return weigh(selectRoute(snapshot, state, request));
  });
  report('selectRoute', workload, { ...ours });
  const naive = naiveDecider(workload, snapshot, state);
  const theirs = measure(callees, seconds, naive.decide);
  report('naive', workload, { ...theirs, buildMs: naive.buildMs, bytesPerPrefix: naive.bytesPerPrefix });
  if (ours.candidates !== theirs.candidates) throw new Error('the two disagree about the candidates');
  report('ratio', workload, { speed: round(ours.decisionsPerSecond / theirs.decisionsPerSecond) });
}

function buildTable(workload: Workload): RouteTable {
  const builder = new RouteTableBuilder();
  for (const [i, prefix] of workload.prefixes.entries()) {
    builder.add(prefix, workload.gateways[i]!, workload.gateways[i]! % 10 === 0, i + 1);
  }
  return builder.build();
}

function snapshotWith(routes: RouteTable): Snapshot {
  const snapshot = buildSnapshot({
    mappingGateways: [{ name: 'customer', routingGateways: { deny: ['gateway-7'] } }],
    routingGateways: Array.from({ length: gatewayCount }, (_, i) => ({
      name: `gateway-${i}`,
      priority: 1 + (i % 3),
      lines: i % 5 === 0 ? null : 200,
      protectRoute: i % 20 === 19,
      locked: i === 50,
    })),
  });
  return { ...snapshot, routes };
}

function busyState(random: RandomSource): RoutingState {
  const active = Float64Array.from({ length: gatewayCount }, () => random.below(205));
  const carried = Float64Array.from({ length: gatewayCount }, () => random.below(1_000_000));
  return {
    ...idleState,
    activeLines: gateway => active[gateway]!,
    callsCarried: gateway => carried[gateway]!,
  };
}

/** Full numbers under prefixes of the plan, far more of them than a cache holds lines for. */
function calls(workload: Workload, random: RandomSource): string[] {
  return Array.from({ length: callCount }, () => {
    let callee = workload.prefixes[random.below(workload.prefixes.length)]!;
    const length = Math.max(callee.length + 2, 11 + random.below(3));
    while (callee.length < length) callee += random.below(10);
    // A string grown digit by digit is a chain of pieces; a received number is flat.
    return Buffer.from(callee).toString('latin1');
  });
}

/** Keeps the result from being optimised away. */
function weigh(decision: RouteDecision): number {
  return decision.attempts.length;
}

interface Measurement {
  readonly decisionsPerSecond: number;
  readonly nanosecondsPerDecision: number;
  readonly candidates: number;
}

function measure(callees: readonly string[], seconds: number, decide: Decide): Measurement {
  let candidates = 0;
  for (const callee of callees) candidates += decide(callee);
  let decisions = 0;
  const started = performance.now();
  let elapsedMs = 0;
  while (elapsedMs < seconds * 1000) {
    for (const callee of callees) decide(callee);
    decisions += callees.length;
    elapsedMs = performance.now() - started;
  }
  return {
    decisionsPerSecond: Math.round((decisions / elapsedMs) * 1000),
    nanosecondsPerDecision: Math.round((elapsedMs / decisions) * 1e6),
    candidates: round(candidates / callees.length),
  };
}

interface NaiveEntry {
  readonly gateway: number;
  readonly expiration: boolean;
}

/** The same rules on a Map of prefixes, written as one would without a thought for speed. */
function naiveDecider(
  workload: Workload,
  snapshot: Snapshot,
  state: RoutingState,
): { readonly decide: Decide; readonly buildMs: number; readonly bytesPerPrefix: number } {
  const heapBefore = heapBytes();
  const started = performance.now();
  const entries = new Map<string, NaiveEntry[]>();
  for (const [i, prefix] of workload.prefixes.entries()) {
    const gateway = workload.gateways[i]!;
    const list = entries.get(prefix);
    const entry = { gateway, expiration: gateway % 10 === 0 };
    if (list === undefined) entries.set(prefix, [entry]);
    else list.push(entry);
  }
  const buildMs = Math.round(performance.now() - started);
  const bytesPerPrefix = round((heapBytes() - heapBefore) / workload.prefixes.length);
  const gateways = snapshot.routingGateways;
  const load = (gateway: number) =>
    state.activeLines(gateway) / (gateways[gateway]!.lines ?? Number.POSITIVE_INFINITY);
  function before(a: number, b: number): number {
    return (
      gateways[a]!.priority - gateways[b]!.priority ||
      load(a) - load(b) ||
      state.callsCarried(a) - state.callsCarried(b) ||
      (gateways[a]!.name < gateways[b]!.name ? -1 : 1)
    );
  }
  function decide(callee: string): number {
    const seen = new Set<number>();
    const normal: number[] = [];
    const protect: number[] = [];
    for (let length = callee.length; length >= 0; length--) {
      const members = (entries.get(callee.slice(0, length)) ?? []).filter(one => !seen.has(one.gateway));
      for (const { gateway } of members) seen.add(gateway);
      const usable = members.filter(one => !gateways[one.gateway]!.locked && one.gateway !== 7);
      const free = usable
        .map(one => one.gateway)
        .filter(
          gateway => state.activeLines(gateway) < (gateways[gateway]!.lines ?? Number.POSITIVE_INFINITY),
        )
        .sort(before);
      normal.push(...free.filter(gateway => !gateways[gateway]!.protectRoute));
      protect.push(...free.filter(gateway => gateways[gateway]!.protectRoute));
      if (usable.some(one => one.expiration)) break;
    }
    return normal.concat(protect).length;
  }
  return { decide, buildMs, bytesPerPrefix };
}

function tableBytes(routes: RouteTable): number {
  const { trie, gateway, expiration, steps, line } = routes;
  return trieBytes(trie) + gateway.byteLength + expiration.byteLength + steps.byteLength + line.byteLength;
}

/** Exact only when run with --expose-gc. */
function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function report(what: string, workload: Workload, figures: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ bench: 'select-route', workload: workload.name, what, ...figures }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
