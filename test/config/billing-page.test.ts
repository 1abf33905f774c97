import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findAccountRate } from '../../src/rating/account-rate.ts';
import { chargeFor } from '../../src/rating/charge.ts';
import { formatMoney } from '../../src/rating/money.ts';
import { rateOfRow } from '../../src/rating/rate-table.ts';
import { readSource } from '../support/source-files.ts';
import { snapshotOf } from './directories.ts';
import { usualSwitch } from './golden-files.ts';

const test = suite('config/billing-page');

const page = readSource('docs/billing.md').text;
const [rows = '', calendar = '', account = ''] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(
  match => match[1]!,
);

/** The cells of the table below this header. */
function tableBelow(header: string): string[][] {
  const lines = page.slice(page.indexOf(header)).split('\n').slice(2);
  const end = lines.findIndex(line => !line.startsWith('|'));
  return lines.slice(0, end).map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
}

test('the example of docs/billing.md comes to what the page says', () => {
  const { rateTables, parameters } = snapshotOf({ 'switch.yaml': usualSwitch, 'rates/example.yaml': rows });
  const rate = rateOfRow(rateTables[0]!, 0, parameters.freeSeconds);
  const examples = tableBelow('| talk, s |');

  assert.ok(examples.length > 5);
  for (const [talk, billed, connectFee, stages, ordinary, amount] of examples) {
    const charge = chargeFor(rate, Number(talk), parameters.feePrecision);
    assert.is(String(charge.billedSeconds), billed, `${talk} s`);
    assert.is(formatMoney(charge.amount, parameters.feePrecision), amount, `${talk} s`);
    const parts = [connectFee, stages, ordinary].reduce((sum, part) => sum + Number(part), 0);
    assert.is(parts.toFixed(parameters.feePrecision), amount, `${talk} s`);
  }
});

test('the calendar of docs/billing.md chooses the tables that the page says', () => {
  const snapshot = snapshotOf({
    'switch.yaml': usualSwitch,
    'calendars/uk-evening.yaml': calendar,
    'accounts/acme.yaml': account,
    'rates/day.yaml': 'rows: [{ prefix: "44", rate: 1 }]\n',
    'rates/evening.yaml': 'rows: [{ prefix: "44", rate: 1 }]\n',
    'rates/own.yaml': 'rows: [{ prefix: "4420", rate: 1 }]\n',
  });
  const examples = tableBelow('| answered |');

  assert.ok(examples.length > 5);
  for (const [answered, callee, table] of examples) {
    const found = findAccountRate(snapshot, snapshot.accounts[0]!, callee!, Date.parse(answered!));
    assert.is(found?.table.name, table, answered);
  }
});

test.run();
