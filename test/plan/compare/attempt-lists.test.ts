import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AttemptLists } from '../../../src/plan/compare/attempt-lists.ts';

const test = suite('plan/compare/attempt-lists');

interface Entry {
  readonly attempt: number;
  readonly beginsRank: boolean;
}

const entries: fc.Arbitrary<Entry> = fc.record({
  attempt: fc.integer({ min: 0, max: 5 }),
  beginsRank: fc.boolean(),
});

function listed(lists: AttemptLists, list: readonly Entry[]): number {
  for (const { attempt, beginsRank } of list) lists.add(attempt, beginsRank);
  return lists.finish();
}

function read(lists: AttemptLists, list: number): Entry[] {
  return Array.from({ length: lists.lengthOf(list) }, (_, place) => ({
    attempt: lists.attemptAt(list, place),
    beginsRank: lists.beginsRankAt(list, place),
  }));
}

test('equal lists have the same number, others do not, and each keeps what was put into it', () => {
  fc.assert(
    fc.property(fc.array(fc.array(entries, { maxLength: 6 }), { maxLength: 60 }), all => {
      const lists = new AttemptLists();
      const numbers = new Map<string, number>();
      for (const list of all) {
        const number = listed(lists, list);
        const text = JSON.stringify(list);
        assert.is(number, numbers.get(text) ?? number);
        numbers.set(text, number);
      }
      assert.is(new Set(numbers.values()).size, numbers.size);
      for (const [text, number] of numbers) assert.is(JSON.stringify(read(lists, number)), text);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('the empty list is number 0', () => {
  const lists = new AttemptLists();
  assert.is(listed(lists, []), 0);
  assert.is(lists.lengthOf(0), 0);
});

test('lists stay what they are when there are very many', () => {
  const lists = new AttemptLists();
  const entriesOf = (i: number): Entry[] => [
    { attempt: i, beginsRank: false },
    { attempt: i % 7, beginsRank: i % 2 === 0 },
  ];
  for (let i = 0; i < 20_000; i++) assert.is(listed(lists, entriesOf(i)), i + 1);
  for (let i = 0; i < 20_000; i++) {
    assert.is(listed(lists, entriesOf(i)), i + 1);
    assert.equal(read(lists, i + 1), entriesOf(i));
  }
});

test('orders are equal where the same are asked in the same order and ranks, whatever else is told of them', () => {
  const lists = new AttemptLists();
  const whoOf = (attempt: number): number => attempt % 10;
  const orderOf = (list: readonly Entry[]): number => lists.orderOf(listed(lists, list), whoOf);
  const plain = [
    { attempt: 1, beginsRank: false },
    { attempt: 2, beginsRank: true },
  ];
  const dearer = [
    { attempt: 11, beginsRank: false },
    { attempt: 2, beginsRank: true },
  ];
  const alike = [
    { attempt: 1, beginsRank: false },
    { attempt: 2, beginsRank: false },
  ];
  assert.is(orderOf(plain), orderOf(dearer));
  assert.is.not(orderOf(plain), orderOf(alike));
  assert.is.not(orderOf(plain), orderOf(plain.slice(0, 1)));
  assert.is.not(orderOf(plain), orderOf([plain[1]!, plain[0]!]));
  assert.is(orderOf([]), 0);
});

test.run();
