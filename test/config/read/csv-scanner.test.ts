import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CsvScanner } from '../../../src/config/read/csv-scanner.ts';

const test = suite('config/read/csv-scanner');

function recordsOf(text: string, delimiter = ','): string[][] {
  const scanner = new CsvScanner(text, delimiter);
  const records: string[][] = [];
  while (scanner.next()) {
    assert.is(scanner.problem, null);
    records.push(Array.from({ length: scanner.fieldCount }, (_, i) => scanner.field(i)));
  }
  return records;
}

const cell = fc.stringMatching(/^[a-z0-9",;\n\r äß]{0,8}$/);
const table = fc
  .integer({ min: 1, max: 5 })
  .chain(width =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
  );

test('reads whatever is written as RFC 4180 says, as an established parser does', () => {
  const property = fc.property(
    table,
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom(',', ';'),
    fc.boolean(),
    (rows, lineEnd, delimiter, always) => {
      const quoted = (value: string) =>
        always || /[",;\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
      const text = rows.map(row => row.map(quoted).join(delimiter)).join(lineEnd);

      const expected = parse(text, { delimiter, skip_empty_lines: true, trim: false }) as string[][];

      assert.equal(
        recordsOf(text, delimiter),
        expected.map(row => row.map(value => value.replace(/^[ \t]+|[ \t]+$/g, ''))),
      );
    },
  );
  fc.assert(property, { numRuns: 500 });
});

test('knows what a field holds without reading it, but for doubled quotes', () => {
  const value = fc.stringMatching(/^[ab" ]{0,3}$/);
  const asking = value.map(one => one.trim());
  const property = fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), asking, (values, asked) => {
    const scanner = new CsvScanner(values.map(one => ` ${one}\t`).join(','), ',');
    const quoted = new CsvScanner(values.map(one => `"${one.replaceAll('"', '""')}"`).join(','), ',');
    assert.ok(scanner.next());
    assert.ok(quoted.next());
    for (const [i, one] of values.entries()) {
      assert.is(scanner.holds(i, asked), scanner.field(i) === asked);
      assert.is(quoted.holds(i, asked), !one.includes('"') && quoted.field(i) === asked);
    }
  });
  fc.assert(property, { numRuns: 500 });
});

test('never throws and always comes to an end, whatever the text', () => {
  const property = fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
    const scanner = new CsvScanner(text, ',');
    let records = 0;
    while (scanner.next()) {
      records++;
      for (let i = 0; i < scanner.fieldCount; i++) scanner.field(i);
    }
    assert.ok(records <= text.length);
  });
  fc.assert(property);
});

test('tells the line on which a record begins, across quoted line feeds and empty lines', () => {
  const scanner = new CsvScanner('a,b\r\n\r\n1,"x\ny\nz"\n2,3', ',');
  const lines: number[] = [];

  while (scanner.next()) lines.push(scanner.line);

  assert.equal(lines, [1, 3, 6]);
});

test('tells the column of a field', () => {
  const scanner = new CsvScanner('a,b\n44, 0.1,"x"\n', ',');
  scanner.next();
  scanner.next();

  assert.equal([scanner.columnOf(0), scanner.columnOf(1), scanner.columnOf(2)], [1, 4, 10]);
});

test('goes on with the next line behind text after a closing quote', () => {
  const scanner = new CsvScanner('"a" b,c\nd,e\n', ',');

  assert.ok(scanner.next());
  assert.is(scanner.problem, 'trailing');
  assert.ok(scanner.next());
  assert.is(scanner.problem, null);
  assert.is(scanner.field(0), 'd');
  assert.is(scanner.line, 2);
});

test('reports a quote that never ends, at the line where it opens', () => {
  const scanner = new CsvScanner('a,b\nc,"d\ne,f\n', ',');
  scanner.next();

  assert.ok(scanner.next());
  assert.is(scanner.problem, 'unclosed');
  assert.is(scanner.line, 2);
  assert.not.ok(scanner.next());
});

test('keeps more fields than it has room for at first', () => {
  const row = Array.from({ length: 300 }, (_, i) => String(i));

  assert.equal(recordsOf(row.join(',')), [row]);
});

test.run();
