import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCallIds } from '../../src/live/call-ids.ts';
import { createClock } from '../../src/live/clock.ts';
import { createTextLog } from '../../src/live/text-log.ts';
import { money, moneyText } from '../../src/rating/money.ts';

const test = suite('live/text-log');

test('an event is one line, whatever the network put into it', () => {
  const lines: string[] = [];
  const log = createTextLog({ write: line => lines.push(line), now: () => 0 });

  log.info('Ready', { listening: 'udp/127.0.0.1:5060', calls: 3, draining: false, commit: null });
  log.error('Odd', { caller: 'a "b"\r\n2026 forged \u001b[31m \u009b31m \u202e' });

  assert.equal(lines, [
    '1970-01-01T00:00:00.000Z info  Ready listening=udp/127.0.0.1:5060 calls=3 draining=false commit=null\n',
    '1970-01-01T00:00:00.000Z error Odd caller="a \\"b\\"\\r\\n2026 forged \\u001b[31m \\u009b31m \\u202e"\n',
  ]);
});

test('call ids are unique and grow with time', () => {
  const first = createCallIds(1_000_000_000_000, Uint8Array.of(1, 2, 3, 4));
  const second = createCallIds(1_000_000_000_001, Uint8Array.of(0, 0, 0, 0));
  const ids = [...Array.from({ length: 100 }, () => first()), ...Array.from({ length: 100 }, () => second())];

  assert.is(new Set(ids).size, 200);
  assert.equal([...ids].sort(), ids);
});

test('the clock is whole milliseconds near the wall clock and never runs backwards', () => {
  const clock = createClock();
  const times = Array.from({ length: 1000 }, () => clock());

  assert.ok(times.every(Number.isInteger));
  assert.equal(
    [...times].sort((a, b) => a - b),
    times,
  );
  assert.ok(Math.abs(times[0]! - Date.now()) < 5000);
});

test('money for people is exact and has two decimals at least', () => {
  assert.equal(
    [0n, 1n, -150_000_000n, 9_007_199_254_740_993n].map(units => moneyText(money(units))),
    ['0.00', '0.00000001', '-1.50', '90071992.54740993'],
  );
});

test.run();
