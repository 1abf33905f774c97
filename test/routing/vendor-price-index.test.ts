import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RoutingIndexer } from '../../src/config/compile/routing-indexes.ts';
import type { RateTable } from '../../src/config/snapshot.ts';
import { findRateRow, isLockedRow } from '../../src/rating/rate-table.ts';
import { selectRoute } from '../../src/routing/select-route.ts';
import {
  buildVendorPriceIndex,
  priceWidth,
  timedPrice,
  vendorTablesOf,
} from '../../src/routing/vendor-price-index-builder.ts';
import { noPriceNumber, VendorPriceRuns } from '../../src/routing/vendor-price-runs.ts';
import { idleState, requestFor } from '../support/routing-state.ts';
import {
  buildSnapshot,
  type RateDescription,
  type SnapshotDescription,
} from '../support/snapshot-builder.ts';

const test = suite('routing/vendor-price-index');

const nowMs = requestFor('1').atMs;

const prefix = fc.oneof(fc.stringMatching(/^[45]{0,4}$/), fc.stringMatching(/^[aB4*#5]{0,3}$/));
const number = fc.oneof(fc.stringMatching(/^[45]{0,6}$/), fc.stringMatching(/^[aBc4*#5é ]{0,5}$/));
const period = fc.constantFrom<readonly [from: number, until: number]>(
  [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  [Number.NEGATIVE_INFINITY, nowMs],
  [nowMs, Number.POSITIVE_INFINITY],
  [nowMs - 1000, nowMs + 1000],
);
const row = fc
  .record({
    prefix,
    rate: fc.constantFrom('0', '0.01', '0.02', '0.5'),
    unitSeconds: fc.constantFrom(1, 60),
    locked: fc.boolean(),
    period,
  })
  .map(({ period: [effectiveFromMs, effectiveUntilMs], ...rest }) => ({
    ...rest,
    effectiveFromMs,
    effectiveUntilMs,
  }));
const rows = fc.uniqueArray(row, { selector: each => each.prefix, maxLength: 12 }).map(each =>
  each.flatMap((one): RateDescription[] => {
    if (one.effectiveUntilMs !== nowMs) return [one];
    // Where a price ends another one begins, at a prefix that has both.
    const next = { ...one, rate: '0.03', effectiveFromMs: nowMs, effectiveUntilMs: Number.POSITIVE_INFINITY };
    return one.locked ? [one] : [one, next];
  }),
);

function tablesOf(all: readonly (readonly RateDescription[])[]): readonly RateTable[] {
  return buildSnapshot({ rates: all.map((rows, i) => ({ name: `table-${i}`, rows })) }).rateTables;
}

/** What the table says of the number by itself, as the index would put it. */
function byItself(table: RateTable, callee: string): string {
  const row = findRateRow(table, callee, nowMs);
  if (row < 0) return 'nothing';
  const { rate, unitSeconds } = table;
  const perSecond = rate[row]! / unitSeconds[row]!;
  return [perSecond, rate[row], unitSeconds[row], isLockedRow(table, row) ? 1 : 0].join();
}

test('the index says of every table what the table says by itself, or that the table must be asked', () => {
  let told = 0;
  fc.assert(
    fc.property(
      fc.array(rows, { maxLength: 9 }),
      fc.array(number, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(0, 5, 256),
      fc.constantFrom(1, 2, 20),
      (all, callees, mostSpread, priceBits) => {
        const tables = tablesOf(all);
        const index = buildVendorPriceIndex(
          tables,
          tables.map((_, i) => i),
          priceBits,
        );
        const runs = new VendorPriceRuns(index, mostSpread, 2 ** 52 - 3);
        for (const callee of callees) {
          runs.ask(callee);
          for (const [place, table] of tables.entries()) {
            const price = runs.priceOf(place);
            if (price === timedPrice) continue;
            const from = priceWidth * price;
            const said =
              price === noPriceNumber ? 'nothing' : index.prices.slice(from, from + priceWidth).join();
            assert.is(said, byItself(table, callee), `table ${place} for ${callee}`);
            if (price !== noPriceNumber) told++;
          }
        }
      },
    ),
    { numRuns: 500 },
  );
  assert.ok(told > 500, `only ${told} prices were told`);
});

test('a table is asked itself only where the longest prefix has a price that begins or ends', () => {
  const timed = { effectiveFromMs: nowMs };
  const tables = tablesOf([
    [
      { prefix: '4', rate: '0.01' },
      { prefix: '44', rate: '0.02', ...timed },
      { prefix: '445', rate: '0.03', locked: true },
    ],
  ]);
  const runs = new VendorPriceRuns(buildVendorPriceIndex(tables, [0]));
  const numberOf = (callee: string) => {
    runs.ask(callee);
    return runs.priceOf(0);
  };

  assert.is.not(numberOf('45'), timedPrice);
  assert.is(numberOf('447'), timedPrice);
  assert.is.not(numberOf('4455'), timedPrice);
  assert.is(numberOf('5'), noPriceNumber);
});

const gateway = (name: string) => ({ name, clearingAccount: name, prefixes: ['4'], checkRate: true });

test('routes are the same with the index and without it', () => {
  fc.assert(
    fc.property(
      fc.array(rows, { minLength: 5, maxLength: 5 }),
      fc.array(number, { minLength: 1, maxLength: 6 }),
      (all, callees) => {
        const description: SnapshotDescription = {
          rates: all.map((each, i) => ({ name: `table-${i}`, rows: each })),
          calendars: [],
          accounts: [
            { name: 'one', kind: 'vendor', rateTable: 'table-0' },
            { name: 'two', kind: 'vendor', rateTable: 'table-1', privateRateTable: 'table-2' },
            { name: 'three', kind: 'vendor', rateTable: 'table-3', privateRateTable: 'table-0' },
            { name: 'four', kind: 'vendor' },
          ],
          mappingGateways: [{ name: 'customer', firstRoutePolicy: 'rate', minimumProfitPercent: -50 }],
          routingGateways: [
            gateway('one'),
            { ...gateway('two'), leastCostRouting: true },
            { ...gateway('three'), leastCostRouting: true, rateByNumberSent: true },
            gateway('four'),
          ],
          parameters: { freeNumbers: ['444*'] },
        };
        const indexed = buildSnapshot(description);
        const bare = buildSnapshot({ ...description, withoutIndexes: true });
        for (const callee of callees) {
          const request = requestFor(`4${callee}`, {
            customerRate: { amount: 1e8, seconds: 60 },
            numberSentToRate: () => `5${callee}`,
          });
          assert.equal(
            selectRoute(indexed, idleState, request, true),
            selectRoute(bare, idleState, request, true),
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

const networkAsking: SnapshotDescription = {
  rates: [
    { name: 'retail', rows: [{ prefix: '4', rate: '0.03' }] },
    { name: 'shared', rows: [{ prefix: '4', rate: '0.01' }] },
    { name: 'private', rows: [{ prefix: '44', rate: '0.02' }] },
  ],
  accounts: [
    { name: 'blue', kind: 'customer', rateTable: 'retail' },
    { name: 'acme', kind: 'vendor', rateTable: 'shared', privateRateTable: 'private' },
  ],
  mappingGateways: [{ name: 'blue', account: 'blue' }],
  routingGateways: [gateway('acme')].map(each => ({ ...each, clearingAccount: 'acme' })),
};

test('only tables of vendors whose price some rule asks for are in the index', () => {
  const silent = { ...networkAsking, routingGateways: [{ name: 'acme', clearingAccount: 'acme' }] };
  const customerAsks = {
    ...silent,
    mappingGateways: [{ name: 'blue', account: 'blue', minimumProfitPercent: 0 }],
  };

  assert.equal(vendorTablesOf(buildSnapshot(networkAsking)), [1, 2]);
  assert.equal(vendorTablesOf(buildSnapshot(silent)), []);
  assert.equal(vendorTablesOf(buildSnapshot(customerAsks)), [1, 2]);
});

test('the index is kept while its tables are, even when they stand elsewhere among the others', () => {
  const indexer = new RoutingIndexer();
  const snapshot = buildSnapshot(networkAsking);
  const first = indexer.of(snapshot).vendorPrices;
  const [retail, shared, own] = snapshot.rateTables;
  const [blue, acme] = snapshot.accounts;
  const moved = {
    ...snapshot,
    rateTables: [shared!, own!, retail!],
    accounts: [blue!, { ...acme!, rateTable: 0, privateRateTable: 1 }],
  };
  const another = buildSnapshot(networkAsking);

  assert.is(indexer.of(snapshot).vendorPrices.runs, first.runs);
  assert.is(indexer.of(moved).vendorPrices.runs, first.runs);
  assert.equal(indexer.of(moved).vendorPrices.tables, [0, 1]);
  assert.is.not(indexer.of(another).vendorPrices.runs, first.runs);
  assert.equal(indexer.of(another).vendorPrices, first);
});

test.run();
