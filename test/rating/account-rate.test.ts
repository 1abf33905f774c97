import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Account, Snapshot } from '../../src/config/snapshot.ts';
import { findAccountRate, isUnrated, rateTablesAt } from '../../src/rating/account-rate.ts';
import { dailyCalendar } from '../support/calendars.ts';
import { type AccountDescription, buildSnapshot } from '../support/snapshot-builder.ts';

const test = suite('rating/account-rate');

const noon = Date.parse('2026-07-01T12:00:00Z');
const evening = Date.parse('2026-07-01T19:00:00Z');
const night = Date.parse('2026-07-01T23:00:00Z');

function snapshotOf(part: Partial<AccountDescription>): Snapshot {
  return buildSnapshot({
    parameters: { freeNumbers: ['112', '0800*'] },
    accounts: [{ name: 'acme', rateTable: 'day', ...part }],
    rates: [
      { name: 'day', rows: ['44', '447', '1'].map(prefix => ({ prefix, rate: '1' })) },
      { name: 'evening', rows: [{ prefix: '44', rate: '2' }] },
      { name: 'night', rows: [{ prefix: '44', rate: '3' }] },
      {
        name: 'own',
        rows: [
          { prefix: '447', rate: '4', effectiveFromMs: evening },
          { prefix: '4', rate: '5', effectiveUntilMs: night },
          { prefix: '1800', rate: '0', locked: true },
        ],
      },
    ],
    calendars: [dailyCalendar('evenings', 18 * 60, 24 * 60), dailyCalendar('nights', 22 * 60, 30 * 60)],
  });
}

const timedRateTables = [
  { calendar: 'nights', rateTable: 'night' },
  { calendar: 'evenings', rateTable: 'evening' },
];

/** Table and prefix of the row, or none. */
function found(snapshot: Snapshot, callee: string, atMs: number): string {
  const rate = findAccountRate(snapshot, account(snapshot), callee, atMs);
  return rate === null ? 'none' : `${rate.table.name} ${callee.slice(0, rate.prefixLength)}`;
}

function account(snapshot: Snapshot): Account {
  return snapshot.accounts[0]!;
}

test('the first calendar that the time lies in says which table counts, and none the ordinary one', () => {
  const snapshot = snapshotOf({ timedRateTables });
  assert.is(found(snapshot, '447', noon), 'day 447');
  assert.is(found(snapshot, '447', evening), 'evening 44');
  assert.is(found(snapshot, '447', night), 'night 44');
  const other = snapshotOf({ timedRateTables: [...timedRateTables].reverse() });
  assert.is(found(other, '447', night), 'evening 44');
});

test('what the table of the time does not price has no price then', () => {
  const snapshot = snapshotOf({ timedRateTables });
  assert.is(found(snapshot, '1202', noon), 'day 1');
  assert.is(found(snapshot, '1202', evening), 'none');
});

test('the private table comes first, even with a shorter prefix, and only for what it prices at the time', () => {
  const snapshot = snapshotOf({ privateRateTable: 'own', timedRateTables });
  assert.is(found(snapshot, '447', noon), 'own 4');
  assert.is(found(snapshot, '447', evening), 'own 447');
  assert.is(found(snapshot, '44', night), 'night 44');
  assert.is(found(snapshot, '1202', noon), 'day 1');
  assert.is(found(snapshot, '1800', noon), 'own 1800');
});

test('names the tables that are asked, in their order', () => {
  const names = (snapshot: Snapshot, atMs: number) =>
    rateTablesAt(snapshot, account(snapshot), atMs).map(({ name }) => name);
  assert.equal(names(snapshotOf({ privateRateTable: 'own', timedRateTables }), evening), ['own', 'evening']);
  assert.equal(names(snapshotOf({}), evening), ['day']);
  const unrated = buildSnapshot({ accounts: [{ name: 'acme' }] });
  assert.equal(names(unrated, evening), []);
});

test('an account without prices, and a number that is never billed, need no rate', () => {
  const snapshot = snapshotOf({});
  assert.not.ok(isUnrated(snapshot, account(snapshot), '44'));
  assert.ok(isUnrated(snapshot, account(snapshot), '112'));
  assert.ok(isUnrated(snapshot, account(snapshot), '08001'));
  const free = buildSnapshot({ accounts: [{ name: 'acme' }] });
  assert.ok(isUnrated(free, account(free), '44'));
});

test.run();
