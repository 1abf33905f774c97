/** What the rows of a rate table say, in one short text, whatever their order in the file. */
import { createHash, type Hash } from 'node:crypto';
import { forEachValue, shapeOf } from '../../prefixes/trie-shape.ts';
import type { RateRowExtras, RateTable } from '../snapshot.ts';

type Column = Exclude<
  keyof RateTable,
  'index' | 'name' | 'source' | 'prefixes' | 'rowCount' | 'nextRow' | 'line' | 'rowFile' | 'extras'
>;

/** All that a row says by itself: the compiler misses a column here that is added there. */
const columns = Object.keys({
  rate: true,
  unitSeconds: true,
  firstIncrementSeconds: true,
  nextIncrementSeconds: true,
  connectFee: true,
  locked: true,
  level: true,
  effectiveFromMs: true,
  effectiveUntilMs: true,
} satisfies Record<Column, true>) as readonly Column[];

type Numbers = Float64Array | Uint32Array | Int32Array | Uint8Array;

/** SHA-256 over the rows by prefix and time. Rows of the same prefix never count at the same time. */
export function rowsDigest(table: RateTable): string {
  const hash = createHash('sha256');
  hash.update(shapeOf(table.prefixes));
  const order = new Uint32Array(table.rowCount);
  /** 1 where the next row has the same prefix. */
  const goesOn = new Uint8Array(table.rowCount);
  let count = 0;
  forEachValue(table.prefixes, first => {
    for (let row = first; row >= 0; row = table.nextRow[row]!) {
      if (table.nextRow[row]! >= 0) goesOn[count] = 1;
      order[count++] = row;
    }
  });
  addColumn(hash, 'goesOn', goesOn, null);
  for (const name of columns) addColumn(hash, name, table[name], order);
  if (table.extras.ofRow.length > 0) addExtras(hash, table.extras, order);
  return hash.digest('hex');
}

function inOrder(column: Numbers, order: Uint32Array): Numbers {
  const ordered = column.slice();
  for (let i = 0; i < order.length; i++) ordered[i] = column[order[i]!]!;
  return ordered;
}

/** Most columns of most decks hold one value from top to bottom, which is quickly said. */
function addColumn(hash: Hash, name: string, column: Numbers, order: Uint32Array | null): void {
  const [first = 0] = column;
  let same = 1;
  while (same < column.length && column[same] === first) same++;
  const isConstant = same >= column.length;
  hash.update(`${name} ${isConstant ? first : 'each'}\n`);
  if (!isConstant) hash.update(order === null ? column : inOrder(column, order));
}

function addExtras(hash: Hash, extras: RateRowExtras, order: Uint32Array): void {
  for (const [at, row] of order.entries()) {
    const combination = extras.ofRow[row]!;
    if (combination === 0) continue;
    const [from, to] = [extras.stageStart[combination]!, extras.stageStart[combination + 1]!];
    const seconds = extras.stageSeconds.slice(from, to).join();
    const fees = extras.stageFee.slice(from, to).join();
    hash.update(`${at} ${extras.freeSeconds[combination]} ${seconds} ${fees}\n`);
  }
}
