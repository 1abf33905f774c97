import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NumberFilter } from '../../src/config/snapshot.ts';
import { passesNameFilter, passesNumberFilter } from '../../src/routing/number-filter.ts';

const test = suite('routing/number-filter');

const source = { file: 'gateways/mapping/a.yaml', line: 4, column: 3 };

test('any passes everything', () => {
  assert.ok(passesNumberFilter({ kind: 'any' }, ''));
  assert.ok(passesNameFilter({ kind: 'any' }, 3));
});

test('allow passes what it lists and deny the rest', () => {
  assert.ok(passesNameFilter({ kind: 'allow', indexes: [1, 3], source }, 3));
  assert.not.ok(passesNameFilter({ kind: 'allow', indexes: [1, 3], source }, 2));
  assert.not.ok(passesNameFilter({ kind: 'deny', indexes: [1, 3], source }, 3));
  assert.ok(passesNameFilter({ kind: 'deny', indexes: [1, 3], source }, 2));
});

test('an empty list allows nobody or denies nobody', () => {
  assert.not.ok(passesNumberFilter({ kind: 'allow', prefixes: [], source }, '44'));
  assert.ok(passesNumberFilter({ kind: 'deny', prefixes: [], source }, '44'));
  assert.ok(passesNumberFilter({ kind: 'allow', prefixes: [''], source }, ''));
});

test('long and short lists say the same as trying each prefix', () => {
  const prefix = fc.string({ unit: fc.constantFrom('1', '4', '7', 'a', '+'), maxLength: 4 });
  fc.assert(
    fc.property(
      fc.array(prefix, { maxLength: 30, size: 'max' }),
      fc.array(prefix, { minLength: 1 }),
      fc.constantFrom('allow' as const, 'deny' as const),
      (prefixes, numbers, kind) => {
        const filter: NumberFilter = { kind, prefixes, source };
        for (const number of numbers) {
          const listed = prefixes.some(one => number.startsWith(one));
          assert.is(passesNumberFilter(filter, number), listed === (kind === 'allow'));
        }
      },
    ),
  );
});

test.run();
