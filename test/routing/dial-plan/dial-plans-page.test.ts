import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rewrite } from '../../../src/routing/dial-plan/rewrite.ts';
import { drawsFor } from '../../../src/routing/draws.ts';
import { dialPlan } from '../../support/dial-plans.ts';
import { readSource } from '../../support/source-files.ts';

const test = suite('routing/dial-plan/dial-plans-page');

/** Rules, number and result of each line of the table, without the marks of code. */
function examples(): readonly (readonly string[])[] {
  const page = readSource('docs/dial-plans.md').text;
  const lines = page.slice(page.indexOf('| rules | number | becomes |')).split('\n').slice(2);
  const end = lines.findIndex(line => !line.startsWith('|'));
  return lines.slice(0, end).map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim().replaceAll('`', '')),
  );
}

test('each example of docs/dial-plans.md comes to what the page says', () => {
  const lines = examples();
  assert.ok(lines.length > 15);
  const wrong = lines.flatMap(([rules, number, becomes]) => {
    const { number: result } = rewrite(dialPlan(rules!), number!, drawsFor(1, 'callee', 'northwind'));
    return result === becomes ? [] : [`${rules} makes ${number} ${result}, not ${becomes}`];
  });
  assert.equal(wrong, []);
});

test.run();
