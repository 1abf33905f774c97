import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scenarioYaml } from '../../../src/sim/files/write-scenario.ts';
import type { Scenario } from '../../../src/sim/scenario/scenario.ts';
import { scenarioOf, scenariosOf } from '../inline-scenarios.ts';
import { anyScenario, smallNetwork } from './any-scenario.ts';

const test = suite('sim/files/write-scenario');

/** Without what depends on where it stands. */
function meaning(scenario: Scenario): unknown {
  const bare = (one: object) => ({ ...one, place: null, written: null });
  const byName = (a: string, b: string) => (a < b ? -1 : 1);
  const sorted = (expectations: readonly { readonly subject: string; readonly of: string | null }[]) =>
    expectations.map(bare).sort((a, b) => byName(JSON.stringify(a, text), JSON.stringify(b, text)));
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);
  return {
    ...scenario,
    place: null,
    calls: scenario.calls.map(call => ({ ...call, place: null, expect: sorted(call.expect) })),
    events: scenario.events.map(bare),
    expect: sorted(scenario.expect),
  };
}

/** Maps in the order of their names, and objects whatever they were made by. */
function shown(scenario: Scenario): string {
  const plain = (_: string, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (!(value instanceof Map) && !(value instanceof Set)) return value;
    const name = (entry: unknown) => String(Array.isArray(entry) ? entry[0] : entry);
    return [...value].sort((a, b) => (name(a) < name(b) ? -1 : 1));
  };
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
  };
  return JSON.stringify(sorted(JSON.parse(JSON.stringify(meaning(scenario), plain))), null, 1);
}

test('whatever a scenario is, what is written of it is read as the same', () => {
  fc.assert(
    fc.property(anyScenario, scenario => {
      const text = scenarioYaml(scenario, smallNetwork);
      assert.is(shown(scenarioOf(smallNetwork, text)), shown(scenario), text);
    }),
    { numRuns: 150 },
  );
});

test('what is usual is not written', () => {
  const text = `scenarios:
  - name: UK mobile is answered
    at: 2026-03-02T10:00:00Z
    seed: 7
    gateways:
      acme: { ring: 1s, answer: 4s, hangUp: 61.5s }
      "*": { reject: 503, after: 200ms }
    call:
      via: bell
      caller: "12025550100"
      callee: "447700900123"
      expect:
        tried: [best, acme]
        result: answered
        status: 200
        postDialDelay: 1200ms..2s
        customer: { amount: 0.0155, prefix: "447" }
`;

  assert.is(scenarioYaml(scenarioOf(smallNetwork, text), smallNetwork), text.replace('1200ms', '1.2s'));
});

test('several scenarios stand in one file, below the comments that are given', () => {
  const text = `# Written by hand.
scenarios:
  - name: one
    at: 2026-03-02T10:00:00Z
    seed: 1
    call: { via: bell, callee: "44" }
  - name: two
    at: 2026-03-02T10:00:00.250Z
    seed: 2
    calls:
      - { via: bell, callee: "44" }
      - via: bell
        callee: none
        at: 5s
        hangUp: never
        repeat: { count: 3, perSecond: 20 }
`;

  assert.is(scenarioYaml(scenariosOf(smallNetwork, text), smallNetwork, ['Written by hand.']), text);
});

test.run();
