import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DateSurvey, formatMoment, readMoment } from '../../src/import/dates.ts';
import type { DateOrder } from '../../src/import/options.ts';

const test = suite('import/dates');

function read(text: string, order: DateOrder = 'ymd', zoneMinutes = 0): string | null {
  const moment = readMoment(text, order, zoneMinutes);
  return moment === null ? null : formatMoment(moment.ms);
}

function verdict(...texts: readonly string[]): string {
  const survey = new DateSurvey();
  for (const text of texts) survey.see(text);
  const result = survey.verdict();
  return typeof result === 'string' ? result : result.problem;
}

test('reads dates that have one meaning in any order', () => {
  for (const text of [
    '2026-01-31',
    '2026/1/31',
    '20260131',
    '31-Jan-2026',
    '31 January 2026',
    'Jan 31, 2026',
  ]) {
    for (const order of ['ymd', 'dmy', 'mdy'] as const) assert.is(read(text, order), '2026-01-31', text);
  }
});

test('reads the other dates in the order of the file', () => {
  assert.is(read('01/02/2026', 'dmy'), '2026-02-01');
  assert.is(read('01/02/2026', 'mdy'), '2026-01-02');
  assert.is(read('1.2.26', 'dmy'), '2026-02-01');
  assert.is(read('31/01/2026', 'mdy'), null);
});

test('one clear date decides for the whole file', () => {
  assert.is(verdict('01/02/2026', '31/01/2026'), 'dmy');
  assert.is(verdict('01/02/2026', '01/31/2026'), 'mdy');
  assert.is(verdict('01.02.2026'), 'dmy');
  assert.is(verdict('2026-01-02', '', '-'), 'ymd');
  assert.is(verdict('02/02/2026'), 'dmy');
});

test('asks when no date decides, or two contradict each other', () => {
  assert.match(verdict('01/02/2026'), /--date-format/);
  assert.match(verdict('31/01/2026', '01/31/2026'), /not all in one order/);
});

test('reads times with and without a zone', () => {
  assert.is(read('2026-01-31 12:30'), '2026-01-31T12:30:00Z');
  assert.is(read('2026-01-31 12:30', 'ymd', 60), '2026-01-31T11:30:00Z');
  assert.is(read('2026-01-31T12:30:15.123456+02:00'), '2026-01-31T10:30:15.123Z');
  assert.is(read('1/31/2026 12:05 AM', 'mdy'), '2026-01-31T00:05:00Z');
  assert.is(read('2026-01-31 00:00:00', 'ymd', 60), '2026-01-31');
  assert.is(read('2026-01-31T00:00:00Z', 'ymd', 60), '2026-01-31');
});

test('refuses days and times that do not exist', () => {
  for (const text of [
    '2026-02-30',
    '2026-13-01',
    '2026-01-31 25:00',
    '2026-01-31 12:60',
    '46053',
    'soon',
    '',
  ]) {
    assert.is(read(text), null, text);
  }
});

test('every day that is written comes back', () => {
  const days = fc.integer({ min: 0, max: 40_000 }).map(day => day * 86_400_000);
  fc.assert(
    fc.property(days, ms => {
      const iso = formatMoment(ms);
      const [year, month, day] = iso.split('-') as [string, string, string];
      assert.is(read(iso), iso);
      assert.is(read(`${day}/${month}/${year}`, 'dmy'), iso);
      assert.is(read(`${month}/${day}/${year}`, 'mdy'), iso);
    }),
  );
});

test.run();
