import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isOnOneOfLists } from '../../../src/routing/number-filter.ts';
import { snapshotOf } from '../directories.ts';
import { usualSwitch } from '../golden-files.ts';

const test = suite('config/parse/number-list');

const usual = {
  'switch.yaml': usualSwitch,
  'accounts/vendor.yaml': 'kind: vendor\nunrated: true\n',
};

const digits = (least: number) => fc.stringMatching(new RegExp(`^[01]{${least},3}$`));

test('a number is on the list that names it, or a beginning of it, wherever that stands', () => {
  const property = fc.property(
    fc.array(digits(1), { maxLength: 5 }),
    fc.array(digits(1), { maxLength: 5 }),
    fc.array(fc.tuple(digits(1), fc.boolean()), { minLength: 1, maxLength: 5 }),
    fc.constantFrom('\n', '\r\n', '\r', ' \n\n'),
    (whole, beginnings, lines, end) => {
      const list = (key: string, values: readonly string[]) =>
        values.length === 0 ? '' : `${key}: ${JSON.stringify(values)}\n`;
      const snapshot = snapshotOf({
        ...usual,
        'number-lists/x.yaml': `${list('numbers', whole)}${list('prefixes', beginnings)}file: x.txt\n`,
        'number-lists/x.txt': lines.map(([text, isPrefix]) => `${text}${isPrefix ? '*' : ''}`).join(end),
      });
      const numbers = [...whole, ...lines.filter(([, isPrefix]) => !isPrefix).map(([text]) => text)];
      const prefixes = [...beginnings, ...lines.filter(([, isPrefix]) => isPrefix).map(([text]) => text)];

      for (const number of ['0', '1', '00', '01', '10', '11', '000', '010', '101', '111', '0101', '2']) {
        const isOn = numbers.includes(number) || prefixes.some(prefix => number.startsWith(prefix));
        assert.is(isOnOneOfLists(snapshot, [0], number), isOn, number);
      }
      assert.is(snapshot.numberLists[0]!.entryCount, new Set(numbers).size + new Set(prefixes).size);
    },
  );
  fc.assert(property, { numRuns: 60 });
});

test('a pool has each whole number of its lists once', () => {
  const { routingGateways } = snapshotOf({
    ...usual,
    'number-lists/a.yaml': 'numbers: ["447", "44", "33"]\nprefixes: ["5", "44"]\n',
    'number-lists/b.yaml': 'numbers: ["1", "33"]\n',
    'gateways/routing/x.yaml':
      'clearingAccount: vendor\naddress: 192.0.2.2\nprefixes: ["44"]\ncallerPool: { lists: [b, a] }\n',
  });

  assert.equal(routingGateways[0]!.callerPool!.numbers, ['1', '33', '44', '447']);
});

test('lines in another order, or in the file instead of the YAML, are the same list', () => {
  const hashOf = (yaml: string, text: string) =>
    snapshotOf({ ...usual, 'number-lists/x.yaml': `${yaml}file: x.txt\n`, 'number-lists/x.txt': text }).hash;

  const hash = hashOf('', '1\n2\n3*\n');
  assert.is(hashOf('', '3*\n\n2\n1'), hash);
  assert.is(hashOf('numbers: ["2"]\n', '3*\n1'), hash);
  assert.is.not(hashOf('', '1\n2\n3\n'), hash);
  assert.is.not(hashOf('', '1\n2\n'), hash);
});

test.run();
