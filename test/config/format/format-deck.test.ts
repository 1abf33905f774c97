import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatDeck } from '../../../src/config/format/format-deck.ts';
import { CsvScanner } from '../../../src/config/read/csv-scanner.ts';

const test = suite('config/format/format-deck');

function formatted(text: string, prefix = 0, effectiveFrom = -1, delimiter = ','): string {
  const result = formatDeck({ text, delimiter, prefix, effectiveFrom });
  if ('problem' in result) throw new Error(result.problem);
  return result.text;
}

test('sorts rows by prefix and then by the time from which they count, the header excepted', () => {
  assert.is(
    formatted('prefix,from\n49,\n44,2030-01-01\n44,2029-12-31T23:00:00-02:00\n44,\n1204,\n', 0, 1),
    'prefix,from\n1204,\n44,\n44,2030-01-01\n44,2029-12-31T23:00:00-02:00\n49,\n',
  );
});

test('keeps the text of every field and writes quotes only where they must stand', () => {
  assert.is(
    formatted('"prefix";name;rate\r\n"44" ;"a;b";0.10\r\n'.replace('"44" ', '"44"'), 0, -1, ';'),
    'prefix;name;rate\n44;"a;b";0.10\n',
  );
  assert.is(
    formatted('p,n\n2,"say ""x"""\n1," a "\n3,"two\nlines"\n'),
    'p,n\n1, a \n2,"say ""x"""\n3,"two\nlines"\n',
  );
});

test('removes empty lines and ends every line in one line feed', () => {
  assert.is(formatted('p,r\r\n\r\n2,1\r\n\r\n1,1'), 'p,r\n1,1\n2,1\n');
  assert.is(formatted('p,r\r2,1\r1,1\r'), 'p,r\n1,1\n2,1\n');
});

test('leaves a deck alone of which a row cannot be read', () => {
  assert.equal(formatDeck({ text: 'p,r\n1,2\n1\n', delimiter: ',', prefix: 0, effectiveFrom: -1 }), {
    line: 3,
    problem: 'the row has 1 fields and the header has 2',
  });
});

function records(text: string): string[] {
  const scanner = new CsvScanner(text, ',');
  const found: string[] = [];
  while (scanner.next()) {
    found.push(JSON.stringify(Array.from({ length: scanner.fieldCount }, (_, i) => scanner.field(i))));
  }
  return found;
}

test('whatever the fields, the same rows come out, in order, and formatting twice is formatting once', () => {
  const field = fc.oneof(fc.stringMatching(/^[0-9]{0,4}$/), fc.stringMatching(/^[ a"\n,;]{0,6}$/));
  const quoted = field.map(text => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text));
  const rows = fc.array(fc.tuple(fc.stringMatching(/^[0-9]{1,3}$/), quoted, fc.boolean()), { maxLength: 30 });
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (listed, end) => {
      const lines = listed.map(([prefix, name, quotes]) => `${quotes ? `"${prefix}"` : prefix},${name}`);
      const text = ['prefix,name', ...lines, ''].join(end);
      const once = formatted(text);
      const [header, ...sorted] = records(once);

      assert.is(formatted(once), once);
      assert.is(header, '["prefix","name"]');
      assert.equal([...sorted].sort(), records(text.replaceAll('\r\n', '\n')).slice(1).sort());
      const prefixes = sorted.map(record => (JSON.parse(record) as string[])[0]!);
      assert.equal(prefixes, [...prefixes].sort());
    }),
    { includeErrorInReport: true },
  );
});

test.run();
