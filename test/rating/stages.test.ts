import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatStages, parseStages } from '../../src/rating/stages.ts';

const test = suite('rating/stages');

test('reads seconds and fee of each stage in their order', () => {
  assert.equal(parseStages('60:0.10;30:0.05'), [
    { seconds: 60, fee: 1_000_000_000 },
    { seconds: 30, fee: 500_000_000 },
  ]);
  assert.equal(parseStages(' 86400 : 0 '), [{ seconds: 86_400, fee: 0 }]);
  assert.equal(parseStages('none'), []);
});

test('refuses what is no stages', () => {
  const sixteen = Array.from({ length: 16 }, () => '1:1').join(';');
  assert.is(parseStages(sixteen)?.length, 16);
  const wrong = ['', '60', '60:', ':1', '0:1', '060:1', '86401:1', '60:-1', '60:1e1', '60:1;', '60:1,30:1'];
  for (const text of [...wrong, `${sixteen};1:1`, '60:1.2.3', '60:.5', 'None']) {
    assert.is(parseStages(text), null, text);
  }
});

test('what is written reads as the same stages', () => {
  const stage = fc.record({
    seconds: fc.integer({ min: 1, max: 86_400 }),
    fee: fc.maxSafeNat(),
  });
  fc.assert(
    fc.property(fc.array(stage, { maxLength: 16 }), given => {
      const stages = given.map(({ seconds, fee }) => ({ seconds, fee }));
      assert.equal(parseStages(formatStages(stages)), stages);
    }),
  );
});

test.run();
