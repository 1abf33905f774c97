/** Which prefixes of which tables are not the same on both sides. */
import type { LrnTable, NumberList, RateTable, RouteTable, Snapshot } from '../../config/snapshot.ts';
import { walkMerged } from '../../prefixes/merged-walk.ts';
import type { PrefixTrie } from '../../prefixes/prefix-trie.ts';
import { nextEntry } from '../../routing/route-table.ts';
import type { ChangedShare } from '../plan.ts';
import { trieOfTexts } from '../space/prefix-texts.ts';

export interface Counted {
  before: number;
  after: number;
  added: number;
  removed: number;
  changed: number;
}

export interface ChangedRoutes {
  /** By the name of a gateway. */
  readonly byGateway: ReadonlyMap<string, readonly string[]>;
  readonly share: ChangedShare;
}

export function nothingCounted(): Counted {
  return { before: 0, after: 0, added: 0, removed: 0, changed: 0 };
}

/** The prefixes of gateways of which the entry is new, gone or of another mode; and all those of `gateways`. */
export function changedRoutes(
  before: Snapshot,
  after: Snapshot,
  gateways: ReadonlySet<string>,
): ChangedRoutes {
  const byGateway = new Map<string, string[]>();
  const share = nothingCounted();
  walkMerged([before.routes.trie, after.routes.trie], {
    enter(at) {
      let ofBefore: Map<string, number> = noEntries;
      let ofAfter: Map<string, number> = noEntries;
      for (let i = 0; i < at.count; i++) {
        if (at.tries[i] === 0) ofBefore = entriesAt(before, before.routes, at.values[i]!);
        else ofAfter = entriesAt(after, after.routes, at.values[i]!);
      }
      share.before += ofBefore.size;
      share.after += ofAfter.size;
      for (const name of countEntries(ofBefore, ofAfter, gateways, share)) {
        const prefixes = byGateway.get(name);
        if (prefixes === undefined) byGateway.set(name, [at.prefix]);
        else prefixes.push(at.prefix);
      }
    },
    leave() {},
  });
  return { byGateway, share };
}

const noEntries = new Map<string, number>();

function entriesAt({ routingGateways }: Snapshot, routes: RouteTable, first: number): Map<string, number> {
  const entries = new Map<string, number>();
  for (let entry = first; entry >= 0; entry = nextEntry(routes, entry)) {
    entries.set(routingGateways[routes.gateway[entry]!]!.name, routes.expiration[entry]!);
  }
  return entries;
}

/** Returns the gateways whose entries make a difference. */
function countEntries(
  before: Map<string, number>,
  after: Map<string, number>,
  gateways: ReadonlySet<string>,
  share: Counted,
): readonly string[] {
  const different: string[] = [];
  for (const [name, mode] of after) {
    const old = before.get(name);
    if (old === undefined) share.added++;
    else if (old !== mode) share.changed++;
    if (old !== mode || gateways.has(name)) different.push(name);
  }
  for (const name of before.keys()) {
    if (after.has(name)) continue;
    share.removed++;
    different.push(name);
  }
  return different;
}

/** Of tables that both sides have by the name, the prefixes with other rows. */
export function changedRates(
  before: Snapshot,
  after: Snapshot,
): { readonly byTable: ReadonlyMap<string, PrefixTrie>; readonly share: ChangedShare } {
  const byTable = new Map<string, PrefixTrie>();
  const share = nothingCounted();
  const old = new Map(before.rateTables.map(table => [table.name, table]));
  for (const table of after.rateTables) {
    const other = old.get(table.name);
    share.after += table.rowCount;
    if (other === undefined) {
      share.added += table.rowCount;
      continue;
    }
    old.delete(table.name);
    share.before += other.rowCount;
    if (isSameTable(other, table)) continue;
    const trie = changedRows(other, table, share);
    if (trie.prefixCount > 0) byTable.set(table.name, trie);
  }
  for (const gone of old.values()) {
    share.before += gone.rowCount;
    share.removed += gone.rowCount;
  }
  return { byTable, share };
}

function changedRows(before: RateTable, after: RateTable, share: Counted): PrefixTrie {
  const prefixes: string[] = [];
  walkMerged([before.prefixes, after.prefixes], {
    enter(at) {
      let old = -1;
      let now = -1;
      for (let i = 0; i < at.count; i++) {
        if (at.tries[i] === 0) old = at.values[i]!;
        else now = at.values[i]!;
      }
      if (countRows(before, old, after, now, share)) prefixes.push(at.prefix);
    },
    leave() {},
  });
  return trieOfTexts(prefixes);
}

/** The rows of one prefix, newest first, matched by their beginnings. Returns whether any is not the same. */
export function countRows(
  before: RateTable,
  firstBefore: number,
  after: RateTable,
  firstAfter: number,
  share: Counted,
): boolean {
  let old = firstBefore;
  let now = firstAfter;
  let differs = false;
  while (old >= 0 || now >= 0) {
    const from = old < 0 ? Number.NaN : before.effectiveFromMs[old]!;
    const start = now < 0 ? Number.NaN : after.effectiveFromMs[now]!;
    if (from === start) {
      if (!isSameRow(before, old, after, now)) {
        share.changed++;
        differs = true;
      }
      old = before.nextRow[old]!;
      now = after.nextRow[now]!;
      continue;
    }
    differs = true;
    if (old < 0 || start > from) {
      share.added++;
      now = after.nextRow[now]!;
    } else {
      share.removed++;
      old = before.nextRow[old]!;
    }
  }
  return differs;
}

const columns = [
  'rate',
  'unitSeconds',
  'firstIncrementSeconds',
  'nextIncrementSeconds',
  'connectFee',
  'locked',
  'effectiveFromMs',
  'effectiveUntilMs',
] as const;

function isSameRow(a: RateTable, rowOfA: number, b: RateTable, rowOfB: number): boolean {
  for (const column of columns) if (a[column][rowOfA] !== b[column][rowOfB]) return false;
  if ((a.level[rowOfA] ?? 0) !== (b.level[rowOfB] ?? 0)) return false;
  return extrasText(a, rowOfA) === extrasText(b, rowOfB);
}

function extrasText({ extras }: RateTable, row: number): string {
  const extra = extras.ofRow[row] ?? 0;
  if (extra === 0) return '';
  const from = extras.stageStart[extra]!;
  const to = extras.stageStart[extra + 1]!;
  return `${extras.freeSeconds[extra]!} ${extras.stageSeconds.slice(from, to)} ${extras.stageFee.slice(from, to)}`;
}

/** Whether they are laid out alike, which tables of the same file are. */
export function isSameTable(a: RateTable, b: RateTable): boolean {
  if (a === b) return true;
  if (a.rowCount !== b.rowCount || a.extras.ofRow.length > 0 || b.extras.ofRow.length > 0) return false;
  return (
    isSameTrie(a.prefixes, b.prefixes) &&
    columns.every(column => isSameMemory(a[column], b[column])) &&
    isSameMemory(a.level, b.level) &&
    isSameMemory(a.nextRow, b.nextRow)
  );
}

export function isSameTrie(a: PrefixTrie, b: PrefixTrie): boolean {
  return isSameMemory(a.nodes, b.nodes);
}

function isSameMemory(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Of lists that both sides have by the name, the numbers and prefixes that are new, gone or meant otherwise. */
export function changedLists(before: Snapshot, after: Snapshot): ReadonlyMap<string, PrefixTrie> {
  const old = new Map(before.numberLists.map(list => [list.name, list]));
  const changed = new Map<string, PrefixTrie>();
  for (const list of after.numberLists) {
    const other = old.get(list.name);
    if (other === undefined || isSameTrie(other.entries, list.entries)) continue;
    changed.set(list.name, changedEntries(other, list));
  }
  const onNet = new Set([...onNetNames(before), ...onNetNames(after)]);
  for (const name of onNet) {
    if (onNetNames(before).includes(name) && onNetNames(after).includes(name)) continue;
    const lists = [...before.numberLists, ...after.numberLists].filter(list => list.name === name);
    for (const { entries } of lists) changed.set(`${name} ${changed.size}`, entries);
  }
  return changed;
}

function onNetNames({ onNetNumbers, numberLists }: Snapshot): readonly string[] {
  return onNetNumbers.map(list => numberLists[list]!.name);
}

function changedEntries(before: NumberList, after: NumberList): PrefixTrie {
  const prefixes: string[] = [];
  walkMerged([before.entries, after.entries], {
    enter(at) {
      if (at.count === 2 && at.values[0] === at.values[1]) return;
      prefixes.push(at.prefix);
    },
    leave() {},
  });
  return trieOfTexts(prefixes);
}

export function changedLrnTables(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const old = new Map(before.lrnTables.map(table => [table.name, table]));
  const changed = after.lrnTables.filter(table => {
    const other = old.get(table.name);
    return other === undefined || !isSameLrn(other, table);
  });
  return new Set(changed.map(({ name }) => name));
}

export function isSameLrn(a: LrnTable, b: LrnTable): boolean {
  return (
    isSameMemory(a.numbers, b.numbers) &&
    isSameMemory(a.lrns, b.lrns) &&
    isSameMemory(a.states, b.states) &&
    a.stateNames.join() === b.stateNames.join()
  );
}
