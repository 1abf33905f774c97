/**
 * Compares the calls of a candidate with those of the stable snapshot while they come: are fewer answered, does the
 * callee's phone ring later, are more refused? Pure; docs/rollout.md tells the statistics to people.
 */
import type { ComparedCall } from '../call/compared-calls.ts';
import type { EndReason } from '../cdr/record.ts';
import {
  answerBeliefs,
  answerLikelier,
  delayBeliefs,
  delayLikelier,
  refusalBeliefs,
  refusalLikelier,
  stakedBeliefs,
  stakedFactors,
} from './bets.ts';
import { type Cell, type CellPlace, Cells, errorRate } from './cells.ts';
import { LatestPairs } from './latest-pairs.ts';
import { candidate, Strata, type Stratum, smoothed, stable, stratifiedDifference } from './strata.ts';

export interface JudgeSettings {
  /** Of the calls that go by the candidate, 0–1. */
  readonly share: number;
  /** Percentage points. */
  readonly asrDropPoints: number;
  readonly pddRiseMs: number;
  /** Of each side, before anything is said of ASR and PDD. */
  readonly minimumCalls: number;
}

export type Measure = 'asr' | 'pdd' | 'refusals';

/** One thing in which the candidate is worse, or seems so. */
export interface Evidence extends Omit<CellPlace, 'kind'> {
  readonly measure: Measure;
  /** Calls of both sides that were compared here. */
  readonly stableCalls: number;
  readonly candidateCalls: number;
  /** ASR and refusals in percent, PDD in ms. */
  readonly stableValue: number;
  readonly candidateValue: number;
  /** Candidate minus stable over alike calls, in percentage points or ms. */
  readonly difference: number;
  /** Corrected for all tests and for looking all the time. */
  readonly pValue: number;
}

export interface SideFigures {
  readonly calls: number;
  /** Of those that were attempted; 0–1, null without any. */
  readonly asr: number | null;
  /** Mean; null without any. */
  readonly postDialDelayMs: number | null;
  readonly refused: number;
}

const permittedByMeasure = { asr: 0.002, pdd: 0.002, refusals: 0.001 } as const;
const kindsOfCells = 5;
/** More evidence nobody reads. */
export const evidenceMax = 20;
/** Calls of a customer to a destination by a gateway, before what is known of them is worth a bet. */
const knownCallsMin = 20;
/** Of each side. */
const knownCallsOfSideMin = 5;

/** These tell of the switch or the caller, whatever the configuration. */
const notJudged: ReadonlySet<EndReason> = new Set<EndReason>([
  'Shutdown',
  'Interrupted',
  'ForcedRelease',
  'CallerCancel',
  'CallerHangup',
]);

export class Judge {
  readonly #settings: JudgeSettings;
  readonly #calls = new Strata();
  readonly #attempts = new Strata();
  readonly #pairs = new LatestPairs();
  readonly #cells: Readonly<Record<Measure, Cells>>;
  readonly #answers = new Float64Array(answerBeliefs);
  readonly #delays = new Float64Array(delayBeliefs);
  readonly #refusals = new Float64Array(refusalBeliefs);
  readonly #factors = new Float64Array(stakedBeliefs);
  #repeated = 0;

  constructor(settings: JudgeSettings) {
    this.#settings = settings;
    const cells = (measure: Measure, beliefs: number, callsToTest: number) =>
      new Cells({ beliefs, callsToTest, permittedPerKind: permittedByMeasure[measure] / kindsOfCells });
    this.#cells = {
      asr: cells('asr', answerBeliefs, 100),
      pdd: cells('pdd', delayBeliefs, 100),
      refusals: cells('refusals', refusalBeliefs, 1),
    };
  }

  /** Calls that were left out because their customer had called that number before. */
  get repeated(): number {
    return this.#repeated;
  }

  get figures(): { readonly stable: SideFigures; readonly candidate: SideFigures } {
    const strata = this.#calls.at({ account: null, gateway: null, destination: null });
    return { stable: sideFigures(strata, stable), candidate: sideFigures(strata, candidate) };
  }

  /** Both sides have had as many calls as it takes. */
  get hasEnoughCalls(): boolean {
    const { minimumCalls } = this.#settings;
    const cell = this.#cells.refusals.at('all', null, null, null);
    return (
      cell !== null && cell.candidateCalls >= minimumCalls && cell.calls - cell.candidateCalls >= minimumCalls
    );
  }

  /**
   * Calls in the order in which it showed what came of them. Of calls of one customer to one number the first counts: a
   * number that is dialled a hundred times says a hundred times the same, all on one side.
   */
  take(call: ComparedCall): void {
    if (call.refusedAs !== null && notJudged.has(call.refusedAs)) return;
    if (this.#pairs.note(call.pair)) {
      this.#repeated++;
      return;
    }
    this.#takeRefusal(call);
    if (call.refusedAs !== null) return;
    this.#takeCall(call);
    this.#takeAttempt(call);
  }

  /**
   * What is worse, the most certain first and at most `evidenceMax` of it: an effect that matters, with a corrected p-value
   * below `below`. That is at most `errorRate` for a verdict.
   */
  worse(below: number = errorRate): readonly Evidence[] {
    const suspects: { readonly measure: Measure; readonly cell: Cell; readonly pValue: number }[] = [];
    for (const measure of ['refusals', 'asr', 'pdd'] as const) {
      if (measure !== 'refusals' && !this.hasEnoughCalls) continue;
      for (const cell of this.#cells[measure].suspects()) {
        const { pValue } = cell;
        if (pValue < below) suspects.push({ measure, cell, pValue });
      }
    }
    suspects.sort((a, b) => a.pValue - b.pValue);
    const found: Evidence[] = [];
    for (const { measure, cell, pValue } of suspects) {
      const evidence = this.#evidence(measure, cell, pValue);
      if (this.#matters(evidence)) found.push(evidence);
      if (found.length === evidenceMax) break;
    }
    return found;
  }

  #matters({ measure, difference }: Evidence): boolean {
    const { asrDropPoints, pddRiseMs } = this.#settings;
    if (measure === 'refusals') return difference > 0;
    return measure === 'asr' ? difference <= -asrDropPoints : difference >= pddRiseMs;
  }

  #evidence(measure: Measure, { place }: Cell, pValue: number): Evidence {
    const { account, gateway, destination } = place;
    const strata = (gateway === null ? this.#calls : this.#attempts).at(place);
    const scale = measure === 'pdd' ? 1 : 100;
    const { calls, means, difference } = stratifiedDifference(strata, stratum => sumsOf(measure, stratum));
    return {
      ...{ measure, account, gateway, destination, pValue },
      stableCalls: calls[stable],
      candidateCalls: calls[candidate],
      stableValue: scale * means[stable],
      candidateValue: scale * means[candidate],
      difference: scale * difference,
    };
  }

  #takeRefusal({ side, account, destination, refusedAs }: ComparedCall): void {
    const cells = this.#cells.refusals;
    const isCandidate = side === 'candidate';
    const refused = refusedAs !== null;
    const stratum = this.#calls.of(account, destination, null);
    const all = cells.at('all', null, null, null)!;
    const usual = smoothed(all.happened, all.calls, 0.001, 100);
    const here = stratum.refused[stable] + stratum.refused[candidate];
    const hereCalls = here + stratum.attempts[stable] + stratum.attempts[candidate];
    refusalLikelier(refused, smoothed(here, hereCalls, usual, 10), this.#refusals);
    for (const cell of [
      all,
      cells.at('account', account, null, null),
      cells.at('destination', null, null, destination),
    ]) {
      cells.add(cell, isCandidate, refused, this.#refusals, this.#settings.share);
    }
    if (refused) stratum.refused[isCandidate ? candidate : stable]++;
  }

  #takeCall({ side, account, destination, answered, postDialDelayMs }: ComparedCall): void {
    const { asr, pdd } = this.#cells;
    const isCandidate = side === 'candidate';
    const at = isCandidate ? candidate : stable;
    const { share } = this.#settings;
    const stratum = this.#calls.of(account, destination, null);
    const all = asr.at('all', null, null, null)!;
    const here = asr.at('destination', null, null, destination);
    answerLikelier(answered, expectedRatio(stratum, here, all), this.#answers);
    for (const cell of [all, asr.at('account', account, null, null), here]) {
      asr.add(cell, isCandidate, answered, this.#answers, share);
    }
    stratum.attempts[at]++;
    if (answered) stratum.answered[at]++;
    if (postDialDelayMs === null) return;
    const bets = this.#betsOnDelay(stratum, postDialDelayMs);
    for (const cell of [
      pdd.at('all', null, null, null),
      pdd.at('account', account, null, null),
      pdd.at('destination', null, null, destination),
    ]) {
      pdd.add(cell, isCandidate, false, bets, share);
    }
    stratum.noteDelay(at, postDialDelayMs);
  }

  /**
   * First attempts by gateway. A candidate may send other calls to a gateway than the stable snapshot does, so that nobody
   * drew the side of those that came: see `stakedFactors`.
   */
  #takeAttempt({
    side,
    account,
    destination,
    firstGateway,
    firstAnswered,
    firstDelayMs,
  }: ComparedCall): void {
    if (firstGateway === null) return;
    const { asr, pdd } = this.#cells;
    const isCandidate = side === 'candidate';
    const at = isCandidate ? candidate : stable;
    const stratum = this.#attempts.of(account, destination, firstGateway);
    const { attempts, answered, delays } = stratum;
    const share = knownShare(attempts);
    const ratio = share === null ? 0 : (answered[stable] + answered[candidate]) / (attempts[0] + attempts[1]);
    const worse = ratio - (firstAnswered ? 1 : 0);
    const onAnswer = this.#staked(isCandidate, share, { worse, least: ratio - 1, most: ratio });
    for (const cell of [
      asr.at('gateway', null, firstGateway, null),
      asr.at('gatewayDestination', null, firstGateway, destination),
    ]) {
      asr.addStaked(cell, isCandidate, firstAnswered, onAnswer);
    }
    attempts[at]++;
    if (firstAnswered) answered[at]++;
    if (firstDelayMs === null) return;
    const rank = stratum.rankOf(firstDelayMs);
    const later = { worse: (rank ?? 0.5) - 0.5, least: -0.5, most: 0.5 };
    const onDelay = this.#staked(isCandidate, rank === null ? null : knownShare(delays), later);
    for (const cell of [
      pdd.at('gateway', null, firstGateway, null),
      pdd.at('gatewayDestination', null, firstGateway, destination),
    ]) {
      pdd.addStaked(cell, isCandidate, false, onDelay);
    }
    stratum.noteDelay(at, firstDelayMs);
  }

  #staked(
    isCandidate: boolean,
    share: number | null,
    outcome: { readonly worse: number; readonly least: number; readonly most: number },
  ): Float64Array | null {
    if (share === null) return null;
    stakedFactors({ isCandidate, share, ...outcome }, this.#factors);
    return this.#factors;
  }

  #betsOnDelay(stratum: Stratum, delayMs: number): Float64Array | null {
    const rank = stratum.rankOf(delayMs);
    if (rank === null) return null;
    delayLikelier(rank, this.#delays);
    return this.#delays;
  }
}

/** What is known of the ASR of the next call: of its stratum, of its destination, of all, each where there were enough calls. */
function expectedRatio({ attempts, answered }: Stratum, here: Cell | null, all: Cell | null): number {
  const ofAll = smoothed(all?.happened ?? 0, all?.calls ?? 0, 0.5, 2);
  const ofHere = smoothed(here?.happened ?? 0, here?.calls ?? 0, ofAll, 20);
  return smoothed(answered[0] + answered[1], attempts[0] + attempts[1], ofHere, 10);
}

function sumsOf(measure: Measure, { attempts, answered, refused, delays, delaySumMs }: Stratum) {
  if (measure === 'asr') return { counts: attempts, sums: answered };
  if (measure === 'pdd') return { counts: delays, sums: delaySumMs };
  const counts: [number, number] = [attempts[0] + refused[0], attempts[1] + refused[1]];
  return { counts, sums: refused };
}

/**
 * The part of the candidate's calls among those that came there; null while there were too few of either side. Nothing
 * is assumed meanwhile: with many places that have few calls, errors in the same direction would add up.
 */
function knownShare([ofStable, ofCandidate]: readonly [number, number]): number | null {
  const all = ofStable + ofCandidate;
  if (all < knownCallsMin || Math.min(ofStable, ofCandidate) < knownCallsOfSideMin) return null;
  return ofCandidate / all;
}

function sideFigures(strata: readonly Stratum[], side: 0 | 1): SideFigures {
  let [calls, answered, refused, delays, delaySumMs] = [0, 0, 0, 0, 0];
  for (const stratum of strata) {
    calls += stratum.attempts[side] + stratum.refused[side];
    answered += stratum.answered[side];
    refused += stratum.refused[side];
    delays += stratum.delays[side];
    delaySumMs += stratum.delaySumMs[side];
  }
  const attempted = calls - refused;
  return {
    ...{ calls, refused },
    asr: attempted === 0 ? null : answered / attempted,
    postDialDelayMs: delays === 0 ? null : delaySumMs / delays,
  };
}
