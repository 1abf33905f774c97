import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ImportOutcome, type ImportRequest, importRates } from '../../src/import/import-rates.ts';
import { type ImportOptions, usualOptions } from '../../src/import/options.ts';

const test = suite('import/import-rates');

const switchYaml = `# yaml-language-server: $schema=./node_modules/class4/schemas/switch.schema.json
name: test
currency: USD
sip: { listen: [{ transport: udp, address: 127.0.0.1, port: 5060 }] }
`;

type Files = Readonly<Record<string, string>>;

const directory = mkdtempSync(join(tmpdir(), 'class4-import-'));
test.after(() => rmSync(directory, { recursive: true, force: true }));

function given(
  text: string | Buffer,
  options: Partial<ImportOptions> = {},
  files: Files = {},
  request: Partial<ImportRequest> = {},
): ImportOutcome {
  rmSync(join(directory, 'rates'), { recursive: true, force: true });
  for (const [path, contents] of Object.entries({ 'switch.yaml': switchYaml, ...files })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), contents);
  }
  const usual = { directory, table: 'acme', against: 'acme', jumpPercent: 20, force: false };
  return importRates(
    { ...usual, bytes: Buffer.from(text), options: { ...usualOptions, ...options }, ...request },
    () => {},
  );
}

function fileOf(outcome: ImportOutcome, path: string): string | undefined {
  return outcome.files.find(file => file.path === path)?.text;
}

function messages({ problems }: ImportOutcome): string {
  return problems.all.map(({ message }) => message).join('\n');
}

const deckYaml = 'deck:\n  file: acme.csv\n';

test('a new table says for editors what switch.yaml says', () => {
  const outcome = given('Prefix,Rate\n44,0.01\n');

  assert.match(
    fileOf(outcome, 'rates/acme.yaml')!,
    /^# yaml-language-server: \$schema=\.\.\/node_modules\/class4\/schemas\/rate-table\.schema\.json$/m,
  );
});

test('respects the columns, the delimiter and the unit of a table that is there', () => {
  const yaml =
    'deck:\n  file: acme.csv\n  delimiter: ";"\n  columns: { prefix: Code, rate: Price, firstIncrement: First, nextIncrement: Next, connectFee: Fee }\ndefaults: { unit: 1 }\n';
  const outcome = given(
    'Prefix,Rate,Increments,Description\n44,0.06,30/6,UK\n',
    {},
    {
      'rates/acme.yaml': yaml,
      'rates/acme.csv': 'Code;Zone Name;Price;First;Next;Fee\n44;UK;0.001;30;6;\n',
    },
  );

  assert.is(fileOf(outcome, 'rates/acme.csv'), 'Code;Price;First;Next;Fee;Zone Name\n44;0.001;30;6;;UK\n');
  assert.is(fileOf(outcome, 'rates/acme.yaml'), undefined);
});

test('refuses to drop what the table that is there would not read, and says what to add', () => {
  const outcome = given(
    'Prefix,Rate,From\n44,0.01,2026-01-01\n',
    {},
    {
      'rates/acme.yaml': deckYaml,
      'rates/acme.csv': 'prefix,rate\n44,0.01\n',
    },
  );

  assert.ok(outcome.refused);
  assert.match(messages(outcome), 'add "effectiveFrom: effectiveFrom" to its deck.columns');
});

test('does not touch a table with rows of its own, nor one with errors', () => {
  const rows = 'rows:\n  - { prefix: "44", rate: 0.01 }\n';
  assert.match(messages(given('Prefix,Rate\n44,0.01\n', {}, { 'rates/acme.yaml': rows })), 'rows in itself');
  const wrong = given('Prefix,Rate\n44,0.01\n', {}, { 'rates/acme.yaml': 'dekc: 1\n' });
  assert.match(messages(wrong), /^rates\/acme\.yaml:1:1 /);
});

test('writes no deck outside of the configuration directory', () => {
  for (const file of ['../../acme.csv', '/tmp/acme.csv']) {
    const outcome = given('Prefix,Rate\n44,0.01\n', {}, { 'rates/acme.yaml': `deck:\n  file: ${file}\n` });
    assert.ok(outcome.refused);
    assert.match(messages(outcome), 'outside of the configuration directory');
  }
});

test('writes nothing when nothing changes', () => {
  const files = { 'rates/acme.yaml': deckYaml, 'rates/acme.csv': 'prefix,rate\n44,0.01\n45,0.02\n' };
  const outcome = given('Rate;Prefix\n0,02;45\n0,010;44\n', {}, files);

  assert.not.ok(outcome.refused);
  assert.equal(outcome.files, []);
});

test('refuses a change that looks like the wrong column, unless forced', () => {
  const rows = (rate: string) => Array.from({ length: 20 }, (_, i) => `${100 + i},${rate}\n`).join('');
  const files = { 'rates/acme.yaml': deckYaml, 'rates/acme.csv': `prefix,rate\n${rows('0.01')}` };
  const list = `Prefix,Rate\n${rows('0.09')}`;

  const refused = given(list, {}, files);
  assert.ok(refused.refused);
  assert.match(messages(refused), /^100 % of the prices .* --force$/);
  assert.is(refused.changes!.jumps.length, 20);
  assert.not.ok(given(list, {}, files, { force: true }).refused);
});

test('compares with the table that is named', () => {
  const files = {
    'rates/other.yaml': 'deck:\n  file: other.csv\n',
    'rates/other.csv': 'prefix,rate\n44,0.01\n33,1\n',
  };
  const outcome = given('Prefix,Rate\n44,0.02\n', {}, files, { against: 'other' });

  assert.is(outcome.changes!.rises, 1);
  assert.equal(outcome.changes!.withdrawnPrefixes, ['33']);
  assert.match(messages(given('Prefix,Rate\n44,1\n', {}, {}, { against: 'none' })), 'no rates/none.yaml');
});

test('refuses prices in another currency, and currencies that contradict each other', () => {
  assert.match(
    messages(given('Prefix,Rate (EUR)\n44,0.01\n')),
    'the file is in EUR and the switch counts in USD',
  );
  assert.match(messages(given('Prefix,Rate\n44,€ 0.01\n33,$0.02\n')), /"\$" in line 3 contradicts "€"/);
  assert.match(messages(given('Prefix,Rate,Currency\n44,0.01,GBP\n')), 'GBP');
  assert.match(messages(given('Prefix,Rate\n44,£0.01\n', { currency: 'USD' })), '--currency USD contradicts');
  assert.match(messages(given('Prefix,Rate (USD cents)\n44,1.5\n')), '--exchange-rate 0.01');
  const cents = given('Prefix,Rate (USD cents)\n44,1.5\n', { exchangeRate: '0.01' });
  assert.match(fileOf(cents, 'rates/acme.csv')!, '44,0.015\n');
});

test('asks for the columns that it does not know, and takes them by name or position', () => {
  const list = 'Zielcode X;Betrag Y\n44;0,01\n';
  assert.match(messages(given(list)), /--prefix-column and --rate-column/);
  const named = given(list, { columns: { prefix: 'zielcode x', rate: '2' } });
  assert.match(fileOf(named, 'rates/acme.csv')!, '44,0.01\n');
  const missing = given('Prefix,Rate\n44,1\n', { columns: { rate: 'Raet' } });
  assert.match(messages(missing), 'there is no column "Raet" (did you mean "Rate"?)');
});

test('asks which of two columns is meant', () => {
  assert.match(
    messages(given('Prefix,Rate,Price\n44,1,2\n')),
    /"Rate" \(2\) and "Price" \(3\) may both be meant/,
  );
  const outcome = given('Prefix,Rate,Price\n44,1,2\n', { ignoredColumns: ['price'] });
  assert.match(fileOf(outcome, 'rates/acme.csv')!, '44,1\n');
  assert.match(messages(given('Country Code,Code,Rate\n44,4477,1\n')), '--area-column');
});

test('reads a list without a header by positions', () => {
  const options = { header: false, columns: { prefix: '2', rate: '1' } };
  const outcome = given('0.01|44|UK\n0.02|33|France\n', options);

  assert.match(fileOf(outcome, 'rates/acme.csv')!, 'prefix,rate\n33,0.02\n44,0.01\n');
  assert.match(
    messages(given('0.01|44\n', { header: false })),
    '--prefix-column and --rate-column as positions',
  );
});

test('says what is wrong with a file that holds no prices', () => {
  assert.match(messages(given('')), 'no header is known');
  assert.match(messages(given('Prefix,Rate\n')), 'no rows');
  assert.match(messages(given(Buffer.from([0x50, 0x4b, 3, 4]))), 'Excel workbook');
});

interface Price {
  readonly prefix: string;
  readonly rate: string;
  readonly first: number;
  readonly next: number;
  readonly day: string;
  readonly name: string;
}

const day = fc
  .integer({ min: 0, max: 3000 })
  .map(days => new Date(Date.UTC(2024, 0, 13) + days * 86_400_000).toISOString().slice(0, 10));
const price: fc.Arbitrary<Price> = fc.record({
  prefix: fc.integer({ min: 1, max: 99_999_999 }).map(String),
  // A price that no thousands separator could be in, so that every file tells its decimals.
  rate: fc
    .integer({ min: 1, max: 9_999_999 })
    .map(n => `0.${n.toString().padStart(7, '0')}`.replace(/0+$/, '')),
  first: fc.integer({ min: 1, max: 300 }),
  next: fc.integer({ min: 1, max: 60 }),
  day,
  name: fc.string({ unit: fc.constantFrom(...'abc ,;"|é'), maxLength: 12 }).map(text => `X${text}`.trim()),
});
const dialect = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  comma: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  order: fc.constantFrom('ymd', 'dmy', 'mdy'),
  quoteAll: fc.boolean(),
  letterhead: fc.boolean(),
  utf16: fc.boolean(),
  splitSteps: fc.boolean(),
  seed: fc.array(fc.integer(), { minLength: 6, maxLength: 6 }),
});
type Dialect = typeof dialect extends fc.Arbitrary<infer T> ? T : never;

type Columns = readonly (readonly [string, (price: Price) => string])[];

const together: Columns = [['Billing Increment', ({ first, next }) => `${first}/${next}`]];
const apart: Columns = [
  ['Interval 1', ({ first }) => String(first)],
  ['Interval N', ({ next }) => String(next)],
];

function written(prices: readonly Price[], how: Dialect): Buffer {
  const { delimiter, comma, order, quoteAll, splitSteps, seed } = how;
  const columns: Columns = [
    ['Dial Code', ({ prefix }) => prefix],
    ['Price', ({ rate }) => (comma ? rate.replace('.', ',') : rate)],
    ...(splitSteps ? apart : together),
    ['Effective Date', price => inOrder(price.day, order)],
    ['Destination', ({ name }) => name],
  ];
  const shuffled = columns.map((column, i) => [seed[i]!, column] as const).sort((a, b) => a[0] - b[0]);
  const cell = (text: string) =>
    quoteAll || text.includes(delimiter) || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = [
    ...(how.letterhead ? ['Acme Carrier Services', `Valid until further notice${delimiter}`] : []),
    shuffled.map(([, [header]]) => cell(header)).join(delimiter),
    ...prices.map(one => shuffled.map(([, [, value]]) => cell(value(one))).join(delimiter)),
  ];
  const text = `${lines.join(how.lineEnd)}${how.lineEnd}`;
  return how.utf16 ? Buffer.from(`\ufeff${text}`, 'utf16le') : Buffer.from(text);
}

function inOrder(iso: string, order: 'ymd' | 'dmy' | 'mdy'): string {
  const [year, month, dayOfMonth] = iso.split('-');
  if (order === 'ymd') return iso;
  return order === 'dmy' ? `${dayOfMonth}/${month}/${year}` : `${month}/${dayOfMonth}/${year}`;
}

test('the same prices give the same deck, whatever the columns, dialect and order of the rows', () => {
  const prices = fc.uniqueArray(price, { selector: ({ prefix }) => prefix, minLength: 1, maxLength: 12 });
  // The first day of all is after the twelfth, so that every file tells the order of its dates.
  const clear = { prefix: '999999999', rate: '0.5', first: 1, next: 1, day: '2024-01-13', name: 'X' };
  fc.assert(
    fc.property(prices, dialect, (some, how) => {
      const all = [...some, clear];
      const quoted = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const expected = [...all]
        .sort((a, b) => (a.prefix < b.prefix ? -1 : 1))
        .map(({ prefix, rate, first, next, day: from, name }) =>
          [prefix, rate, `${first}/${next}`, from, quoted(name)].join(','),
        );
      const outcome = given(written(all, how));
      assert.is(
        fileOf(outcome, 'rates/acme.csv'),
        `prefix,rate,increments,effectiveFrom,destination\n${expected.join('\n')}\n`,
        messages(outcome),
      );
    }),
    { numRuns: 150 },
  );
});

test.run();
