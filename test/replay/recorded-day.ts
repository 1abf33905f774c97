/** Calls that the simulator made, as a switch would have recorded them. */
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import type { GatewayBehaviour } from '../../src/sim/scenario/behaviour.ts';
import type { ScenarioCall } from '../../src/sim/scenario/scenario.ts';
import { playScenario } from '../../src/sim/world/play.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import {
  answer,
  behaving,
  callOf,
  fail,
  provisional,
  rule,
  scenario,
  startMs,
} from '../sim/world/scenarios.ts';
import { projectDirectory } from '../support/source-files.ts';

export { startMs };

/** The configuration in a directory, by default the example network. */
export function networkIn(directory: string = projectDirectory): Snapshot {
  const { snapshot, diagnostics } = loadConfiguration(directory);
  if (snapshot === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return snapshot;
}

const answers = { steps: [provisional(400, 180), answer(3000)] };

/** Overloaded now and then, silent sometimes, slow to answer elsewhere. */
export const northlink: GatewayBehaviour = {
  rules: [
    rule({ steps: [fail(80, 503)] }, { probability: 0.25 }),
    rule({ reaction: 'silent', steps: [] }, { probability: 0.02 }),
    rule({ steps: [provisional(700, 183, true), fail(2500, 486)] }, { probability: 0.2 }),
    rule({ steps: [provisional(300, 180)] }, { probability: 0.05 }),
    rule({ steps: [provisional(900, 180), answer(6000)], hangUpAfterMs: 45_300 }, { probability: 0.3 }),
    rule(answers),
  ],
  optionsStatus: 200,
};

export const meridian: GatewayBehaviour = {
  rules: [
    rule({ steps: [provisional(100, 100), fail(120, 404)] }, { probability: 0.1 }),
    rule({ steps: [provisional(1500, 180), answer(8000)] }),
  ],
  optionsStatus: 200,
};

const source = (address: string): ScenarioCall['source'] => ({ address, port: 5060, transport: 'udp' });
const brightcall = { via: 'brightcall', source: source('127.0.0.21') };
const globetalk = { via: 'globetalk', source: source('127.0.0.22') };
/** Nobody's. */
const stranger = { via: null, source: source('198.51.100.9') };

const kinds: readonly Partial<ScenarioCall>[] = [
  { ...brightcall, callee: '44207946xxxx', hangUpAfterMs: 61_700 },
  { ...brightcall, callee: '447700900xxx', hangUpAfterMs: 12_000 },
  { ...brightcall, callee: '92300123xxxx', hangUpAfterMs: 183_450 },
  { ...brightcall, callee: '1202555xxxx', hangUpAfterMs: 5_000, cancelAfterMs: 4_000 },
  { ...brightcall, callee: '4930123xxxxx', hangUpAfterMs: 33_000 },
  { ...globetalk, callee: '44121496xxxx', hangUpAfterMs: 320_000 },
  { ...globetalk, callee: '33142278xxx', hangUpAfterMs: 95_000, cancelAfterMs: 12_000 },
  { ...globetalk, callee: '1900555xxxx', hangUpAfterMs: 10_000 },
  { ...brightcall, callee: '999xxxxxxx', hangUpAfterMs: 10_000 },
  { ...stranger, callee: '44207946xxxx', hangUpAfterMs: 10_000 },
];

export interface DayOptions {
  readonly calls: number;
  /**
   * Between two calls of a kind: ten times a prime. What happens in a call comes tens of ms after its beginning, and each
   * kind begins at a last digit of its own, so that nothing ever happens at the same moment: no record says what was first.
   */
  readonly intervalMs?: number;
  readonly seed?: number;
}

/** So many calls of every kind in turn; the records in the order in which the calls ended. */
export function recordDay(
  snapshot: Snapshot,
  { calls, intervalMs = 1990, seed = 1 }: DayOptions,
): readonly CallDetailRecord[] {
  const bursts = kinds.map((kind, index) =>
    callOf({
      caller: '1202555xxxx',
      ...kind,
      atMs: Math.floor((index * intervalMs) / kinds.length / 10) * 10 + index,
      count: Math.ceil((calls - index) / kinds.length),
      intervalMs,
    }),
  );
  const records: CallDetailRecord[] = [];
  const day = scenario({
    seed,
    calls: bursts,
    balances: Object.fromEntries(snapshot.accounts.map(({ name }) => [name, '100000000'])),
    gateways: { northlink, meridian },
    others: behaving(answers),
  });
  playScenario(snapshot, day, {
    onCall: ({ record }) => {
      if (record !== null) records.push({ ...record, callId: `${record.callId}-${seed}` });
    },
  });
  return records;
}

/** A database of a switch that made these calls. */
export async function writeDay(path: string, records: readonly CallDetailRecord[]): Promise<void> {
  const store = await SqliteStore.open({ path });
  const written = records.map(record => store.finishCall(record, []));
  await Promise.all(written);
  await store.close();
}
