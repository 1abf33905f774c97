import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explainCode } from '../../src/cli/explain-code.ts';

const test = suite('cli/explain-code');

test('says what the catalogue says, in capitals or not', () => {
  const text = explainCode('C4207');

  assert.match(
    text,
    /^C4207 A parameter stands under two spellings \(error\)\n\n.+\n\n→ Keep the line .+\n$/,
  );
  assert.is(explainCode('c4207'), text);
});

test('says of a retired code since when it is gone and what took its place', () => {
  const retired = {
    C4399: { title: 'Two moons', retiredIn: '2.1.0', reason: 'There is one.', replacedBy: 'C4301' as const },
    C4398: { title: 'No moon', retiredIn: '2.2.0', reason: 'There is one.', replacedBy: null },
  };

  assert.is(
    explainCode('C4399', retired),
    'C4399 Two moons\n\nRetired in version 2.1.0: There is one.\n\nIts place was taken by C4301.\n',
  );
  assert.match(explainCode('C4398', retired), 'Nothing took its place.');
});

test('asks what was meant by a code that never was', () => {
  assert.throws(() => explainCode('C4-407'), /there is no code "C4-407" \(did you mean "C4407"\?\)$/);
  assert.throws(() => explainCode('nonsense'), /there is no code "nonsense"/);
  assert.throws(() => explainCode('toString'), /there is no code "toString"/);
});

test.run();
