import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import type { ReplayedCall } from '../../src/replay/player.ts';
import { exampleDirectory } from '../cli/example-directory.ts';
import { networkIn, recordDay } from './recorded-day.ts';
import { replayed } from './replays.ts';

const test = suite('replay/player');

const network = networkIn();
const day = recordDay(network, { calls: 600 });

/** The network without some of its vendors' gateways. */
function without(...names: readonly string[]): Snapshot {
  const routingGateways = network.routingGateways.map(gateway =>
    names.includes(gateway.name) ? { ...gateway, lines: 0 } : gateway,
  );
  return { ...network, routingGateways };
}

function carriedBy(gateway: string): readonly CallDetailRecord[] {
  return day.filter(
    ({ routingGateway, answeredAtMs }) => routingGateway === gateway && answeredAtMs !== null,
  );
}

function recordOf(calls: ReadonlyMap<string, ReplayedCall>, { callId }: CallDetailRecord): CallDetailRecord {
  const call = calls.get(callId);
  assert.ok(call, `${callId} was not played`);
  return call.record;
}

test('what was recorded comes out again, record for record, with the configuration that made it', () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.integer({ min: 1, max: 1e9 }),
        intervalMs: fc.constantFrom(19_990, 5030, 1990, 1090, 370),
        calls: fc.integer({ min: 1, max: 400 }),
      }),
      options => {
        const records = recordDay(network, options);
        const calls = replayed(network, records);

        assert.is(calls.size, records.length);
        // Only the Call-ID of the caller's dialog is nobody's.
        for (const record of records)
          assert.equal({ ...recordOf(calls, record), sipCallId: '' }, { ...record, sipCallId: '' });
      },
    ),
    { numRuns: 25 },
  );
});

test('behaviours are those of the record, and said to be', () => {
  const calls = [...replayed(network, day).values()];

  assert.ok(calls.some(({ levels }) => levels.length > 1));
  assert.equal([...new Set(calls.flatMap(({ levels }) => levels))], ['recorded']);
});

test('a call that was answered talks as long by another vendor, and the same side hangs up', () => {
  const calls = replayed(without('northlink'), day);
  const moved = carriedBy('northlink').filter(record => recordOf(calls, record).answeredAtMs !== null);

  assert.ok(moved.length > 20, `${moved.length} calls moved`);
  for (const record of moved) {
    const now = recordOf(calls, record);
    assert.is.not(now.routingGateway, 'northlink');
    assert.is(now.endedAtMs - now.answeredAtMs!, record.endedAtMs - record.answeredAtMs!);
    assert.is(now.endedBy, record.endedBy);
  }
});

test('a caller who gave up gives up as early when another vendor only rings', () => {
  const given = day.filter(({ endReason }) => endReason === 'CallerCancel');
  const calls = replayed(without('northlink'), day);

  assert.ok(given.length > 5);
  for (const record of given) {
    const now = recordOf(calls, record);
    if (now.endReason === 'CallerCancel') {
      assert.is(now.endedAtMs - now.startedAtMs, record.endedAtMs - record.startedAtMs);
    } else if (now.answeredAtMs !== null) {
      assert.ok(now.answeredAtMs - now.startedAtMs <= record.endedAtMs - record.startedAtMs);
    }
  }
});

test('a source that a side does not know is refused there as IllegalCall', () => {
  const directory = exampleDirectory();
  rmSync(join(directory.path, 'gateways/mapping/globetalk.yaml'));
  const calls = replayed(networkIn(directory.path), day);
  directory.remove();

  for (const record of day.filter(({ mappingGateway }) => mappingGateway === 'globetalk')) {
    assert.is(recordOf(calls, record).endReason, 'IllegalCall');
  }
});

test('both sides draw the same for the same call and gateway', () => {
  const one = replayed(without('northlink'), day);
  const other = replayed(without('northlink', 'meridian-mobile'), day);
  let compared = 0;
  for (const record of day) {
    for (const attempt of recordOf(one, record).attempts) {
      const twin = recordOf(other, record).attempts.find(({ gateway }) => gateway === attempt.gateway);
      if (twin === undefined) continue;
      compared++;
      assert.equal(
        [twin.status, twin.delayMs, twin.reason],
        [attempt.status, attempt.delayMs, attempt.reason],
      );
    }
  }
  assert.ok(compared > 50, `${compared} attempts compared`);
});

test('another seed draws otherwise, and the same one the same', () => {
  const played = (seed: number): string =>
    JSON.stringify(
      [...replayed(without('northlink'), day, { seed })].map(([, { record }]) => [
        record.callId,
        record.attempts,
      ]),
    );

  assert.is(played(1), played(1));
  assert.is.not(played(1), played(2));
});

test('played later, everything comes at the same distances', () => {
  const laterMs = 7 * 86_400_000;
  const calls = replayed(network, day, { laterMs });

  for (const record of day) {
    const now = recordOf(calls, record);
    assert.is(now.startedAtMs, record.startedAtMs + laterMs);
    assert.is(now.endedAtMs, record.endedAtMs + laterMs);
    assert.is(now.endReason, record.endReason);
  }
});

test('a call that the switch had cut off is cut off again at the same moment, or lasts a second longer', () => {
  const [answered] = carriedBy('northlink');
  const cut: CallDetailRecord = { ...answered!, endedBy: 'switch', endReason: 'MaxCallDuration' };
  const now = recordOf(replayed(network, [cut]), cut);

  assert.is(now.endedAtMs, cut.endedAtMs + 1000);

  const seconds = Math.floor((cut.endedAtMs - cut.answeredAtMs!) / 1000);
  const limited = { ...network, parameters: { ...network.parameters, maxCallDurationSeconds: seconds } };
  const again = recordOf(replayed(limited, [cut]), cut);
  assert.is(again.endReason, 'MaxCallDuration');
  assert.is(again.endedAtMs - again.answeredAtMs!, seconds * 1000);
});

test('a call that was interrupted was carried by the gateway that its record names', () => {
  const [answered] = carriedBy('northlink');
  const interrupted: CallDetailRecord = {
    ...answered!,
    attempts: [],
    endedBy: 'switch',
    endReason: 'Interrupted',
  };
  const now = recordOf(replayed(network, [interrupted]), interrupted);

  assert.is(now.routingGateway, 'northlink');
  assert.is(now.answeredAtMs, interrupted.answeredAtMs);
});

test('a clock that was set back during a call makes it end at once, and stops nothing', () => {
  const [answered, next] = carriedBy('northlink');
  const odd = { ...answered!, endedAtMs: answered!.startedAtMs - 5000 };
  const calls = replayed(network, [odd, next!]);

  assert.is(recordOf(calls, odd).talkSeconds, 0);
  assert.is(recordOf(calls, next!).endReason, next!.endReason);
});

test.run();
