import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultLimits } from '../../../src/config/limits.ts';
import { readYaml } from '../../../src/config/read/yaml.ts';

const test = suite('config/read/comments');

/** Each comment as `line:column first-last`. */
function scopes(text: string): string[] {
  return readYaml(text, 'a.yaml', defaultLimits).comments.map(
    ({ place, firstLine, lastLine }) => `${place.line}:${place.column} ${firstLine}-${lastLine}`,
  );
}

test('a comment behind something speaks about its line', () => {
  assert.equal(scopes('a: 1\nb: 2 # class4-ignore X: y\nc: 3\n'), ['2:6 2-2']);
});

test('a comment above a key speaks about all of its value, and nothing behind it', () => {
  assert.equal(scopes('a: 1\n# class4-ignore X: y\nb:\n  - 1\n  - 2\n\n# more\nc: 3\n'), ['2:1 3-5']);
  assert.equal(scopes('a: 1\n\n# class4-ignore X: y\n\n# and\nb: {\n  d: 1\n  }\nc: 3\n'), ['3:1 6-8']);
  assert.equal(scopes('a: 1\n# class4-ignore X: y\nb: |\n  one\n  # two\nc: 3\n'), ['2:1 3-5']);
});

test('a comment above an item of a list speaks about the item', () => {
  const text = 'a:\n  - 1\n  # class4-ignore X: y\n  - b: 1\n    c: 2\n  - 3\n';
  assert.equal(scopes(text), ['3:3 4-5']);
});

test('a comment before the first key speaks about the whole file', () => {
  assert.equal(scopes('# class4-ignore X: y\n\na: 1\n'), ['1:1 1-Infinity']);
  assert.equal(scopes('# schema\n#class4-ignore X: y\na: 1\n'), ['2:1 1-Infinity']);
});

test('what looks like a comment within a text is none', () => {
  assert.equal(scopes('a: "# class4-ignore X: y"\nb: \'# class4-ignore X: y\'\n'), []);
  assert.equal(scopes('a: |\n  # class4-ignore X: y\nb: >-\n  # class4-ignore X: y\n'), []);
  assert.equal(scopes('a: one#class4-ignore\nb: [x, "# class4-ignore"]\n'), []);
  assert.equal(scopes('a: "one\n  # class4-ignore X: y\n  two"\n'), []);
});

test('places are right behind line ends of Windows, a byte order mark and letters beyond ASCII', () => {
  assert.equal(scopes('a: 1\r\n# class4-ignore X: y\r\nb: 2\r\n'), ['2:1 3-3']);
  assert.equal(scopes('a: "é😀" # class4-ignore X: y\n'), ['1:10 1-1']);
});

test('a comment below everything speaks about its own line', () => {
  assert.equal(scopes('a: 1\n# class4-ignore X: y\n'), ['2:1 2-2']);
});

test('a file that is no YAML has no comments', () => {
  assert.equal(scopes('a: "1 # class4-ignore X: y\n'), []);
});

test.run();
