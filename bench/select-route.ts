/**
 * How fast selectRoute decides with every rule in use: a million prefixes, 500 gateways, 20 groups, 50 calendars;
 * beside the same rules written down without a thought for speed, and beside SQLite finding no more than the
 * candidates. Then route tables of other shapes with few rules. One JSON object a line.
 * `node --expose-gc dist/bench/select-route.js [seconds per measurement] [seed] [all-rules]`
 */

import type { Snapshot } from '../src/config/snapshot.ts';
import type { RouteRequest, RoutingState } from '../src/routing/select-route.ts';
import { selectRoute } from '../src/routing/select-route.ts';
import { routeByTheBook } from '../test/routing/reference/route-by-the-book.ts';
import { mappedBook } from './support/mapped-book.ts';
import { randomSource } from './support/number-plan.ts';
import { type Network, type NetworkSize, routingNetwork } from './support/routing-network.ts';
import { SqliteRoutes } from './support/sqlite-routes.ts';
import { benchTableShapes } from './support/table-shapes.ts';

const carrier: NetworkSize = {
  prefixes: 1_000_000,
  gateways: 500,
  groups: 20,
  calendars: 50,
  vendors: 50,
  customers: 20,
  ratesOfVendor: 20_000,
  listedNumbers: 50_000,
};

/** A hundredth of the prefixes and rates, to see what grows with them. */
const small: NetworkSize = { ...carrier, prefixes: 10_000, ratesOfVendor: 200, listedNumbers: 500 };

const callCount = 50_000;
const agreedCalls = 1000;
const halfDayMs = 43_200_000;
const reloads = 5;

const seconds = Number(process.argv[2] ?? 2);
const seed = Number(process.argv[3] ?? 1);

await benchAllRules();
if (process.argv[4] !== 'all-rules') benchTableShapes(seconds, seed);

async function benchAllRules(): Promise<void> {
  const network = routingNetwork(randomSource(seed), carrier, callCount);
  report('all-rules', 'network', { ...carrier, calls: callCount, ...shapeOf(network) });
  const ours = speedOf(network.requests, request => decide(network, request));
  const latency = latencyOf(network);
  report('all-rules', 'selectRoute', { ...ours, ...latency, bytesPerDecision: bytesPerDecision(network) });
  report('all-rules', 'after a reload', afterReload(network));
  const little = routingNetwork(randomSource(seed), small, callCount);
  report('all-rules', 'selectRoute on a hundredth of the prefixes', {
    ...speedOf(little.requests, request => decide(little, request)),
    bytesPerDecision: bytesPerDecision(little),
    candidates: shapeOf(little).candidates,
    attempts: shapeOf(little).attempts,
  });
  const book = mappedBook(network);
  const byTheBook = ({ snapshot, state }: Network, request: RouteRequest) =>
    routeByTheBook(book, snapshot, state, request, book.gatewaysFor(request.callee));
  for (const request of network.requests.slice(0, agreedCalls)) {
    const { normal, protect } = byTheBook(network, request);
    const expected = [...normal, ...protect].join(' ');
    const actual = namesOf(network.snapshot, network.state, request);
    if (actual !== expected)
      throw new Error(`the two disagree about ${request.callee}: ${actual} | ${expected}`);
  }
  const naive = speedOf(network.requests, request => byTheBook(network, request).normal.length);
  report('all-rules', 'naive', { ...naive, agreedCalls });
  const sqlite = await sqliteSpeed(network);
  report('all-rules', 'sqlite', sqlite);
  report('all-rules', 'ratio', {
    toNaive: round(ours.decisionsPerSecond / naive.decisionsPerSecond),
    toSqliteQuery: round(ours.decisionsPerSecond / sqlite.queriesPerSecond),
    toSqliteItself: round(ours.decisionsPerSecond / sqlite.numbersPerSecondInOneStatement),
  });
}

function decide({ snapshot, state }: Network, request: RouteRequest): number {
  return selectRoute(snapshot, state, request).attempts.length;
}

function namesOf(snapshot: Snapshot, state: RoutingState, request: RouteRequest): string {
  const { attempts } = selectRoute(snapshot, state, request);
  return attempts.map(({ gateway }) => snapshot.routingGateways[gateway]!.name).join(' ');
}

/** Averages over some calls. */
function shapeOf({ snapshot, state, requests }: Network): { candidates: number; attempts: number } {
  let candidates = 0;
  let attempts = 0;
  const some = requests.slice(0, 5000);
  for (const request of some) {
    const decision = selectRoute(snapshot, state, request, true);
    candidates += decision.because.filter(({ reason }) => reason !== 'stoppedByExpiration').length;
    attempts += decision.attempts.length;
  }
  return { candidates: round(candidates / some.length), attempts: round(attempts / some.length) };
}

function speedOf(
  requests: readonly RouteRequest[],
  decideOne: (request: RouteRequest) => number,
): { decisionsPerSecond: number; decisionsPerCpuSecond: number; microsecondsPerDecision: number } {
  let decisions = 0;
  let elapsedMs = 0;
  for (let i = 0; i < 2000; i++) decideOne(requests[i]!);
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  while (elapsedMs < seconds * 1000) {
    for (let i = 0; i < 1000; i++) decideOne(requests[(decisions + i) % requests.length]!);
    decisions += 1000;
    elapsedMs = performance.now() - started;
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    decisionsPerSecond: Math.round((decisions / elapsedMs) * 1000),
    // Says more than the clock on a machine that has other work.
    decisionsPerCpuSecond: Math.round((decisions / (user + system)) * 1e6),
    microsecondsPerDecision: round((elapsedMs / decisions) * 1000),
  };
}

/** The clock is read for every single decision, which costs something itself. */
function latencyOf(network: Network): {
  p50Microseconds: number;
  p99Microseconds: number;
  maxMicroseconds: number;
} {
  const took = new Float64Array(200_000);
  for (let i = 0; i < took.length; i++) {
    const request = network.requests[i % network.requests.length]!;
    const started = performance.now();
    decide(network, request);
    took[i] = performance.now() - started;
  }
  took.sort();
  const at = (share: number) => round(took[Math.floor(share * (took.length - 1))]! * 1000);
  return { p50Microseconds: at(0.5), p99Microseconds: at(0.99), maxMicroseconds: at(1) };
}

/**
 * What a new Snapshot costs the thread that decides: to receive it from the thread that loaded it, the first decision,
 * and the first one in which calendars have changed since. Medians of several.
 */
function afterReload({ snapshot, state, requests }: Network): Readonly<Record<string, number>> {
  const received: number[] = [];
  const first: number[] = [];
  const second: number[] = [];
  const changed: number[] = [];
  const [request] = requests;
  for (let reload = 0; reload < reloads; reload++) {
    const started = performance.now();
    const fresh = structuredClone(snapshot);
    received.push(performance.now() - started);
    const timed = (of: RouteRequest) => {
      const before = performance.now();
      selectRoute(fresh, state, of);
      return performance.now() - before;
    };
    first.push(timed(request!));
    second.push(timed(request!));
    changed.push(timed({ ...request!, atMs: request!.atMs + halfDayMs }));
  }
  const median = (times: number[]) => round(times.sort((a, b) => a - b)[reloads >> 1]! * 1000) / 1000;
  return {
    reloads,
    receivedMs: median(received),
    firstDecisionMs: median(first),
    secondDecisionMs: median(second),
    afterCalendarsChangedMs: median(changed),
  };
}

/** The median of several short runs between which nothing is collected; null without --expose-gc. */
function bytesPerDecision(network: Network): number | null {
  if (globalThis.gc === undefined) return null;
  const runs: number[] = [];
  for (let run = 0; run < 9; run++) {
    globalThis.gc();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 2000; i++) decide(network, network.requests[i]!);
    runs.push((process.memoryUsage().heapUsed - before) / 2000);
  }
  return Math.round(runs.sort((a, b) => a - b)[4]!);
}

async function sqliteSpeed({ entries, requests }: Network): Promise<{
  queriesPerSecond: number;
  numbersPerSecondInOneStatement: number;
}> {
  const routes = new SqliteRoutes();
  await routes.fill(entries);
  let queries = 0;
  let elapsedMs = 0;
  const started = performance.now();
  while (elapsedMs < seconds * 1000) {
    await routes.candidates(requests[queries++ % requests.length]!.callee);
    elapsedMs = performance.now() - started;
  }
  const callees = requests.map(({ callee }) => callee);
  const startedAll = performance.now();
  await routes.allCandidates(callees);
  const allMs = performance.now() - startedAll;
  await routes.close();
  return {
    queriesPerSecond: Math.round((queries / elapsedMs) * 1000),
    numbersPerSecondInOneStatement: Math.round((callees.length / allMs) * 1000),
  };
}

function report(workload: string, what: string, figures: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify({ bench: 'select-route', workload, what, ...figures }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
