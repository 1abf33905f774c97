import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { enough, PrefixBudget, PrefixSamples } from '../../src/replay/prefix-samples.ts';
import { Draws } from '../../src/routing/draws.ts';

const test = suite('replay/prefix-samples');

const plenty = new PrefixBudget(1_000_000);

/** The longest prefix with enough numbers, by looking at all of them; -1 when all are too few. */
function longestByLooking(numbers: readonly string[], number: string): number {
  for (let length = number.length; length >= 0; length--) {
    const prefix = number.slice(0, length);
    if (numbers.filter(one => one.startsWith(prefix)).length >= enough) return length;
  }
  return -1;
}

test('the longest prefix that has enough speaks, whatever came in which order', () => {
  const digits = fc.string({ unit: fc.constantFrom('0', '1', '4'), minLength: 0, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(digits, { maxLength: 300 }), digits, (numbers, number) => {
      const samples = new PrefixSamples<string>(plenty);
      for (const one of numbers) samples.add(one, 'any', one);
      const drawn = samples.draw(number, new Draws(7));

      assert.is(drawn?.prefixLength ?? -1, longestByLooking(numbers, number));
      if (drawn !== null) assert.ok(drawn.value.startsWith(number.slice(0, drawn.prefixLength)));
    }),
  );
});

test('each kind is drawn as often as it happened', () => {
  const samples = new PrefixSamples<string>(plenty);
  for (let call = 0; call < 10_000; call++) {
    const kind = call % 10 < 3 ? 'answered' : 'failed';
    samples.add(`4420${String(call).padStart(6, '0')}`, kind, kind);
  }
  let answered = 0;
  for (let call = 0; call < 10_000; call++) {
    if (samples.draw('44', new Draws(call))!.value === 'answered') answered++;
  }

  assert.ok(Math.abs(answered - 3000) < 150, `${answered} of 10,000 answered`);
});

test('what has too few of everything speaks only when there is nothing better', () => {
  const samples = new PrefixSamples<string>(plenty);
  samples.add('44', 'answered', 'yes');

  assert.is(samples.draw('44', new Draws(1)), null);
  assert.equal(samples.drawAny('44', new Draws(1)), { value: 'yes', prefixLength: 0 });
  assert.is(new PrefixSamples<string>(plenty).drawAny('44', new Draws(1)), null);
});

test('numbers that are none count where they stop to be', () => {
  const samples = new PrefixSamples<string>(plenty);
  for (let call = 0; call < enough; call++) samples.add('44x', 'any', 'x');

  assert.is(samples.draw('44x', new Draws(1))!.prefixLength, 2);
  assert.is(samples.draw('44*9', new Draws(1))!.prefixLength, 2);
});

test('without room for more prefixes the shorter ones speak', () => {
  const samples = new PrefixSamples<string>(new PrefixBudget(3));
  for (let call = 0; call < 500; call++) samples.add(`44${String(call % 100).padStart(2, '0')}`, 'any', 'x');

  assert.is(samples.draw('4499', new Draws(1))!.prefixLength, 2);
});

test('what was learned goes from one thread to another', () => {
  const samples = new PrefixSamples<number>(plenty);
  for (let call = 0; call < 100; call++) samples.add(`44${call}`, call % 2 === 0 ? 'even' : 'odd', call);
  const other = new PrefixSamples(plenty, structuredClone(samples.root));

  for (let seed = 0; seed < 50; seed++) {
    assert.equal(other.draw('447', new Draws(seed)), samples.draw('447', new Draws(seed)));
  }
});

test.run();
