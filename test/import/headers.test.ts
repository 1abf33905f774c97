import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { meaningOfHeader } from '../../src/import/headers.ts';

const test = suite('import/headers');

function column(header: string): string | null {
  return meaningOfHeader(header).known?.column ?? null;
}

test('knows the usual headers in several spellings and languages', () => {
  const expected: Readonly<Record<string, readonly string[]>> = {
    prefix: [
      'Prefix',
      'DIAL CODE',
      'Dial_Codes',
      'Destination Code',
      'Vorwahl',
      'Prefijo',
      'Код',
      '前缀',
      'Code',
    ],
    country: ['Country Code', 'CC'],
    area: ['Area Code', 'City Code'],
    rate: [
      'Rate',
      'Price',
      'Price per min',
      'Rate/min',
      'Rate (USD)',
      'USD/min',
      'USD',
      'Price, €',
      'Preis',
      'Цена',
    ],
    connectFee: ['Connect Fee', 'Connection fee', 'connectFee', 'Setup', 'Setup fee (USD)'],
    increments: ['Increments', 'Billing', 'Billing Increment', 'Rounding', 'Billing increments (sec)'],
    firstIncrement: ['First Interval', 'Interval 1', 'Min', 'Minimum Duration'],
    nextIncrement: ['Sub Interval', 'Interval N', 'Subsequent Increment'],
    effectiveFrom: ['Effective Date', 'From', 'Start Date', 'effectiveFrom', 'Gültig ab', 'Действует с'],
    effectiveUntil: ['Until', 'Expiry Date', 'End Date', 'effectiveUntil', 'Действует по'],
    status: ['Status', 'Change', 'Locked', 'Blocked'],
    currency: ['Currency', 'Währung'],
    destination: ['Destination', 'Description', 'Country', 'Zone Name'],
  };
  for (const [wanted, headers] of Object.entries(expected)) {
    for (const header of headers) assert.is(column(header), wanted, header);
  }
});

test('does not know what means something else', () => {
  for (const header of ['Old Rate', 'Peak Rate', 'Previous price', '', 'Notes', 'ASR', '%']) {
    assert.is(column(header), null, header);
  }
});

test('tells the unit, the currency and cents from the header of the price', () => {
  const perSecond = meaningOfHeader('Rate per second, EUR');
  assert.is(perSecond.unitSeconds, 1);
  assert.equal(perSecond.currencies, ['EUR']);
  assert.ok(meaningOfHeader('US cents/min').hundredths || meaningOfHeader('Rate (cents)').hundredths);
  assert.equal(meaningOfHeader('Price US$').currencies, ['US$']);
});

test.run();
