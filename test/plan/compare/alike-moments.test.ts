import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AlikeMoments } from '../../../src/plan/compare/alike-moments.ts';
import { momentsOf } from '../../../src/plan/compare/times.ts';
import { dailyCalendar } from '../../support/calendars.ts';
import { buildSnapshot, type SnapshotDescription } from '../../support/snapshot-builder.ts';

const test = suite('plan/compare/alike-moments');

const nowMs = Date.parse('2026-07-01T12:00:00Z');
const calendars = [dailyCalendar('evening', 18 * 60, 24 * 60), dailyCalendar('lunch', 13 * 60, 14 * 60)];
const tables = [
  { name: 'day', rows: [{ prefix: '44', rate: '0.2' }] },
  { name: 'cheap', rows: [{ prefix: '44', rate: '0.1' }] },
];

function network(more: SnapshotDescription = {}) {
  return buildSnapshot({
    calendars,
    rates: tables,
    accounts: [
      {
        name: 'timed',
        kind: 'customer',
        rateTable: 'day',
        timedRateTables: [{ calendar: 'evening', rateTable: 'cheap' }],
      },
      { name: 'plain', kind: 'customer', rateTable: 'day' },
      { name: 'vendor', kind: 'vendor', rateTable: 'cheap' },
    ],
    mappingGateways: [
      { name: 'timed', account: 'timed' },
      { name: 'plain', account: 'plain' },
    ],
    routingGateways: [{ name: 'acme', clearingAccount: 'vendor', prefixes: ['44'] }],
    ...more,
  });
}

/** By moment, at which clock it is, and the one of the first moment that is alike to the customer. */
function firsts(before: ReturnType<typeof network>, after: ReturnType<typeof network>, customer: number) {
  const { moments } = momentsOf(before, after, nowMs, 100);
  const alike = new AlikeMoments(before, after, moments);
  const clocks = moments.map(({ time }) => time.at.slice(5, 16));
  return alike
    .firstsFor([before.mappingGateways[customer]!, after.mappingGateways[customer]!])
    .map((first, moment) => `${clocks[moment]} as ${clocks[first]}`);
}

test('a customer without calendars is served alike at all moments', () => {
  assert.equal(firsts(network(), network(), 1), [
    '07-01T12:00 as 07-01T12:00',
    '07-01T13:00 as 07-01T12:00',
    '07-01T18:00 as 07-01T12:00',
  ]);
});

test('a customer who pays by a calendar is served otherwise when that is changed, and at no other moment', () => {
  assert.equal(firsts(network(), network(), 0), [
    '07-01T12:00 as 07-01T12:00',
    '07-01T13:00 as 07-01T12:00',
    '07-01T18:00 as 07-01T18:00',
  ]);
});

test('what is the same is found once, and kept as long as a moment needs it', () => {
  const side = network();
  const { moments } = momentsOf(side, side, nowMs, 100);
  const asked: number[] = [];
  const recalled = (customer: number): readonly number[] => {
    const alike = new AlikeMoments<number>(side, side, moments);
    const gateway = side.mappingGateways[customer]!;
    const group = { gateways: [gateway.name], accounts: [], on: 'both' } as const;
    return moments.map((_, place) =>
      alike.recall({ group, before: gateway, after: gateway }, place, () => asked.push(place)),
    );
  };

  assert.equal([recalled(1), asked.splice(0)], [[1, 1, 1], [0]]);
  assert.equal(
    [recalled(0), asked.splice(0)],
    [
      [1, 1, 2],
      [0, 2],
    ],
  );
});

test('what vendors are paid by counts for every customer, on whatever side', () => {
  const timed = {
    name: 'vendor',
    kind: 'vendor' as const,
    rateTable: 'cheap',
    timedRateTables: [{ calendar: 'lunch', rateTable: 'day' }],
  };
  const other = network({
    accounts: [
      { name: 'timed', kind: 'customer', rateTable: 'day' },
      { name: 'plain', kind: 'customer', rateTable: 'day' },
      timed,
    ],
  });

  const expected = ['07-01T12:00 as 07-01T12:00', '07-01T13:00 as 07-01T13:00', '07-01T18:00 as 07-01T12:00'];
  assert.equal(firsts(other, network(), 1), expected);
  assert.equal(firsts(network(), other, 1), expected);
});

test('behind the beginning of a rate nothing is as before', () => {
  const rows = [{ prefix: '442', rate: '0.3', effectiveFromMs: Date.parse('2026-07-01T12:30:00Z') }];
  const [day, cheap] = tables;
  const later = network({ rates: [{ ...day!, rows: [...day!.rows, ...rows] }, cheap!] });

  const [now, behind, ...rest] = firsts(later, later, 1);
  assert.is(now, '07-01T12:00 as 07-01T12:00');
  assert.is(behind, '07-01T12:30 as 07-01T12:30');
  for (const one of rest) assert.match(one, / as 07-01T12:30$/);
});

test.run();
