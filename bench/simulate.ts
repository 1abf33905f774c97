/**
 * How many calls a second scenarios play, on one thread: on the example network a call that one gateway turns away and
 * the next one answers, in one scenario of many calls and in many scenarios of one; and how much memory many calls
 * take. Prints one JSON object a line.
 *
 *   node dist/bench/simulate.js [calls]
 */
import { fileURLToPath } from 'node:url';
import { loadConfiguration } from '../src/config/load.ts';
import type { Snapshot } from '../src/config/snapshot.ts';
import { parseMoney } from '../src/rating/money.ts';
import type { BehaviourStep, GatewayBehaviour } from '../src/sim/scenario/behaviour.ts';
import type { Scenario } from '../src/sim/scenario/scenario.ts';
import { playScenario } from '../src/sim/world/play.ts';

const calls = Number(process.argv[2] ?? 200_000);
const scenarios = 1_000;
const rounds = 3;

const { snapshot } = loadConfiguration(fileURLToPath(new URL('../../', import.meta.url)));
if (snapshot === null) throw new Error('the example network does not compile');

const place = { file: 'bench', line: 1, column: 1 };

function behaviour(steps: readonly BehaviourStep[]): GatewayBehaviour {
  const answered = { hangUpAfterMs: null, diesAfterMs: null, sendsMedia: true };
  const all = { reaction: 'script', steps, onCancel: 'ends', ...answered } as const;
  const any = { firstCall: null, lastCall: null, calleePrefix: null, probability: 1 };
  return { rules: [{ ...any, behaviour: all }], optionsStatus: 200 };
}

const refuses = behaviour([
  { kind: 'provisional', afterMs: 20, status: 100, sdp: false },
  { kind: 'fail', afterMs: 80, status: 503, reason: null, retryAfterSeconds: null, contact: null },
]);
const answers = behaviour([
  { kind: 'provisional', afterMs: 20, status: 100, sdp: false },
  { kind: 'provisional', afterMs: 480, status: 180, sdp: false },
  { kind: 'answer', afterMs: 2000 },
]);

/** Two attempts and a talk of ten seconds for each call, 20 calls a second. */
function scenarioOf(count: number, seed: number): Scenario {
  const plenty = parseMoney('10000000')!;
  const accounts = ['brightcall', 'globetalk', 'northlink', 'meridian', 'harborvoice'];
  return {
    name: 'a vendor that is overloaded',
    place,
    seed,
    startMs: Date.UTC(2026, 2, 2, 10),
    given: {
      balances: new Map(accounts.map(account => [account, plenty])),
      mappingLines: new Map(),
      routingLines: new Map(),
      accountLines: new Map(),
      carried: new Map(),
      offline: new Set(),
      asr: new Map(),
    },
    gateways: new Map([['northlink', refuses]]),
    otherGateways: answers,
    calls: [
      {
        place,
        name: null,
        via: 'brightcall',
        source: { address: '127.0.0.21', port: 5060, transport: 'udp' },
        caller: '12025550100',
        callee: '44207946xxxx',
        forwarding: null,
        atMs: 0,
        timerCapable: true,
        hangUpAfterMs: 10_000,
        cancelAfterMs: null,
        count,
        intervalMs: 50,
        expect: [],
      },
    ],
    events: [],
    expect: [],
    virtualOnly: null,
  };
}

/** The fastest of a few rounds. */
function measure(bench: string, counted: number, play: (snapshot: Snapshot) => void): void {
  let fastestMs = Number.POSITIVE_INFINITY;
  let leastCpuMicroseconds = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    play(snapshot!);
    fastestMs = Math.min(fastestMs, performance.now() - startedAt);
    const cpu = process.cpuUsage(cpuBefore);
    leastCpuMicroseconds = Math.min(leastCpuMicroseconds, cpu.user + cpu.system);
  }
  const line = {
    bench,
    calls: counted,
    callsPerSecond: Math.round((counted / fastestMs) * 1000),
    microsecondsPerCall: Number(((fastestMs * 1000) / counted).toFixed(2)),
    cpuMicrosecondsPerCall: Number((leastCpuMicroseconds / counted).toFixed(2)),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
    node: process.version,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function check(played: ReturnType<typeof playScenario>): void {
  const [first] = played.violations;
  if (first !== undefined) throw new Error(`${first.invariant}: ${first.detail}`);
  const odd = played.calls.find(
    ({ attempts, answeredAtMs }) => attempts.length !== 2 || answeredAtMs === null,
  );
  if (odd !== undefined) throw new Error(`${odd.callId} did not go as it should`);
}

measure('simulate one-call scenarios', scenarios, network => {
  for (let seed = 0; seed < scenarios; seed++) check(playScenario(network, scenarioOf(1, seed)));
});
measure('simulate calls of a stream', calls, network => {
  playScenario(network, scenarioOf(calls, 1), { onCall: () => {} });
});
measure('simulate calls', calls, network => check(playScenario(network, scenarioOf(calls, 1))));
