import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { allowancesOf } from '../../../src/plan/report/allowances.ts';
import { snapshotOf } from '../../config/directories.ts';
import { network } from '../edits/network.ts';

const test = suite('plan/report/allowances');

function sideOf(allow: string): ReturnType<typeof snapshotOf> {
  const text = allow === '' ? '' : `plan:\n  allow:\n${allow}`;
  return snapshotOf({ ...network, 'switch.yaml': `${network['switch.yaml']}${text}` });
}

test('a reason counts where the other side does not have it, in whatever layout', () => {
  const [none, rates] = [sideOf(''), sideOf('    rates: A new deck of Acme\n')];
  const told = { extent: 'rates', reason: 'A new deck of Acme', place: { file: 'switch.yaml', line: 8 } };

  assert.equal(allowancesOf(none, rates), [{ ...told, counts: true }]);
  assert.equal(allowancesOf(rates, rates), [{ ...told, counts: false }]);
  assert.equal(allowancesOf(sideOf('    rates: "A  new deck of acme"\n'), rates), [
    { ...told, counts: false },
  ]);
  assert.equal(allowancesOf(sideOf('    rates: The deck before it\n'), rates), [{ ...told, counts: true }]);
  assert.equal(allowancesOf(sideOf('    routes: A new deck of Acme\n'), rates), [{ ...told, counts: true }]);
  assert.equal(allowancesOf(rates, none), []);
});

test('routes and rates are allowed each by a reason of its own', () => {
  const both = sideOf('    routes: Acme has all of Africa\n    rates: A new deck of Acme\n');

  assert.equal(
    allowancesOf(sideOf(''), both).map(({ extent, place }) => [extent, place.line]),
    [
      ['routes', 8],
      ['rates', 9],
    ],
  );
});

test.run();
