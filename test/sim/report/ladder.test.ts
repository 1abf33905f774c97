import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ladderLines } from '../../../src/sim/report/ladder.ts';
import type { TraceEvent } from '../../../src/sim/scenario/played.ts';
import { startMs } from '../played-calls.ts';

const test = suite('sim/report/ladder');

function event(atMs: number, from: string, to: string, text: string): TraceEvent {
  return { atMs: startMs + atMs, callId: 'call-1', from, to, text };
}

const hunt = [
  event(0, 'caller', 'switch', 'INVITE 447700900123'),
  event(0, 'switch', 'northlink', 'INVITE 447700900123'),
  event(200, 'northlink', 'switch', '503 Service Unavailable'),
  event(200, 'switch', 'meridian', 'INVITE 447700900123'),
  event(300, 'meridian', 'switch', '100 Trying'),
  event(60_300, 'switch', 'switch', 'ringing timeout'),
  event(60_300, 'switch', 'meridian', 'CANCEL'),
  event(60_300, 'switch', 'caller', '408 Request Timeout'),
];

const options = { width: 100, mostEvents: null };

test('shows who said what to whom, and when', () => {
  assert.equal(ladderLines(hunt, startMs, options), [
    '        caller                   switch                       northlink   meridian',
    ' 0.000  ├─ INVITE 447700900123 ─▶│                            │           │',
    '        │                        ├─ INVITE 447700900123 ─────▶│           │',
    ' 0.200  │                        │◀ 503 Service Unavailable ──┤           │',
    '        │                        ├─ INVITE 447700900123 ─────────────────▶│',
    ' 0.300  │                        │◀ 100 Trying ───────────────────────────┤',
    '60.300  │                        ● ringing timeout            │           │',
    '        │                        ├─ CANCEL ──────────────────────────────▶│',
    '        │◀ 408 Request Timeout ──┤                            │           │',
  ]);
});

test('gateways for which there is no room share a lane, and each message says whose it is', () => {
  const many = ['alpha-telecom-one', 'beta', 'gamma', 'delta', 'epsilon'].flatMap((gateway, index) => [
    event(index * 100, 'switch', gateway, 'INVITE 00447700900123'),
    event(index * 100 + 50, gateway, 'switch', '503 Service Unavailable'),
  ]);
  const lines = ladderLines([hunt[0]!, ...many], startMs, options);

  assert.match(lines[0]!, /caller +switch +gateways$/);
  assert.match(lines[2]!, '├─ alpha-telecom-one: INVITE 00447700900123 ');
});

test('two gateways keep their lanes, and a text that is too long gives way', () => {
  const busy = [
    event(0, 'caller', 'switch', 'INVITE 447700900123'),
    event(0, 'switch', 'meridian-mobile', 'INVITE 447700900123'),
    event(200, 'meridian-mobile', 'switch', '503 Service Unavailable (Retry-After: 120)'),
    event(200, 'switch', 'northlink', 'INVITE 447700900123'),
  ];
  const lines = ladderLines(busy, startMs, { width: 96, mostEvents: null });

  assert.match(lines[0]!, /caller +switch +meridian-mobile +northlink$/);
  assert.match(lines[3]!, '503 Service Unavailable (');
  assert.match(lines[3]!, '… ─┤');
});

test('what is left out of a long story is counted', () => {
  const lines = ladderLines(hunt, startMs, { width: 100, mostEvents: 3 });

  assert.is(lines.length, 5);
  assert.match(lines[4]!, '… and 5 more');
});

test('a call of which nothing is known has no ladder', () => {
  assert.equal(ladderLines([], startMs, options), []);
});

test('nothing in a story steers a terminal', () => {
  const [, line] = ladderLines([event(0, 'caller', 'switch', '\u001b[2J')], startMs, options);

  assert.match(line!, '\\u001b[2J');
});

test('no ladder is wider than it may be, and every event has its line', () => {
  const names = fc.constantFrom(
    'caller',
    'switch',
    'a',
    'northlink',
    'a-gateway-with-a-very-long-name-indeed',
    'b',
    'c',
  );
  const events = fc.array(
    fc.record({ at: fc.nat(1e9), from: names, to: names, text: fc.string({ maxLength: 120 }) }),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(events, fc.integer({ min: 60, max: 140 }), (made, width) => {
      const lines = ladderLines(
        made.map(one => event(one.at, one.from, one.to, one.text)),
        startMs,
        {
          width,
          mostEvents: null,
        },
      );
      assert.is(lines.length, made.length + 1);
      for (const line of lines) assert.ok([...line].length <= width, line);
    }),
  );
});

test.run();
