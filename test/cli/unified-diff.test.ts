import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lineChanges, unifiedDiff } from '../../src/cli/unified-diff.ts';

const test = suite('cli/unified-diff');

const lines = (...all: readonly string[]) => all.map(line => `${line}\n`).join('');

test('a change stands among the three lines before and behind it', () => {
  const before = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i');
  const after = lines('a', 'b', 'c', 'd', 'E', 'f', 'g', 'h', 'i');

  assert.is(
    unifiedDiff(before, after),
    lines('@@ -2,7 +2,7 @@', ' b', ' c', ' d', '-e', '+E', ' f', ' g', ' h'),
  );
});

test('changes far apart are hunks of their own, and empty texts have none', () => {
  const before = Array.from({ length: 30 }, (_, index) => `${index}`);
  const after = before.with(2, 'two').with(25, 'x');

  assert.is(unifiedDiff(lines(...before), lines(...after)).match(/^@@/gm)?.length, 2);
  assert.is(unifiedDiff('', ''), '');
  assert.is(unifiedDiff('a\n', ''), lines('@@ -1 +0,0 @@', '-a'));
  assert.is(unifiedDiff('', 'a\n'), lines('@@ -0,0 +1 @@', '+a'));
});

test('a diff applied to the old text is the new one', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 30 });
  fc.assert(
    fc.property(texts, texts, (old, young) => {
      assert.equal(applied(old, unifiedDiff(lines(...old), lines(...young))), young);
    }),
  );
});

function applied(old: readonly string[], diff: string): readonly string[] {
  const result: string[] = [];
  let next = 0;
  for (const line of diff.split('\n').slice(0, -1)) {
    const [, first, count] = /^@@ -(\d+)(?:,(\d+))? /.exec(line) ?? [];
    if (first !== undefined) {
      const start = count === '0' ? Number(first) : Number(first) - 1;
      while (next < start) result.push(old[next++]!);
    } else if (line.startsWith('+')) {
      result.push(line.slice(1));
    } else {
      assert.is(old[next++], line.slice(1));
      if (line.startsWith(' ')) result.push(line.slice(1));
    }
  }
  return [...result, ...old.slice(next)];
}

test('texts too long to compare are told as all that goes and all that comes', () => {
  const before = Array.from({ length: 3000 }, (_, index) => `old ${index}`);
  const after = Array.from({ length: 3000 }, (_, index) => `new ${index}`);

  assert.is(unifiedDiff(lines(...before), lines(...after)).match(/^[-+]\w/gm)?.length, 6000);
});

test('lines of decks are counted, whatever their order', () => {
  assert.equal(lineChanges(lines('44,1', '33,2', '1,3'), lines('1,3', '44,9', '33,2')), {
    removed: 1,
    added: 1,
  });
  assert.equal(lineChanges('', lines('a', 'a')), { removed: 0, added: 2 });
  assert.equal(lineChanges(lines('a', 'b'), lines('b', 'a')), { removed: 0, added: 0 });
});

test('what could steer a terminal is made visible', () => {
  assert.not.match(unifiedDiff('a\n', '\u001b[2Ja\n'), /\u001b/);
});

test.run();
