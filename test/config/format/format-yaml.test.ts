import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatYaml } from '../../../src/config/format/format-yaml.ts';
import type { Kind } from '../../../src/config/kinds.ts';
import { defaultLimits } from '../../../src/config/limits.ts';

const test = suite('config/format/format-yaml');

function formatted(text: string, kind: Kind = 'routing-gateway', modeline: string | null = null): string {
  const result = formatYaml({ kind, file: 'x.yaml', text, modeline }, defaultLimits);
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.text;
}

/** Lines, so that a test can show what it means. */
function lines(...text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}

test('puts keys in the order of the schema, however deep', () => {
  const text = lines(
    'timeouts:',
    '  ringingSeconds: 60',
    '  inviteSeconds: 4',
    'lines: 5',
    'address: 192.0.2.1',
  );

  assert.is(
    formatted(text),
    lines('address: 192.0.2.1', 'lines: 5', 'timeouts:', '  inviteSeconds: 4', '  ringingSeconds: 60'),
  );
});

test('leaves keys that the schema does not know behind the others, in their order', () => {
  assert.is(formatted('zebra: 1\naddress: a\napple: 2\n'), 'address: a\nzebra: 1\napple: 2\n');
});

test('writes mappings below their key, lists of plain values in one line, and other lists item by item', () => {
  const text = lines(
    'timeouts: {inviteSeconds: 4}',
    'hunting:',
    '    stopCodes:',
    '    - 404',
    '    - 5xx',
    "prefixes: ['44', {prefix: '49', mode: expiration}]",
  );

  assert.is(
    formatted(text),
    lines(
      'prefixes:',
      '  - "44"',
      '  - { prefix: "49", mode: expiration }',
      'timeouts:',
      '  inviteSeconds: 4',
      'hunting:',
      '  stopCodes: [404, 5xx]',
    ),
  );
});

test('breaks a list that is longer than a line', () => {
  const names = Array.from({ length: 20 }, (_, i) => `"${4400 + i}"`);
  const short = `prefixes: [${names.slice(0, 11).join(', ')}]\n`;

  assert.is(formatted(short), short);
  assert.is(
    formatted(`prefixes: [${names.join(', ')}]\n`),
    `prefixes:\n${names.map(name => `  - ${name}\n`).join('')}`,
  );
});

test('keeps blank lines between groups, one at most, and none at the ends', () => {
  assert.is(
    formatted('\n\naddress: a\n\n\n\nlines: 1\nprefixes:\n\n  - "1"\n\n  - "2"\n\n\n'),
    lines('address: a', 'prefixes:', '  - "1"', '', '  - "2"', '', 'lines: 1'),
  );
});

test('keeps every comment with what it speaks of', () => {
  const text = lines(
    '# Of the file.',
    '# Of the file, too.',
    '',
    '# Of lines.',
    'lines: 5 # behind lines',
    'address: 192.0.2.1   # behind address',
    'prefixes: # behind the key',
    '# above the first',
    '- "44"',
    '-   prefix: "1"',
    '    # above mode',
    '    mode: expiration # behind mode',
    '# above the third',
    '- # behind the dash',
    '  prefix: "2"',
    '  # at the end of the third',
    '# at the end of the list, as far as one can tell',
    'timeouts: {',
    '  # in brackets',
    '  ringingSeconds: 60, inviteSeconds: 4 } # behind brackets',
    '# at the end',
  );

  assert.is(
    formatted(text),
    lines(
      '# Of the file.',
      '# Of the file, too.',
      '',
      'address: 192.0.2.1 # behind address',
      'prefixes: # behind the key',
      '  # above the first',
      '  - "44"',
      '  - prefix: "1"',
      '    # above mode',
      '    mode: expiration # behind mode',
      '  # above the third',
      '  # behind the dash',
      '  - prefix: "2"',
      '    # at the end of the third',
      '',
      '# Of lines.',
      'lines: 5 # behind lines',
      '# at the end of the list, as far as one can tell',
      'timeouts: # behind brackets',
      '  inviteSeconds: 4',
      '  # in brackets',
      '  ringingSeconds: 60',
      '# at the end',
    ),
  );
});

test('a class4-ignore silences what it did: the file at its top, otherwise its own key, item or line', () => {
  assert.is(
    formatted(
      '# Of the file.\n\n# class4-ignore C4501 file\nlines: 5\n# class4-ignore C4502 key\naddress: a\n',
    ),
    lines(
      '# Of the file.',
      '',
      '# class4-ignore C4501 file',
      'lines: 5',
      '# class4-ignore C4502 key',
      'address: a',
    ),
  );
  const item = lines('prefixes:', '  - mode: expiration', '    # class4-ignore C4502 key', '    prefix: "1"');
  assert.is(formatted(item), item);
  const line = `prefixes: [${'"441234567890", '.repeat(8)}"1"] # class4-ignore C4503 line\n`;
  assert.is(formatted(line), line);
  const key = lines('prefixes: # class4-ignore C4503 the key alone', '  - "1"');
  assert.is(formatted(key), key);
});

test('writes the line for editors first, once', () => {
  const modeline = '# yaml-language-server: $schema=../schemas/account.schema.json';

  assert.is(formatted('kind: vendor\n', 'account', modeline), `${modeline}\nkind: vendor\n`);
  assert.is(
    formatted('# yaml-language-server: $schema=elsewhere.json\n# Acme.\nkind: vendor\n', 'account', modeline),
    `${modeline}\n# Acme.\nkind: vendor\n`,
  );
  assert.is(
    formatted('# Acme.\n# yaml-language-server: $schema=own.json\nkind: vendor\n', 'account', null),
    '# yaml-language-server: $schema=own.json\n# Acme.\nkind: vendor\n',
  );
});

test('keeps texts, numbers and quotes as they mean, and writes them one way', () => {
  const text = lines(
    `a: 'single'`,
    `b: 'it''s'`,
    `c: 'say "x"'`,
    `d: "tab\\t"`,
    'e: 0.10',
    'f: "0.10"',
    'g: on',
    'h: several',
    '  words',
    'i: "a',
    '  b"',
    '"j": ~',
    'k:',
    `'yes': 1`,
  );

  assert.is(
    formatted(text),
    lines(
      'a: "single"',
      'b: "it\'s"',
      `c: 'say "x"'`,
      'd: "tab\\t"',
      'e: 0.10',
      'f: "0.10"',
      'g: on',
      'h: several words',
      'i: "a b"',
      'j: ~',
      'k:',
      '"yes": 1',
    ),
  );
});

test('keeps texts over several lines, whatever their indentation', () => {
  assert.is(
    formatted('a: |  # why\n      one\n        two\n\n      three\n\n\nb: >-\n one\n two\nc:\n  - |\n   x\n'),
    lines(
      'a: | # why',
      '  one',
      '    two',
      '',
      '  three',
      '',
      'b: >-',
      '  one',
      '  two',
      'c:',
      '  - |',
      '    x',
    ),
  );
  assert.is(formatted('a: |+\n  x\n\nb: |2\n    y\n'), 'a: "x\\n\\n"\n\nb: "  y\\n"\n');
});

test('changes no places in a file with aliases, which must follow their anchors', () => {
  assert.is(
    formatted('timeouts: &t {inviteSeconds: 4}\nother: *t\naddress: &a x\nlist: [*a]\n'),
    lines('timeouts: &t', '  inviteSeconds: 4', 'other: *t', 'address: &a x', 'list: [*a]'),
  );
});

test('removes byte order marks, carriage returns, document markers and blanks at line ends', () => {
  assert.is(formatted('---\r\nlines: 5   \r\n# c  \r\n'), 'lines: 5\n# c\n');
});

test('leaves a file alone that has no settings', () => {
  for (const text of ['', '# nothing\n\n\n', '- a\n-   b\n', 'x']) assert.is(formatted(text), text);
});

test('reports what is no YAML', () => {
  const result = formatYaml(
    { kind: 'account', file: 'a.yaml', text: 'kind: [', modeline: null },
    defaultLimits,
  );

  assert.ok('problems' in result);
  assert.is(result.problems[0]!.code, 'C4101');
});

/** A tree of values, to be written down in any way that YAML allows. */
type Tree =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly style: number }
  | {
      readonly kind: 'mapping';
      readonly items: readonly (readonly [string, Tree])[];
      readonly style: number;
    };

const scalarTexts = [
  '0.10',
  '"044"',
  "'44'",
  '1e5',
  'true',
  '~',
  'On',
  '"a: b # c"',
  "'it''s'",
  'plain words',
  '192.0.2.1:5060',
  '::1',

  '"\\u00e9\\n"',
  'a,b',
  'x[1]',
  '-1',
  '.5',
  '0x1F',
  '60/60',
  '"*"',
  '-x',
  '?y',
  'a#b',
];
const keys = [
  'prefixes',
  'address',
  'lines',
  'timeouts',
  'hunting',
  'ringingSeconds',
  'mode',
  'prefix',
  'a b',
  '"q: r"',
  "'44'",
  'zz',
  'rows',
];

const trees = fc.letrec<{ tree: Tree; mapping: Tree }>(tie => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...scalarTexts).map(text => ({ kind: 'scalar' as const, text })),
    fc.record({
      kind: fc.constant('list' as const),
      items: fc.array(tie('tree'), { maxLength: 4 }),
      style: fc.nat(999),
    }),
    tie('mapping'),
  ),
  mapping: fc.record({
    kind: fc.constant('mapping' as const),
    items: fc.uniqueArray(fc.tuple(fc.constantFrom(...keys), tie('tree')), {
      maxLength: 5,
      selector: ([key]) => key,
    }),
    style: fc.nat(999),
  }),
}));

/** Writes a tree down, with comments, blank lines, brackets and indentation as `style` has it. */
class Writer {
  #count = 0;
  readonly lines: string[] = [];

  write(tree: Tree, indent: number): void {
    if (tree.kind === 'scalar') throw new Error('scalars are written by their owner');
    const [step, dice] = [1 + (tree.style % 4), tree.style];
    for (const [i, item] of tree.items.entries()) {
      const [key, value] = tree.kind === 'list' ? [null, item as Tree] : (item as readonly [string, Tree]);
      this.#between(dice + i, indent);
      const head = `${' '.repeat(indent)}${key === null ? '-' : `${key}:`}`;
      if (value.kind === 'scalar') {
        this.lines.push(`${head} ${value.text}${this.#trailing(dice + i)}`);
      } else if (value.items.length === 0 || value.style % 3 === 0) {
        const flow = this.#flow(value);
        this.lines.push(`${head} ${flow}${this.#trailing(dice + i)}`);
      } else if (key === null && value.kind === 'mapping' && value.style % 2 === 0) {
        const at = this.lines.push(`${head}${this.#trailing(value.style)}`);
        this.write(value, indent + 2);
        // The first key behind the dash, as people write it.
        if (!this.lines[at - 1]!.includes('#') && !/^ *(#|$)/.test(this.lines[at]!)) {
          this.lines.splice(at - 1, 2, `${head} ${this.lines[at]!.trimStart()}`);
        }
      } else {
        this.lines.push(`${head}${this.#trailing(value.style)}`);
        this.write(value, value.kind === 'list' && key !== null && step === 1 ? indent : indent + step);
      }
    }
    if (dice % 5 === 0) this.lines.push(`${' '.repeat(indent)}# end ${this.#count++}`);
  }

  #flow(tree: Tree): string {
    if (tree.kind === 'scalar')
      return /^["']/.test(tree.text) ? tree.text : tree.text.replace(/[,[\]{}]|:$/g, '_');
    const parts = tree.items.map(item => {
      if (tree.kind === 'list') return this.#flow(item as Tree);
      const [key, value] = item as readonly [string, Tree];
      return `${key}: ${this.#flow(value)}`;
    });
    return tree.kind === 'list' ? `[${parts.join(',  ')}]` : `{${parts.join(', ')}}`;
  }

  #between(dice: number, indent: number): void {
    if (dice % 7 === 0) this.lines.push('');
    if (dice % 3 === 0) this.lines.push(`${' '.repeat(dice % 2 === 0 ? indent : 0)}# above ${this.#count++}`);
    if (dice % 11 === 0) this.lines.push('', '');
  }

  #trailing(dice: number): string {
    return dice % 4 === 0 ? `  # behind ${this.#count++}` : '';
  }
}

test('formatting twice is formatting once, no comment is lost, and nothing changes its meaning', () => {
  const property = fc.property(trees.mapping, mapping => {
    const writer = new Writer();
    writer.write(mapping, 0);
    const text = lines(...writer.lines);
    if (!('items' in mapping) || mapping.items.length === 0) return;
    // That the meaning is the same is checked by the formatter itself, each time.
    const once = formatted(text);

    assert.is(formatted(once), once);
    const comments = (of: string) => (of.match(/# (above|behind|end) \d+/g) ?? []).sort();
    assert.equal(comments(once), comments(text));
    assert.not.match(once, /\n\n\n/);
  });
  fc.assert(property, { numRuns: 500, includeErrorInReport: true });
});

test.run();
