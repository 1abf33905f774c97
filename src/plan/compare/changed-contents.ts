/** How many rows, numbers and prefixes are others, table by table and gateway by gateway, with some of them. */
import type { LrnTable, NumberList, RateTable, RoutingGateway, Snapshot } from '../../config/snapshot.ts';
import { walkMerged } from '../../prefixes/merged-walk.ts';
import { nextEntry } from '../../routing/route-table.ts';
import type { Place, SettingChange } from '../plan.ts';
import {
  type Counted,
  countRows,
  isSameLrn,
  isSameTable,
  isSameTrie,
  nothingCounted,
} from './changed-tables.ts';

const examplesShown = 5;

interface Contents {
  readonly counted: Counted;
  readonly examples: string[];
  /** Of the first example. */
  placeBefore: Place | null;
  placeAfter: Place | null;
}

/** Of objects that both sides have. */
export function changedContents(before: Snapshot, after: Snapshot): SettingChange[] {
  return [
    ...pairs(before.rateTables, after.rateTables).flatMap(([old, now]) =>
      isSameTable(old, now) ? [] : told(`rates/${now.name}`, 'rows', rowsOf(old, now), [old, now]),
    ),
    ...pairs(before.numberLists, after.numberLists).flatMap(([old, now]) =>
      isSameTrie(old.entries, now.entries)
        ? []
        : told(`number-lists/${now.name}`, 'entries', entriesOf(old, now), [old, now]),
    ),
    ...pairs(before.lrnTables, after.lrnTables).flatMap(([old, now]) =>
      isSameLrn(old, now) ? [] : told(`lrn/${now.name}`, 'rows', portedOf(old, now), [old, now]),
    ),
    ...changedPrefixes(before, after),
  ];
}

type Pair<T> = readonly [old: T, now: T];

function pairs<T extends { readonly name: string }>(before: readonly T[], after: readonly T[]): Pair<T>[] {
  const olds = new Map(before.map(one => [one.name, one]));
  return after.flatMap(now => {
    const old = olds.get(now.name);
    return old === undefined ? [] : [[old, now] as const];
  });
}

function told(
  object: string,
  setting: string,
  { counted, examples, placeBefore, placeAfter }: Contents,
  [old, now]: Pair<Pick<RateTable, 'source'>>,
): SettingChange[] {
  const { before, after, added, removed, changed } = counted;
  if (added + removed + changed === 0) return [];
  return [
    {
      ...{ object, setting, about: 'routing', needsRestart: false },
      before: JSON.stringify({ [setting]: before }),
      after: JSON.stringify({ [setting]: after, added, removed, changed, examples }),
      placeBefore: placeBefore ?? { file: old.source.file, line: old.source.line },
      placeAfter: placeAfter ?? { file: now.source.file, line: now.source.line },
    },
  ];
}

function nothing(before: number, after: number): Contents {
  return {
    counted: { ...nothingCounted(), before, after },
    examples: [],
    placeBefore: null,
    placeAfter: null,
  };
}

function addExample(contents: Contents, text: string, before: Place | null, after: Place | null): void {
  if (contents.examples.length === 0) {
    contents.placeBefore = before;
    contents.placeAfter = after;
  }
  if (contents.examples.length < examplesShown) contents.examples.push(text);
}

function rowsOf(old: RateTable, now: RateTable): Contents {
  const contents = nothing(old.rowCount, now.rowCount);
  const placeOf = ({ rowFile, line }: RateTable, row: number): Place | null =>
    row < 0 ? null : { file: rowFile, line: line[row]! };
  walkMerged([old.prefixes, now.prefixes], {
    enter(at) {
      let [was, is] = [-1, -1];
      for (let i = 0; i < at.count; i++) {
        if (at.tries[i] === 0) was = at.values[i]!;
        else is = at.values[i]!;
      }
      if (!countRows(old, was, now, is, contents.counted)) return;
      addExample(contents, at.prefix, placeOf(old, was), placeOf(now, is));
    },
    leave() {},
  });
  return contents;
}

function entriesOf(old: NumberList, now: NumberList): Contents {
  const contents = nothing(old.entryCount, now.entryCount);
  const { counted } = contents;
  walkMerged([old.entries, now.entries], {
    enter(at) {
      if (at.count === 2 && at.values[0] === at.values[1]) return;
      if (at.count === 2) counted.changed++;
      else if (at.tries[0] === 0) counted.removed++;
      else counted.added++;
      addExample(contents, at.prefix, null, null);
    },
    leave() {},
  });
  return contents;
}

/** Both in ascending order of their numbers. */
function portedOf(old: LrnTable, now: LrnTable): Contents {
  const contents = nothing(old.rowCount, now.rowCount);
  const { counted } = contents;
  const placeOf = ({ rowFile, line }: LrnTable, row: number): Place => ({ file: rowFile, line: line[row]! });
  let [i, j] = [0, 0];
  while (i < old.rowCount || j < now.rowCount) {
    const was = i < old.rowCount ? old.numbers[i]! : Number.POSITIVE_INFINITY;
    const is = j < now.rowCount ? now.numbers[j]! : Number.POSITIVE_INFINITY;
    const text = String(Math.min(was, is));
    if (was < is) {
      counted.removed++;
      addExample(contents, text, placeOf(old, i), null);
    } else if (is < was) {
      counted.added++;
      addExample(contents, text, null, placeOf(now, j));
    } else if (old.lrns[i] !== now.lrns[j] || stateOf(old, i) !== stateOf(now, j)) {
      counted.changed++;
      addExample(contents, text, placeOf(old, i), placeOf(now, j));
    }
    if (was <= is) i++;
    if (is <= was) j++;
  }
  return contents;
}

function stateOf({ states, stateNames }: LrnTable, row: number): string {
  const state = states[row]!;
  return state === 0 ? '' : stateNames[state - 1]!;
}

/** By the name of a gateway, what one prefix has of it. */
type Entries = Map<string, { readonly mode: number; readonly line: number }>;

function changedPrefixes(before: Snapshot, after: Snapshot): SettingChange[] {
  const found = new Map<string, Contents>();
  const both = new Map(
    pairs(before.routingGateways, after.routingGateways).map(pair => [pair[1].name, pair]),
  );
  const of = (name: string): Contents | null => {
    if (!both.has(name)) return null;
    const known = found.get(name) ?? nothing(0, 0);
    found.set(name, known);
    return known;
  };
  walkMerged([before.routes.trie, after.routes.trie], {
    enter(at) {
      let [old, now]: Entries[] = [new Map(), new Map()];
      for (let i = 0; i < at.count; i++) {
        if (at.tries[i] === 0) old = entriesAt(before, at.values[i]!);
        else now = entriesAt(after, at.values[i]!);
      }
      for (const name of new Set([...old!.keys(), ...now!.keys()])) {
        const contents = of(name);
        if (contents !== null)
          countPrefix(contents, at.prefix, old!.get(name), now!.get(name), both.get(name)!);
      }
    },
    leave() {},
  });
  return [...found].flatMap(([name, contents]) =>
    told(`gateways/routing/${name}`, 'prefixes', contents, both.get(name)!),
  );
}

function entriesAt({ routes, routingGateways }: Snapshot, first: number): Entries {
  const entries: Entries = new Map();
  for (let entry = first; entry >= 0; entry = nextEntry(routes, entry)) {
    const { name } = routingGateways[routes.gateway[entry]!]!;
    entries.set(name, { mode: routes.expiration[entry]!, line: routes.line[entry]! });
  }
  return entries;
}

type Entry = { readonly mode: number; readonly line: number } | undefined;

function countPrefix(
  contents: Contents,
  prefix: string,
  old: Entry,
  now: Entry,
  [before, after]: Pair<RoutingGateway>,
): void {
  const { counted } = contents;
  if (old !== undefined) counted.before++;
  if (now !== undefined) counted.after++;
  if (old?.mode === now?.mode) return;
  if (old === undefined) counted.added++;
  else if (now === undefined) counted.removed++;
  else counted.changed++;
  const placeOf = ({ source }: RoutingGateway, entry: Entry): Place | null =>
    entry === undefined ? null : { file: source.file, line: entry.line };
  addExample(contents, prefix, placeOf(before, old), placeOf(after, now));
}
