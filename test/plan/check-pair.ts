/** Holds a plan against brute force over all numbers. */
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { comparePlans } from '../../src/plan/compare-plans.ts';
import type { CallerClass, Difference, Plan } from '../../src/plan/plan.ts';
import { printPlanText } from '../../src/plan/report/print-text.ts';
import { summarise } from '../../src/plan/report/summary.ts';
import { TrafficWeigher } from '../../src/plan/report/traffic.ts';
import { money, moneyText, parseMoney } from '../../src/rating/money.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import {
  type Asked,
  type Drawn,
  differenceOf,
  differencesAt,
  numbersOf,
  type Place,
  Side,
  toldCallers,
  toldOutcomes,
  wrongChoices,
} from './brute-force.ts';
import { fewestPrefixes } from './fewest-prefixes.ts';
import { wrongKinds } from './kinds-by-brute-force.ts';
import { hourMs, laterMs, nowMs } from './network-parts.ts';
import type { Pair } from './networks.ts';

const defaultSymbols = '123a';
const defaultLongest = 4;

interface Checked {
  readonly plan: Plan;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly all: readonly string[];
  readonly few: readonly string[];
  /** By what is to be said. */
  readonly fewest: Map<string, number>;
}

/** Throws where the plan says too much or too little, or the same with fewer prefixes. Returns it. */
export function checkPair(pair: Pair, isDown: boolean): Plan {
  const [before, after] = [buildSnapshot(pair.before), buildSnapshot(pair.after)];
  const { symbols = defaultSymbols, longest = defaultLongest } = pair;
  const options = { nowMs, symbols, longest, down: isDown ? ['g0'] : [], mostCallers: 500, mostTimes: 500 };
  const plan = comparePlans(before, after, options);
  assert.equal(
    plan.limits.filter(({ kind }) => kind !== 'chance'),
    [],
  );
  if (pair.isAlike && plan.limits.length === 0) assert.equal(plan.differences, []);
  const all = [...numbersOf(symbols, longest)];
  const checked = {
    plan,
    before,
    after,
    all,
    few: all.filter(({ length }) => length < longest),
    fewest: new Map(),
  };
  for (const [customer, { gateways, on }] of plan.customers.entries()) {
    if (on !== 'both') continue;
    for (const gateway of gateways) {
      for (const time of plan.times.keys()) {
        for (const supposition of plan.suppositions.keys()) {
          checkPlace(checked, { customer, time, supposition }, gateway);
        }
      }
      if (plan.limits.length === 0) checkOtherTimes(checked, customer, gateway);
    }
  }
  checkTraffic(plan, all);
  checkReport(plan);
  return plan;
}

/** What a comparison knows of its differences is what their outcomes say. */
function checkReport(plan: Plan): void {
  const plain = JSON.parse(JSON.stringify(plan)) as Plan;
  assert.equal(summarise(plan), summarise(plain));
  assert.is(textOf(plan), textOf(plain));
}

function textOf(plan: Plan): string {
  const side = { kind: 'directory', name: 'side', label: 'side' } as const;
  const report = { from: side, to: side, plan, summary: summarise(plan), guards: [], allowances: [] };
  return printPlanText({ ...report, traffic: null }, { colour: false, most: 3 });
}

/** Every number is called once from each gateway, for as many minutes as it is long. */
function checkTraffic(plan: Plan, all: readonly string[]): void {
  const weigher = new TrafficWeigher(plan, () => 0);
  const weights = plan.differences.map(() => 0);
  let minutes = 0;
  for (const [customer, { gateways }] of plan.customers.entries()) {
    const place = { customer, time: 0, supposition: 0 };
    const callers = [null, ...toldCallers(plan, place).values()];
    const said = callers.map(caller => differencesAt(plan, place, caller));
    for (const mappingGateway of gateways) {
      for (const callee of all) {
        const call = { mappingGateway, callee, atMs: nowMs, calls: 1, seconds: 60 * callee.length };
        weigher.add(call);
        const found = new Set(said.map(differences => differenceOf(differences, callee)));
        found.delete(null);
        for (const difference of found) weights[plan.differences.indexOf(difference!)]! += callee.length;
        if (found.size > 0) minutes += callee.length;
      }
    }
  }
  const traffic = weigher.finish(nowMs - 24 * hourMs, nowMs);
  const margins = plan.differences.map((one, i) => marginADay(one, weights[i]!));
  assert.is(traffic.affected.minutes, minutes);
  assert.equal(
    traffic.differences.map(weight => [weight.minutes, weight.marginADay]),
    weights.map((weight, i) => [weight, margins[i]]),
  );
}

/** In hundred millionths, added up from the texts of the plan; null where a price is not known. */
function marginADay({ before, after, scopes }: Difference, minutes: number): string | null {
  if (minutes === 0) return '0.00';
  if (scopes.some(({ callers }) => callers !== null)) return null;
  const sides = [before, after].map(outcomes =>
    middleOf(outcomes.map(({ attempts }) => firstMargin(attempts))),
  );
  if (sides.includes(null)) return null;
  return moneyText(money((sides[1]! - sides[0]!) * BigInt(minutes)));
}

function firstMargin(attempts: Difference['before'][number]['attempts']): bigint | null {
  if (attempts.length === 0) return 0n;
  return middleOf(
    attempts
      .filter(({ rank }) => rank === 0)
      .map(({ margin }) => (margin === null ? null : parseMoney(margin))),
  );
}

function middleOf(margins: readonly (bigint | null)[]): bigint | null {
  const known = margins.filter(margin => margin !== null);
  if (known.length < margins.length) return null;
  return known.reduce((sum, margin) => sum + margin, 0n) / BigInt(known.length);
}

/** Callers of whom nobody says to which class they belong. */
const someCallers: readonly CallerClass[] = ['', '1', '12', '2', '22', '+13'].flatMap(example =>
  (example === '1' ? [null, '1', '21'] : [null]).map(forwarding => ({ example, forwarding })),
);

/** Of one place, so many of the callers that are told apart. */
const mostCallers = 2;

function checkPlace(checked: Checked, place: Place, gateway: string): void {
  const { plan } = checked;
  const told = toldCallers(plan, place);
  const atMs = Date.parse(plan.times[place.time]!.at);
  const { down } = plan.suppositions[place.supposition]!;
  const classes = [...told.values()];
  const turn = place.time + place.customer + place.supposition;
  for (let i = 0; i < Math.min(mostCallers, classes.length); i++) {
    const caller = classes[(turn + i) % classes.length]!;
    const differences = differencesAt(plan, place, caller);
    const asked = { gateway, atMs, down, caller };
    if (plan.limits.length === 0) checkCaller(checked, differences, asked, false);
    else if ((turn + i) % 3 === 0) checkWithin(checked, differences, asked);
    if (i === 0) checkFewest(checked, differences);
  }
  if (classes.length === 0) checkFewest(checked, differencesAt(plan, place, null));
  if (plan.limits.length > 0) {
    const caller = { example: '', forwarding: null };
    const differences = differencesAt(plan, place, null);
    if (classes.length === 0 && turn % 3 === 0)
      checkWithin(checked, differences, { gateway, atMs, down, caller });
    return;
  }
  const others = classes.length === 0 ? 2 : 1;
  for (let i = 0; i < others; i++) {
    const caller = someCallers[(turn + i) % someCallers.length]!;
    if (told.has(JSON.stringify(caller))) continue;
    const all = caller.example === '' && classes.length === 0 ? checked.all : checked.few;
    checkLikeAny([null, ...classes], `caller ${JSON.stringify(caller)}`, one => {
      const differences = differencesAt(plan, place, one);
      checkCaller({ ...checked, all }, differences, { gateway, atMs, down, caller }, true);
    });
  }
}

/** One of them must be as it is. */
function checkLikeAny<Item>(items: readonly Item[], what: string, check: (item: Item) => void): void {
  const problems: string[] = [];
  for (const item of items) {
    const problem = problemOf(() => check(item));
    if (problem === null) return;
    problems.push(problem);
  }
  throw new Error(`nothing is like ${what}: ${problems.join('\n')}`);
}

function problemOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** `isOther`: the caller may be told with the number of another caller of the class. */
function checkCaller(
  { before, after, all, few }: Pick<Checked, 'before' | 'after' | 'all' | 'few'>,
  differences: readonly Difference[],
  asked: Asked,
  isOther: boolean,
): void {
  const [old, now] = [new Side(before, asked), new Side(after, asked)];
  const isRandom = old.isRandom || now.isRandom;
  for (const callee of isRandom ? few : all) {
    const difference = differenceOf(differences, callee);
    const problem = problemWith(difference, callee, [old, now], isOther, false);
    if (problem === null || (isRandom && problemWith(difference, callee, [old, now], isOther, true) === null))
      continue;
    throw new Error(`${callee} of ${JSON.stringify(asked)}: ${problem}`);
  }
}

/**
 * Of a plan that says itself that it knows not all that chance may come to: all it tells must be what chance does come
 * to, and where chance comes to one thing alone it must be told as ever.
 */
function checkWithin(
  { before, after, few }: Checked,
  differences: readonly Difference[],
  asked: Asked,
): void {
  const [old, now] = [new Side(before, asked), new Side(after, asked)];
  for (const callee of few.filter(({ length }) => length <= 2)) {
    const real = [old.outcomes(callee, true), now.outcomes(callee, true)] as const;
    const difference = differenceOf(differences, callee);
    const where = `${callee} of ${JSON.stringify(asked)}, of which not all is known`;
    if (difference === null) {
      const isShared = real[0].some(text => real[1].includes(text));
      if (!isShared) throw new Error(`${where}: missing\n${real.join('\n => ')}`);
      continue;
    }
    const told = [toldOutcomes(difference.before, callee), toldOutcomes(difference.after, callee)] as const;
    for (const [i, texts] of told.entries()) {
      const isSo = texts.every(text => real[i]!.includes(text));
      if (!isSo) throw new Error(`${where}: told\n${texts.join('\n')}\nreal\n${real[i]!.join('\n')}`);
    }
  }
}

function problemWith(
  difference: Difference | null,
  callee: string,
  [old, now]: readonly [Side, Side],
  isOther: boolean,
  surely: boolean,
): string | null {
  const drawn: readonly [Drawn, Drawn] = [new Map(), new Map()];
  const real = [old.outcomes(callee, surely, drawn[0]), now.outcomes(callee, surely, drawn[1])];
  if (difference === null) {
    return real[0]!.join() === real[1]!.join() ? null : `missing\n${real.join('\n => ')}`;
  }
  const told = [toldOutcomes(difference.before, callee), toldOutcomes(difference.after, callee)];
  const [texts, realTexts] = [told, real].map(sides =>
    JSON.stringify(isOther ? sides.map(withoutCallers) : sides),
  );
  if (texts !== realTexts) return `told\n${told.join('\n => ')}\nreal\n${real.join('\n => ')}`;
  const wrong = [
    ...wrongChoices(difference.before, callee, drawn[0]),
    ...wrongChoices(difference.after, callee, drawn[1]),
    ...wrongKinds(difference.kinds, real[0]!, real[1]!),
  ];
  return wrong.length === 0 ? null : `${wrong.join(', ')}\n${real.join('\n => ')}`;
}

/** Without the numbers of the caller that gateways are sent. */
function withoutCallers(outcomes: readonly string[]): string[] {
  return [...new Set(outcomes.map(text => text.replace(/,("[^"]*"|null),("[^"]*"|null)\]/g, ',…]')))].sort();
}

function checkFewest({ plan, all, fewest }: Checked, differences: readonly Difference[]): void {
  const told = new Set(differences.flatMap(({ prefix, except }) => [prefix, ...except])).size;
  const said = differences.map(({ before, after }) => JSON.stringify([before, after]));
  const labels = new Map(
    all.map(callee => {
      const difference = differenceOf(differences, callee);
      return [callee, difference === null ? '' : said[differences.indexOf(difference)]!];
    }),
  );
  const key = [...labels.values()].join();
  const least = fewest.get(key) ?? fewestPrefixes(labels, plan.space.symbols, plan.space.longest);
  fewest.set(key, least);
  if (told !== least)
    throw new Error(`${told} prefixes tell what ${least} would tell: ${JSON.stringify(differences)}`);
}

/** Every other moment must be like one of those that are told. */
function checkOtherTimes({ plan, ...sides }: Checked, customer: number, gateway: string): void {
  const few = sides.few.filter(({ length }) => length <= 2);
  const caller = { example: '', forwarding: null };
  const first = customer * 7 + plan.differences.length;
  for (let i = 0; i < 3; i++) {
    const atMs = otherTimes[(first + 5 * i) % otherTimes.length]!;
    checkLikeAny([...plan.times.keys()], new Date(atMs).toISOString(), time => {
      const place = { customer, time, supposition: 0 };
      const own = toldCallers(plan, place).get(JSON.stringify(caller)) ?? null;
      const numbers = { before: sides.before, after: sides.after, all: few, few };
      checkCaller(numbers, differencesAt(plan, place, own), { gateway, atMs, down: [], caller }, false);
    });
  }
}

/** Where something may begin or end, right before that, and anywhere. */
const otherTimes = [0, 1, 2, 3, 13, 14, 24, 27, 30, 31, 32, 33, 46, 48, 72.5, 100, 166, 168, 192, 240]
  .map(hours => nowMs + hours * hourMs)
  .flatMap(atMs => [atMs, Math.max(nowMs, atMs - 1)])
  .concat(laterMs, laterMs - 1, laterMs + hourMs - 1);
