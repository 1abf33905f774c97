import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { coverageOf } from '../../src/prefixes/coverage.ts';
import { walkMerged } from '../../src/prefixes/merged-walk.ts';
import type { PrefixTrie } from '../../src/prefixes/prefix-trie.ts';
import { PrefixTrieBuilder } from '../../src/prefixes/prefix-trie-builder.ts';

const test = suite('prefixes/merged-walk');

const prefix = fc.oneof(
  fc.stringMatching(/^[45]{0,2}$/),
  fc.stringMatching(/^[0-9]{1,2}$/),
  fc.stringMatching(/^[a-cA-C*#4]{0,3}$/),
);
const prefixes = fc
  .tuple(fc.uniqueArray(prefix, { maxLength: 12 }), fc.boolean())
  .map(([some, all]) => [
    ...new Set([...some, ...(all ? Array.from({ length: 10 }, (_, digit) => `4${digit}`) : [])]),
  ]);

function trieOf(all: readonly string[]): PrefixTrie {
  const builder = new PrefixTrieBuilder();
  for (const [value, each] of all.entries()) builder.set(each, value);
  return builder.build();
}

/** Whether every number of three digits behind `start` has one of the prefixes, other than `start` itself. */
function isCovered(all: readonly string[], start: string): boolean {
  const longer = all.filter(each => each.length > start.length && each.startsWith(start));
  return Array.from({ length: 1000 }, (_, tail) => start + String(tail).padStart(3, '0')).every(number =>
    longer.some(each => number.startsWith(each)),
  );
}

test('visits every prefix once, around what begins with it, with the value of each trie that has it', () => {
  fc.assert(
    fc.property(fc.array(prefixes, { maxLength: 4 }), tables => {
      const way: string[] = [];
      const visited = new Map<string, string>();
      walkMerged(tables.map(trieOf), {
        enter(at) {
          for (const around of way) assert.ok(at.prefix.startsWith(around));
          const found = Array.from({ length: at.count }, (_, i) => `${at.tries[i]}:${at.values[i]}`);
          assert.not(visited.has(at.prefix));
          visited.set(at.prefix, `${found.join(' ')} ${at.covered}`);
          way.push(at.prefix);
        },
        leave(at) {
          assert.is(way.pop(), at.prefix);
        },
      });

      const everything = [...new Set(tables.flat())];
      const expected = everything.map(each => {
        const having = tables.flatMap((table, trie) =>
          table.includes(each) ? [`${trie}:${table.indexOf(each)}`] : [],
        );
        return [each, `${having.join(' ')} ${isCovered(everything, each)}`] as const;
      });
      assert.equal([...visited].sort(), [...expected].sort());
    }),
  );
});

test('tells how much of the numbers behind a prefix a trie covers', () => {
  fc.assert(
    fc.property(prefixes, prefix, fc.integer({ min: 0, max: 3 }), (all, start, skipped) => {
      const counts = (value: number) => value !== skipped;
      const counted = all.filter((_, value) => counts(value));
      const coverage = coverageOf(trieOf(all), start, counts);

      const within = counted.filter(each => each.startsWith(start));
      const isWhole = counted.some(each => start.startsWith(each)) || isCovered(counted, start);
      assert.is(coverage.part, isWhole ? 'all' : within.length > 0 ? 'some' : 'none');
      if (coverage.part === 'some') assert.ok(within.includes(coverage.first));
    }),
  );
});

test.run();
