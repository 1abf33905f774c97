import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChangedShare } from '../../../src/plan/plan.ts';
import type { Allowance } from '../../../src/plan/report/allowances.ts';
import { checkGuards, type GuardSettings } from '../../../src/plan/report/guards.ts';
import { difference, planOf, scope } from '../plans.ts';

const test = suite('plan/report/guards');

const lenient: GuardSettings = { failOn: [], limitPercent: 30, allowed: [], allowances: [] };

function allowance(extent: Allowance['extent'], counts: boolean): Allowance {
  return { extent, reason: 'A new deck', place: { file: 'switch.yaml', line: 12 }, counts };
}

function share(before: number, changed: number): ChangedShare {
  return { before, after: before, added: 0, removed: 0, changed };
}

function guardsOf(routes: ChangedShare, rates: ChangedShare, settings = lenient): readonly string[] {
  return checkGuards(planOf([], { extent: { routes, rates } }), settings).map(({ guard }) => guard);
}

test('more than the limit of routes or rates is refused, from ten up, and each by its own name', () => {
  assert.equal(guardsOf(share(20, 9), share(20, 6)), []);
  assert.equal(guardsOf(share(20, 10), share(100, 31)), ['routes', 'rates']);
  assert.equal(guardsOf(share(100, 30), share(1000, 300)), []);
  assert.equal(guardsOf(share(100, 31), share(1000, 301), { ...lenient, allowed: ['routes'] }), ['rates']);
  assert.equal(guardsOf(share(100, 31), share(1000, 301), { ...lenient, limitPercent: 50 }), []);
});

test('a reason in the configuration allows the change that it came with, and no later one', () => {
  const plan = planOf([], { extent: { routes: share(100, 31), rates: share(1000, 301) } });
  const guarded = (...allowances: readonly Allowance[]) => checkGuards(plan, { ...lenient, allowances });

  assert.equal(guarded(allowance('rates', true), allowance('routes', true)), []);
  const [routes, rates, ...more] = guarded(allowance('rates', false));
  assert.equal([routes!.guard, rates!.guard, more], ['routes', 'rates', []]);
  assert.match(routes!.hint, 'give the reason as plan.allow.routes in switch.yaml, or say --allow routes');
  assert.match(rates!.hint, '(the one in switch.yaml:12 was for an earlier change)');
});

test('where nothing was nothing is too much', () => {
  assert.equal(guardsOf({ before: 0, after: 500, added: 500, removed: 0, changed: 0 }, share(0, 0)), []);
});

test('what is new and gone counts as well as what is changed', () => {
  assert.equal(guardsOf({ before: 40, after: 40, added: 7, removed: 7, changed: 0 }, share(1, 0)), [
    'routes',
  ]);
});

test('it fails on what it is asked to fail on, and on nothing else', () => {
  const plan = planOf([
    difference('44', ['unroutable']),
    difference('447', ['unroutable'], { scopes: [scope({ customer: 1 })] }),
    difference('1', ['reordered']),
  ]);

  assert.equal(checkGuards(plan, lenient), []);
  assert.equal(checkGuards(plan, { ...lenient, failOn: ['loss'] }), []);
  const [found] = checkGuards(plan, { ...lenient, failOn: ['unroutable'] });
  assert.is(found!.message, 'numbers of 2 prefixes are carried no longer: 44, 447');
});

test('a customer that is no longer served is unroutable', () => {
  const plan = planOf([], { customers: [{ gateways: ['bell-gw'], accounts: ['bell'], on: 'before' }] });

  const [found] = checkGuards(plan, { ...lenient, failOn: ['unroutable'] });
  assert.is(found!.message, 'calls of bell-gw are served no longer');
});

test('sides of one meaning have not changed, whatever else is told of them', () => {
  const same = planOf([], { after: planOf([]).before });

  assert.equal(checkGuards(same, { ...lenient, failOn: ['changes'] }), []);
  assert.is(checkGuards(planOf([]), { ...lenient, failOn: ['changes'] }).length, 1);
});

test.run();
