import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PrefixTrieBuilder } from '../../src/prefixes/prefix-trie-builder.ts';
import { hasOnlyDigits } from '../../src/prefixes/trie-shape.ts';

const test = suite('prefixes/trie-shape');

const prefix = fc.string({
  unit: fc.constantFrom(...'0123456789012345678901234567890123456789*#aZ'),
  maxLength: 6,
});

test('a trie has only digits when each of its prefixes has, the values of which say nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(prefix, fc.nat()), { maxLength: 12 }), entries => {
      const builder = new PrefixTrieBuilder();
      for (const [text, value] of entries) builder.set(text, value);
      assert.is(
        hasOnlyDigits(builder.build()),
        entries.every(([text]) => /^\d*$/.test(text)),
      );
    }),
  );
});

test.run();
