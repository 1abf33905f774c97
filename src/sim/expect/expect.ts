/** Holds what came of a scenario against what was expected of it. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import { noMoney } from '../../rating/money.ts';
import type { CallSubject, Expectation, Matcher, TotalSubject } from '../scenario/matcher.ts';
import type { Played, PlayedCall } from '../scenario/played.ts';
import type { Scenario, ScenarioCall } from '../scenario/scenario.ts';
import { observeCall } from './call-values.ts';
import { matches } from './matches.ts';
import { type Observed, observedText } from './observed.ts';
import { subjectWords } from './subject-words.ts';
import { observeTotal, percentOf, type Totals, TotalsCounter } from './total-values.ts';

/** An expectation that was not met. */
export interface Failure {
  /** The line of the expectation. */
  readonly place: Place;
  /** What it is about, in words: `customer amount`. */
  readonly subject: string;
  /** As the scenario writes it. */
  readonly expected: string;
  readonly got: string;
  /** The call of which it was expected, the first of a burst that is so; null when it was expected of all together. */
  readonly call: PlayedCall | null;
  /** How many calls of the burst are so; 1 for all together. */
  readonly calls: number;
}

/** A burst can miss an expectation in as many ways as it has calls; beyond so many they are counted together. */
const mostWaysOfEach = 10;
const otherWays = 'something else';

const neverEnds = {
  subject: 'end of the call',
  expected: 'a side that hangs up, or a limit of the configuration',
  got: 'neither, so the call would be up for ever',
};

/** Holds the calls of a scenario against what is expected of them, as they end. */
export class Judgement {
  readonly #scenario: Scenario;
  /** By the entry of the scenario, its expectation, and what was seen. */
  readonly #found = new Map<ScenarioCall, Map<Expectation<CallSubject>, Map<string, Counted>>>();
  /** Calls that nothing ends, by the entry of the scenario. */
  readonly #unended = new Map<ScenarioCall, Counted>();
  readonly #totals = new TotalsCounter();

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  take(call: PlayedCall): void {
    this.#totals.take(call);
    if (call.isGivenUp) this.#takeUnended(call);
    for (const expectation of call.call.expect) this.#check(expectation, call);
  }

  /** Of the calls taken so far. */
  totals(): Totals {
    return this.#totals.totals();
  }

  /** All failures: of calls in the order of the scenario, then of all calls together. Empty when it passed. */
  failures(played: Played): readonly Failure[] {
    if (played.mostCallsAtOnce !== null) return [this.#crowd(played.mostCallsAtOnce)];
    const ofCalls = this.#scenario.calls.flatMap(call => this.#failuresOf(call));
    if (this.#scenario.expect.length === 0) return ofCalls;
    const totals = this.totals();
    return [...ofCalls, ...this.#scenario.expect.flatMap(one => totalFailure(one, played, totals) ?? [])];
  }

  /** What the calls came to says nothing when they were stopped. */
  #crowd(mostCalls: number): Failure {
    return {
      place: this.#scenario.place,
      subject: 'calls at once',
      expected: `at most ${mostCalls.toLocaleString('en-US')}, which is what fits into the memory`,
      got: 'more, so that the scenario was stopped',
      call: null,
      calls: 1,
    };
  }

  /** Every call is expected to end, without a word of the scenario. */
  #takeUnended(call: PlayedCall): void {
    const known = this.#unended.get(call.call);
    if (known !== undefined) known.calls++;
    else this.#unended.set(call.call, { ...neverEnds, place: call.call.place, call, calls: 1 });
  }

  #check(expectation: Expectation<CallSubject>, call: PlayedCall): void {
    const { subject, of, matcher, place, written } = expectation;
    const observed = observeCall(call, subject, of);
    if (matches(matcher, comparable(observed, subject, matcher))) return;
    const ways = madeIn(madeIn(this.#found, call.call), expectation);
    const text = observedText(observed);
    const got = ways.has(text) || ways.size < mostWaysOfEach ? text : otherWays;
    const known = ways.get(got);
    if (known !== undefined) known.calls++;
    else ways.set(got, { place, subject: subjectWords(subject, of), expected: written, got, call, calls: 1 });
  }

  /** In the order of its expectations, and of the calls of its burst. */
  #failuresOf(call: ScenarioCall): readonly Failure[] {
    const ofCall = this.#found.get(call);
    const unended = this.#unended.get(call);
    return [
      ...(unended === undefined ? [] : [unended]),
      ...call.expect.flatMap(expectation =>
        [...(ofCall?.get(expectation)?.values() ?? [])].sort((a, b) => placeInBurst(a) - placeInBurst(b)),
      ),
    ];
  }
}

/** What was counted together stands at the end. */
function placeInBurst({ call, got }: Failure): number {
  return got === otherWays || call === null ? Number.POSITIVE_INFINITY : call.burstIndex;
}

/** Who is charged nothing is charged 0 in 0 seconds; only `none` asks whether there is a charge at all. */
function comparable(observed: Observed, subject: CallSubject, matcher: Matcher): Observed {
  if (observed.value !== null || (matcher.kind === 'is' && matcher.value === null)) return observed;
  if (subject === 'amount') return { unit: 'money', value: noMoney };
  return subject === 'billedSeconds' ? { unit: 'count', value: 0 } : observed;
}

interface Counted extends Failure {
  calls: number;
}

function madeIn<Key, K, V>(maps: Map<Key, Map<K, V>>, key: Key): Map<K, V> {
  const known = maps.get(key) ?? new Map<K, V>();
  maps.set(key, known);
  return known;
}

function totalFailure(
  expectation: Expectation<TotalSubject>,
  played: Played,
  totals: Totals,
): Failure | null {
  const { subject, of, matcher, place, written } = expectation;
  const seen = observeTotal(played, totals, subject, of);
  const observed = expectation.percent === true ? inPercent(seen, totals.calls) : seen;
  if (matches(matcher, observed)) return null;
  const plain = expectation.percent === true ? ` (${observedText(seen)} of ${totals.calls})` : '';
  const got = `${observedText(observed)}${plain}`;
  return { place, subject: subjectWords(subject, of), expected: written, got, call: null, calls: 1 };
}

function inPercent(observed: Observed, calls: number): Observed {
  if (observed.unit !== 'count' || observed.value === null) {
    throw new Error(`only counts of calls can be expected in percent, not what is of unit ${observed.unit}`);
  }
  return { unit: 'percent', value: percentOf(observed.value, calls) };
}
