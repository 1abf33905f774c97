/**
 * What pricing costs: building a rate table of a million rows, finding the row of a number, and the exact
 * arithmetic of one charge. One JSON object a line. `node dist/bench/rating.js [seconds per measurement] [seed]`
 */
import type { RateTable } from '../src/config/snapshot.ts';
import { trieBytes } from '../src/prefixes/prefix-trie.ts';
import { chargeFor } from '../src/rating/charge.ts';
import { affordableSeconds } from '../src/rating/credit.ts';
import { parseRate } from '../src/rating/decimal.ts';
import { parseMoney } from '../src/rating/money.ts';
import { findRateRow, rateOfRow } from '../src/rating/rate-table.ts';
import { RateTableBuilder } from '../src/rating/rate-table-builder.ts';
import { distinctNumberPlan, randomSource } from './support/number-plan.ts';

const rowCount = 1_000_000;
const callCount = 50_000;
const seconds = Number(process.argv[2] ?? 2);
const seed = Number(process.argv[3] ?? 1);
const random = randomSource(seed);

const prefixes = distinctNumberPlan(random, rowCount).sort();
const prices = Array.from({ length: rowCount }, () => `0.${String(random.below(100_000)).padStart(5, '0')}`);

const started = performance.now();
const table = buildTable();
const buildMs = performance.now() - started;
report('build', {
  rows: rowCount,
  buildMs: Math.round(buildMs),
  nanosecondsPerRow: Math.round((buildMs / rowCount) * 1e6),
  bytesPerRow: Math.round(tableBytes(table) / rowCount),
});

const callees = Array.from({ length: callCount }, () => {
  const prefix = prefixes[random.below(rowCount)]!;
  return Buffer.from(prefix + String(random.below(1e9)).padStart(9, '0')).toString('latin1');
});
measure('findRateRow', i => findRateRow(table, callees[i]!, 0));

const rates = callees.map(callee => rateOfRow(table, findRateRow(table, callee, 0), 0));
measure('rateOfRow', i => rateOfRow(table, i, 0).unitSeconds);
measure('chargeFor', i => chargeFor(rates[i]!, 1 + (i % 600), 6).billedSeconds);
const usable = parseMoney('12.345678')!;
measure('affordableSeconds', i => affordableSeconds(rates[i]!, usable, 6));
measure('parseRate', i => parseRate(prices[i]!) ?? 0);

function buildTable(): RateTable {
  const builder = new RateTableBuilder();
  for (let i = 0; i < rowCount; i++) {
    builder.add({
      prefix: prefixes[i]!,
      rate: parseRate(prices[i]!)!,
      unitSeconds: 60,
      firstIncrementSeconds: 30,
      nextIncrementSeconds: 6,
      connectFee: 0,
      locked: false,
      effectiveFromMs: Number.NEGATIVE_INFINITY,
      effectiveUntilMs: Number.POSITIVE_INFINITY,
      line: i + 2,
    });
  }
  const source = { file: 'rates/deck.yaml', line: 1, column: 1 };
  return builder.build({ index: 0, name: 'deck', source, rowFile: 'rates/deck.csv' });
}

/** Calls `work` with 0 to `callCount - 1` over and over; its results are added up so that none is left out. */
function measure(what: string, work: (i: number) => number): void {
  let sum = 0;
  for (let i = 0; i < callCount; i++) sum += work(i);
  let count = 0;
  const begun = performance.now();
  let elapsedMs = 0;
  while (elapsedMs < seconds * 1000) {
    for (let i = 0; i < callCount; i++) sum += work(i);
    count += callCount;
    elapsedMs = performance.now() - begun;
  }
  if (Number.isNaN(sum)) throw new Error(`${what} gave no number`);
  report(what, {
    perSecond: Math.round((count / elapsedMs) * 1000),
    nanoseconds: Math.round((elapsedMs / count) * 1e6),
  });
}

function tableBytes(of: RateTable): number {
  const columns = [of.rate, of.unitSeconds, of.firstIncrementSeconds, of.nextIncrementSeconds, of.connectFee];
  const periods = [of.locked, of.effectiveFromMs, of.effectiveUntilMs, of.nextRow, of.line];
  return [...columns, ...periods].reduce((sum, column) => sum + column.byteLength, trieBytes(of.prefixes));
}

function report(what: string, figures: Readonly<Record<string, number>>): void {
  console.log(JSON.stringify({ bench: 'rating', what, ...figures }));
}
