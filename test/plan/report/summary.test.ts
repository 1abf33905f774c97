import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printPlanText } from '../../../src/plan/report/print-text.ts';
import { summarise } from '../../../src/plan/report/summary.ts';
import { carried, difference, planOf, refused, reportOf, scope } from '../plans.ts';

const test = suite('plan/report/summary');

const suppositions = [{ down: [] }, { down: ['best'] }];

function textOf(plan: ReturnType<typeof planOf>): string {
  return printPlanText(reportOf(plan), { colour: false, most: 10 });
}

test('what needs a gateway to be down for one customer and nothing for another counts for each where it belongs', () => {
  const scopes = [scope({ customer: 0, suppositions: [0, 1] }), scope({ customer: 1, suppositions: [1] })];
  const plan = planOf([difference('44', ['loss'], { scopes, after: [carried('-0.1')] })], { suppositions });
  const { customers, kinds, losses, suppositions: supposed } = summarise(plan);

  assert.is(customers.touched, 2);
  assert.equal(kinds, [{ kind: 'loss', prefixes: 1, customers: 1 }]);
  assert.equal(supposed, [{ down: ['best'], kinds }]);
  assert.equal(losses[0]!.customers, ['bell']);
  assert.match(textOf(plan), /^bell, via bell-gw\n {2}1 prefix: sold at a loss\n/m);
  assert.match(textOf(plan), /^gray, via gray-gw\n {2}1 prefix: sold at a loss; only while best is down\n/m);
});

test('what holds at other times for another customer is told of each of them at its times', () => {
  const times = ['now', 'later'].map((label, i) => ({
    ...{ at: `2029-06-0${i + 1}T12:00:00.000Z`, label },
    calendars: i === 0 ? [] : ['nights'],
  }));
  const scopes = [scope({ customer: 0, times: [0] }), scope({ customer: 1, times: [1] })];
  const text = textOf(planOf([difference('44', ['reordered'], { scopes })], { times }));

  assert.match(text, /^bell, via bell-gw\n(?:.*\n)*? {6}44 \(outside of nights\) {2}/m);
  assert.match(text, /^gray, via gray-gw\n(?:.*\n)*? {6}44 \(in nights\) {2}/m);
});

test('prefixes of which other things are said at other times have one row with a line for each time', () => {
  const times = [[], ['nights']].map((calendars, i) => ({
    ...{ at: `2029-06-0${i + 1}T12:00:00.000Z`, label: `at ${i}`, calendars },
  }));
  const at = (time: number, margin: string) =>
    difference('44', ['reordered'], { scopes: [scope({ times: [time] })], after: [carried(margin)] });

  const other = textOf(planOf([at(0, '0.1'), at(1, '0.15')], { times }));
  assert.match(
    other,
    /^ {6}44 {2}outside of nights: margin 0.20 → 0.10\n {10}in nights: margin 0.20 → 0.15\n/m,
  );
  const same = textOf(planOf([at(0, '0.1'), at(1, '0.1')], { times }));
  assert.match(same, /^ {6}44 {2}margin 0.20 → 0.10\n/m);
});

test('prefixes that lose the same with the same gateway stand together, worst first, and the rest is counted', () => {
  const losing = (prefix: string, margin: string, gateway: string) =>
    difference(prefix, ['loss'], { after: [carried(margin, gateway)] });
  const plan = planOf([
    losing('44', '-0.1', 'acme'),
    losing('33', '-0.1', 'acme'),
    ...Array.from({ length: 6 }, (_, i) => losing(`4${i}`, `-0.0${i + 1}`, 'best')),
  ]);

  assert.match(
    textOf(plan),
    '33, 44 by acme (−0.10); 45 by best (−0.06); 43 by best (−0.04); 42 by best (−0.03); 41 by best (−0.02); and 1 prefix more, in EUR for 60 s\n',
  );
});

test('of a prefix that several customers lose the same with, all of them are named', () => {
  const losing = (customer: number) =>
    difference('44', ['loss'], { scopes: [scope({ customer })], after: [carried('-0.1')] });

  assert.equal(summarise(planOf([losing(0), losing(1)])).losses[0]!.customers, ['bell', 'gray']);
});

test('margins in different currencies are neither more nor less', () => {
  const plan = planOf([difference('44', ['reordered'])]);
  const { margins } = summarise({ ...plan, before: { ...plan.before, currency: 'USD' } });

  assert.equal(margins, { up: 0, down: 0, same: 0, unknown: 1, mostUp: null, mostDown: null });
});

test('a call that both sides turn away, at another price, is said to be that', () => {
  const rate = {
    ...{ rate: '0.2', unitSeconds: 60, increments: '60/60', connectFee: '0' },
    ...{ freeSeconds: 0, stages: '' },
  };
  const text = textOf(planOf([difference('44', [], { before: [refused], after: [{ ...refused, rate }] })]));

  assert.match(text, '1 of 2 customers: calls to 1 prefix are turned away as before, at another price.');
  assert.match(text, '  1 prefix: turned away as before, at another price\n');
});

test('the first sentence says what becomes of calls, the worst first', () => {
  const kinds = [['reordered'], ['unroutable'], ['loss', 'vendorRate']] as const;
  const plan = planOf(kinds.map((those, i) => difference(`4${i}`, those)));

  assert.match(
    textOf(plan),
    '1 of 2 customers: calls to 3 prefixes are no longer carried, are sold at a loss, go another way or have another price.',
  );
});

test.run();
