import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseTime } from '../../../src/config/parse/time.ts';

const test = suite('config/parse/time');

test('reads back every time of the calendar as ISO 8601 writes it', () => {
  const times = fc.date({ min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true });
  fc.assert(fc.property(times, time => assert.is(parseTime(time.toISOString()), time.getTime())));
});

test('reads a date as the midnight UTC that begins it, and a time with its zone', () => {
  assert.is(parseTime('2030-01-31'), Date.UTC(2030, 0, 31));
  assert.is(parseTime('2030-01-31T12:00Z'), Date.UTC(2030, 0, 31, 12));
  assert.is(parseTime('2030-01-31 12:00:00+05:30'), Date.UTC(2030, 0, 31, 6, 30));
  assert.is(parseTime('2030-01-31T12:00:00.25-01:00'), Date.UTC(2030, 0, 31, 13, 0, 0, 250));
});

for (const text of [
  '',
  'tomorrow',
  '2030-02-30',
  '2030-13-01',
  '2030-00-10',
  '0050-01-01',
  '2030-01-31T12:00:00',
  '2030-01-31T24:00Z',
  '2030-01-31T12:60Z',
  '2030-01-31T12:00:61Z',
  '2030-01-31T12:00+15:00',
  '2030-01-31T12:00+01:99',
  '31.01.2030',
  '1900000000',
  ' 2030-01-31',
]) {
  test(`refuses "${text}"`, () => {
    assert.is(parseTime(text), null);
  });
}

test.run();
