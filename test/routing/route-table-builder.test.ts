import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exactPrefix } from '../../src/prefixes/prefix-trie.ts';
import { nextEntry, stepExpires, stepGateway } from '../../src/routing/route-table.ts';
import { RouteTableBuilder } from '../../src/routing/route-table-builder.ts';

const test = suite('routing/route-table-builder');

test('a prefix that a gateway has already is refused with the line of the first', () => {
  const builder = new RouteTableBuilder();
  assert.is(builder.add('44', 0, false, 3), null);
  assert.is(builder.add('44', 1, true, 3), null);
  assert.is(builder.add('44', 0, true, 9), 3);
  assert.is(builder.add('447', 0, true, 10), null);
  const table = builder.build();
  assert.is(table.entryCount, 3);
  assert.is(table.expiration[exactPrefix(table.trie, '447')], 1);
});

test('an index that 16 bits cannot hold is a bug', () => {
  const builder = new RouteTableBuilder();
  assert.throws(() => builder.add('44', 65_536, false, 1), /no gateway index/);
  assert.throws(() => builder.add('44', -1, false, 1), /no gateway index/);
  assert.throws(() => builder.add('+44', 1, false, 1), /not a prefix/);
});

test('every entry added in any order stands once in the chain of its prefix', () => {
  const entry = fc.tuple(
    fc.constantFrom('', '4', '44', 'a'),
    fc.integer({ min: 0, max: 9 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 1000 }),
  );
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 80, size: 'max' }), entries => {
      const builder = new RouteTableBuilder(1);
      const kept = new Map<string, readonly [boolean, number]>();
      for (const [prefix, gateway, expiration, line] of entries) {
        const key = `${prefix}/${gateway}`;
        assert.is(builder.add(prefix, gateway, expiration, line), kept.get(key)?.[1] ?? null);
        if (!kept.has(key)) kept.set(key, [expiration, line]);
      }
      const table = builder.build();
      assert.is(table.entryCount, kept.size);
      const found = new Map<string, readonly [boolean, number]>();
      for (const prefix of ['', '4', '44', 'a']) {
        for (let at = exactPrefix(table.trie, prefix); at >= 0; at = nextEntry(table, at)) {
          const key = `${prefix}/${table.gateway[at]}`;
          assert.not.ok(found.has(key));
          found.set(key, [table.expiration[at] === 1, table.line[at]!]);
          assert.is(table.steps[at]! & stepGateway, table.gateway[at]!);
          assert.is((table.steps[at]! & stepExpires) !== 0, table.expiration[at] === 1);
        }
      }
      assert.equal([...found].sort(), [...kept].sort());
    }),
  );
});

test.run();
