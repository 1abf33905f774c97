import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Difference } from '../../../src/plan/plan.ts';
import { type PlanTraffic, TrafficWeigher } from '../../../src/plan/report/traffic.ts';
import { carried, difference, planOf, refused, scope } from '../plans.ts';

const test = suite('plan/report/traffic');

const dayMs = 86_400_000;
const untilMs = Date.parse('2029-06-08T00:00:00Z');

type Row = readonly [gateway: string, callee: string, seconds: number];

function weigh(differences: readonly Difference[], rows: readonly Row[], days = 1): PlanTraffic {
  const weigher = new TrafficWeigher(planOf(differences), () => 0);
  for (const [mappingGateway, callee, seconds] of rows) {
    weigher.add({ mappingGateway, callee, atMs: untilMs, calls: 1, seconds });
  }
  return weigher.finish(untilMs - days * dayMs, untilMs);
}

test('minutes and margin a day are those of the calls of the customer to the prefix', () => {
  const { affected, differences, minutes } = weigh(
    [difference('44', ['reordered'])],
    [
      ['bell-gw', '447700900123', 600],
      ['bell-gw', '4420', 6000],
      ['bell-gw', '1', 60],
      ['gray-gw', '44', 60],
      ['unknown', '44', 60],
    ],
    2,
  );

  assert.is(minutes, 113);
  assert.equal(affected, { calls: 2, minutes: 110, marginADay: '-5.50', atMost: false });
  assert.equal(differences, [affected]);
});

test('calls that are carried no longer earn nothing', () => {
  const gone = difference('44', ['unroutable'], { before: [carried('0.25')], after: [refused] });

  assert.is(weigh([gone], [['bell-gw', '44', 120]]).affected.marginADay, '-0.50');
});

test('where chance decides, the middle of what may come counts', () => {
  const chance = difference('44', ['reordered'], {
    before: [carried('0.2')],
    after: [carried('0.1'), carried('0.2')],
  });

  assert.is(weigh([chance], [['bell-gw', '44', 60]]).affected.marginADay, '-0.05');
});

test('where either of two gateways may be first, the middle of both counts', () => {
  const either = { ...carried('0.2'), attempts: ['0.2', '0'].flatMap(margin => carried(margin).attempts) };
  const change = difference('44', ['reordered'], { before: [either], after: [carried('0.2')] });

  assert.is(weigh([change], [['bell-gw', '44', 60]]).affected.marginADay, '0.10');
});

test('a price that is not known makes the margin unknown, and one that nobody called does not', () => {
  const unknown = difference('44', ['reordered'], { after: [carried(null)] });

  assert.is(weigh([unknown], [['bell-gw', '44', 60]]).affected.marginADay, null);
  assert.is(weigh([unknown], [['bell-gw', '1', 60]]).affected.marginADay, '0.00');
});

test('what some callers alone see is an upper bound', () => {
  const some = difference('44', ['reordered'], {
    scopes: [scope({ callers: [{ example: '49', forwarding: null }] })],
  });

  assert.equal(weigh([some], [['bell-gw', '44', 60]]).affected, {
    calls: 1,
    minutes: 1,
    marginADay: null,
    atMost: true,
  });
});

test('what holds only while a gateway is down weighs nothing', () => {
  const supposed = difference('44', ['unroutable'], { scopes: [scope({ suppositions: [1] })] });

  assert.is(weigh([supposed], [['bell-gw', '44', 60]]).affected.calls, 0);
});

/** By the words of the contract: the longest of all prefixes and exceptions decides, then the length. */
function isDescribed(differences: readonly Difference[], index: number, callee: string): boolean {
  const all = differences.flatMap(({ prefix, except }) => [prefix, ...except]);
  const longest = Math.max(
    -1,
    ...all.filter(prefix => callee.startsWith(prefix)).map(({ length }) => length),
  );
  const { prefix, lengths } = differences[index]!;
  const fits =
    lengths === null || lengths.some(({ from, to }) => from <= callee.length && callee.length <= to);
  return fits && callee.startsWith(prefix) && prefix.length === longest;
}

test('every number weighs on the difference that describes it, and on no other', () => {
  const digits = (most: number) =>
    fc.array(fc.constantFrom('1', '2'), { maxLength: most }).map(list => list.join(''));
  const one = fc.record({
    prefix: digits(4),
    except: fc.array(digits(5), { maxLength: 2 }),
    short: fc.boolean(),
  });
  const property = fc.property(
    fc.uniqueArray(one, { maxLength: 6, selector: ({ prefix }) => prefix }),
    digits(7),
    (made, callee) => {
      const differences = made.map(({ prefix, except, short }) =>
        difference(prefix, ['reordered'], {
          except: except.map(rest => `${prefix}${rest}1`),
          lengths: short ? [{ from: 0, to: 4 }] : null,
        }),
      );

      const weighed = weigh(differences, [['bell-gw', callee, 60]]);
      assert.equal(
        weighed.differences.map(({ calls }) => calls === 1),
        differences.map((_, index) => isDescribed(differences, index, callee)),
      );
    },
  );
  fc.assert(property, { numRuns: 2000 });
});

test.run();
