import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exactPrefix, longestPrefix, matchingPrefixes, maxMatches } from '../../src/prefixes/prefix-trie.ts';
import { isPrefixText, maxPrefixLength, PrefixTrieBuilder } from '../../src/prefixes/prefix-trie-builder.ts';

const test = suite('prefixes/prefix-trie');

/** Few different characters make prefixes that nest. */
const character = fc.constantFrom('0', '1', '2', '4', '9', '*', '#', 'a', 'b', 'p', 'z', 'A', 'Z');
const prefix = fc.string({ unit: character, maxLength: 7 });
const prefixes = fc.array(prefix, { maxLength: 60, size: 'max' });
/** Numbers also hold what no prefix can, and may be longer than any. */
const number = fc.oneof(
  fc.string({ unit: character, maxLength: 12 }),
  fc.string({ unit: fc.oneof(character, fc.constantFrom('+', ' ', '\u00e9', '\u0661', '@')), maxLength: 40 }),
);

function trieOf(texts: readonly string[]): {
  builder: PrefixTrieBuilder;
  valueByText: Map<string, number>;
} {
  const builder = new PrefixTrieBuilder();
  const valueByText = new Map<string, number>();
  for (const [value, text] of texts.entries()) {
    assert.is(builder.set(text, value), valueByText.get(text) ?? -1);
    valueByText.set(text, value);
  }
  return { builder, valueByText };
}

test('finds exactly the prefixes that trying each one finds, shortest first', () => {
  const values = new Int32Array(maxMatches);
  const lengths = new Int32Array(maxMatches);
  fc.assert(
    fc.property(prefixes, fc.array(number, { minLength: 1, maxLength: 20 }), (texts, numbers) => {
      const { builder, valueByText } = trieOf(texts);
      const trie = builder.build();
      assert.is(trie.prefixCount, valueByText.size);
      for (const callee of [...numbers, ...texts]) {
        const expected = [...valueByText.keys()]
          .filter(text => callee.startsWith(text))
          .sort((a, b) => a.length - b.length);
        const count = matchingPrefixes(trie, callee, values, lengths);
        assert.equal(
          [...lengths.subarray(0, count)],
          expected.map(text => text.length),
        );
        assert.equal(
          [...values.subarray(0, count)],
          expected.map(text => valueByText.get(text)),
        );
        const longest = expected.at(-1);
        assert.is(longestPrefix(trie, callee), longest === undefined ? -1 : valueByText.get(longest));
        assert.is(exactPrefix(trie, callee), valueByText.get(callee) ?? -1);
        assert.is(builder.get(callee), valueByText.get(callee) ?? -1);
      }
    }),
  );
});

test('the empty prefix matches every number, even the empty one', () => {
  const builder = new PrefixTrieBuilder();
  builder.set('', 7);
  const trie = builder.build();
  assert.is(longestPrefix(trie, ''), 7);
  assert.is(longestPrefix(trie, '+49'), 7);
  assert.is(exactPrefix(trie, ''), 7);
});

test('an empty trie matches nothing', () => {
  const trie = new PrefixTrieBuilder().build();
  assert.is(trie.prefixCount, 0);
  assert.is(longestPrefix(trie, ''), -1);
  assert.is(longestPrefix(trie, '44'), -1);
  assert.is(exactPrefix(trie, ''), -1);
});

test('upper and lower case route tags are different', () => {
  const builder = new PrefixTrieBuilder();
  builder.set('cli44', 1);
  builder.set('CLI44', 2);
  const trie = builder.build();
  assert.is(longestPrefix(trie, 'cli44123'), 1);
  assert.is(longestPrefix(trie, 'CLI44123'), 2);
  assert.is(longestPrefix(trie, 'Cli44123'), -1);
});

test('every letter, digit and sign of the alphabet is told from every other', () => {
  const alphabet = [...'0123456789*#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const builder = new PrefixTrieBuilder();
  for (const [value, one] of alphabet.entries()) assert.is(builder.set(one, value), -1);
  const trie = builder.build();
  for (const [value, one] of alphabet.entries()) assert.is(longestPrefix(trie, `${one}5`), value);
});

test('a prefix is at most 32 of the digits, letters, star and hash', () => {
  assert.ok(isPrefixText(''));
  assert.ok(isPrefixText('0123456789*#azAZ'));
  assert.ok(isPrefixText('4'.repeat(maxPrefixLength)));
  assert.not.ok(isPrefixText('4'.repeat(maxPrefixLength + 1)));
  for (const text of [
    '+44',
    ' 44',
    '44 ',
    '4-4',
    '\u0664',
    '4\u00e9',
    '\u{1d7d2}',
    '44\n',
    '[',
    '@',
    '`',
    '{',
  ])
    assert.not.ok(isPrefixText(text), text);
});

test('the longest prefix can be matched', () => {
  const text = 'z'.repeat(maxPrefixLength);
  const builder = new PrefixTrieBuilder();
  builder.set(text, 3);
  assert.is(longestPrefix(builder.build(), `${text}1`), 3);
});

test('the builder refuses what is no prefix or no value', () => {
  const builder = new PrefixTrieBuilder();
  assert.throws(() => builder.set('+44', 1), /not a prefix/);
  assert.throws(() => builder.set('44', -1), /no trie value/);
  assert.throws(() => builder.set('44', Number.NaN), /no trie value/);
  assert.is(builder.build().prefixCount, 0);
});

test('a table that was built does not change when the builder goes on', () => {
  const builder = new PrefixTrieBuilder();
  builder.set('44', 1);
  const trie = builder.build();
  builder.set('44', 2);
  builder.set('4', 3);
  assert.is(longestPrefix(trie, '44'), 1);
  assert.is(longestPrefix(trie, '45'), -1);
  assert.is(longestPrefix(builder.build(), '45'), 3);
});

test('the tables stand on shared memory and survive being sent to another thread', () => {
  const builder = new PrefixTrieBuilder();
  builder.set('44', 1);
  const trie = builder.build();
  assert.instance(trie.nodes.buffer, SharedArrayBuffer);
  assert.is(longestPrefix(structuredClone(trie), '4420'), 1);
});

test('grows to many prefixes whatever was expected', () => {
  const builder = new PrefixTrieBuilder(1);
  for (let i = 0; i < 20_000; i++) builder.set(String(i * 7), i);
  const trie = builder.build();
  assert.is(trie.prefixCount, 20_000);
  for (let i = 0; i < 20_000; i++) assert.is(exactPrefix(trie, String(i * 7)), i);
});

test.run();
