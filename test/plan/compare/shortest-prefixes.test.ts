import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Region } from '../../../src/plan/compare/regions.ts';
import { type Entry, shortestPrefixes } from '../../../src/plan/compare/shortest-prefixes.ts';

const test = suite('plan/compare/shortest-prefixes');

const symbols = ['1', '2', '3'];
const longest = 3;
const labels = [0, 1, 2];

/** A label for every number, by its place among all numbers. */
type Labels = ReadonlyMap<string, number>;

function numbersBehind(prefix: string): string[] {
  if (prefix.length === longest) return [prefix];
  return [...(prefix === '' ? [] : [prefix]), ...symbols.flatMap(symbol => numbersBehind(prefix + symbol))];
}

const all = numbersBehind('');

/** Many are alike, as they are in reality. */
const labelled: fc.Arbitrary<Labels> = fc
  .array(fc.tuple(fc.constantFrom('', ...all), fc.nat(2), fc.constantFrom(0, 2, 3)), { maxLength: 8 })
  .map(rules => {
    const found = new Map(all.map(number => [number, 0]));
    for (const [prefix, label, length] of rules) {
      for (const number of all) {
        if (number.startsWith(prefix) && (length === 0 || number.length >= length)) found.set(number, label);
      }
    }
    return found;
  });

/** Without any region that stands for more than one number. */
function regionsOf(prefix: string, found: Labels): Region {
  const children = new Map<string, Region>();
  if (prefix.length < longest) {
    for (const symbol of symbols) children.set(symbol, regionsOf(prefix + symbol, found));
  }
  const runs = [{ from: 0, label: found.get(prefix) ?? 0 }];
  return { prefix, children, runs, examples: [], goesOn: false, isAsAround: false };
}

function labelOf(entries: readonly Entry[], number: string): number {
  const entry = entries.find(({ prefix }) => number.startsWith(prefix));
  if (entry === undefined) return 0;
  if (entry.within.some(({ prefix }) => number.startsWith(prefix))) return labelOf(entry.within, number);
  return entry.runs.findLast(({ from }) => from <= number.length)!.label;
}

function count(entries: readonly Entry[]): number {
  return entries.reduce((sum, { within }) => sum + 1 + count(within), 0);
}

/** What may be said of numbers by their lengths from 1 on. */
const profiles = labels.flatMap(one => labels.flatMap(two => labels.map(three => [one, two, three])));

test('every number has the label of its region, and no fewer entries could say so', () => {
  fc.assert(
    fc.property(labelled, found => {
      const entries = shortestPrefixes(regionsOf('', found), () => symbols);
      for (const number of all) assert.is(labelOf(entries, number), found.get(number));
      assert.is(count(entries), fewestOf(found));
    }),
    { numRuns: 60 },
  );
});

/** The fewest entries, by trying every choice at every prefix; what was asked before is remembered. */
function fewestOf(found: Labels): number {
  const known = new Map<string, number>();
  const ask = (prefix: string, inherited: readonly number[]): number => {
    const key = `${prefix} ${inherited.slice(Math.max(0, prefix.length - 1)).join()}`;
    const cost = known.get(key) ?? fewestWith(prefix, inherited, found, ask);
    known.set(key, cost);
    return cost;
  };
  return ask('', [0, 0, 0]);
}

function fewestWith(
  prefix: string,
  inherited: readonly number[],
  found: Labels,
  ask: (prefix: string, inherited: readonly number[]) => number,
): number {
  let least = Number.POSITIVE_INFINITY;
  for (const profile of profiles) {
    if (prefix !== '' && profile[prefix.length - 1] !== found.get(prefix)) continue;
    let cost = profile.every((label, i) => i + 1 < prefix.length || label === inherited[i]) ? 0 : 1;
    if (prefix.length < longest) for (const symbol of symbols) cost += ask(prefix + symbol, profile);
    least = Math.min(least, cost);
  }
  return least;
}

test('one prefix of ten that is not like the others is told alone', () => {
  const found = new Map(all.map(number => [number, number.startsWith('12') ? 0 : 1]));
  const [top, ...more] = shortestPrefixes(regionsOf('', found), () => symbols);
  assert.is(more.length, 0);
  assert.is(top!.prefix, '');
  assert.equal(
    top!.within.map(({ prefix }) => prefix),
    ['12'],
  );
});

test.run();
