import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Calendar } from '../../../src/config/snapshot.ts';
import { snapshotOf } from '../directories.ts';
import { usualSwitch } from '../golden-files.ts';

const test = suite('config/parse/calendar');

function calendarOf(periods: string): Calendar {
  const text = `timeZone: UTC\nperiods:\n${periods}`;
  return snapshotOf({ 'switch.yaml': usualSwitch, 'calendars/c.yaml': text }).calendars[0]!;
}

/** `from-until` in minutes of each day, Monday first. */
function weekOf(periods: string): string[] {
  return calendarOf(periods).week.map(spans =>
    spans.map(({ fromMinute, untilMinute }) => `${fromMinute}-${untilMinute}`).join(' '),
  );
}

test('a range of days may go over the end of the week, and a day that stands twice counts once', () => {
  assert.equal(weekOf('  - days: [sat-mon, sun, wed]\n'), [
    '0-1440',
    '',
    '0-1440',
    '',
    '',
    '0-1440',
    '0-1440',
  ]);
  assert.equal(weekOf('  - { days: [thu-thu], to: "01:00" }\n'), ['', '', '', '0-60', '', '', '']);
});

test('without days a period is one of every day', () => {
  assert.equal(weekOf('  - { from: "22:30" }\n'), Array(7).fill('1350-1440'));
});

test('an end that is not later than the beginning lies on the next day', () => {
  assert.equal(weekOf('  - { days: [mon], from: "18:00", to: "08:00" }\n')[0], '1080-1920');
  assert.equal(weekOf('  - { days: [mon], from: "08:00", to: "08:00" }\n')[0], '480-1920');
  assert.equal(weekOf('  - { days: [mon], from: "08:00", to: "00:00" }\n')[0], '480-1440');
  assert.equal(weekOf('  - { days: [mon], from: "00:00", to: "24:00" }\n')[0], '0-1440');
});

test.run();
