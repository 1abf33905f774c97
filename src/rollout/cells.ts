/** What is tested by itself: all calls, those of a customer, to a destination, by a gateway, or by a gateway to a destination. */
import { Bets, stakedBeliefs } from './bets.ts';

/** An equal configuration is called worse in fewer than one of so many rollouts, by all tests together. */
export const errorRate = 0.005;
/** Evidence that is worth a longer look is so unlikely. */
export const suspicionRate = 0.1;

export type CellKind = 'all' | 'account' | 'destination' | 'gateway' | 'gatewayDestination';

export interface CellPlace {
  readonly kind: CellKind;
  /** Null where calls of all of them are in it. */
  readonly account: string | null;
  readonly gateway: string | null;
  readonly destination: string | null;
}

/** Unambiguous: no name and no number has a line break. */
export function placeKey(account: string | null, gateway: string | null, destination: string | null): string {
  return `${account}\n${gateway}\n${destination}`;
}

export class Cell {
  readonly place: CellPlace;
  readonly bets: Bets;
  /** The part of the permitted error that its test may use; 0 while it is too small to be tested. */
  permitted = 0;
  calls = 0;
  candidateCalls = 0;
  happened = 0;
  /** It is worth a look when the money of one of its beliefs reaches this (natural logarithm). */
  suspectAtLog: number = Number.POSITIVE_INFINITY;

  constructor(place: CellPlace, beliefs: number) {
    this.place = place;
    this.bets = new Bets(beliefs);
  }

  /**
   * How likely evidence as strong as this comes up in any test at any time of a rollout of an equal configuration: at most
   * so likely.
   */
  get pValue(): number {
    if (this.permitted === 0) return 1;
    return Math.min(1, (errorRate / this.permitted) * Math.exp(-this.bets.logWealth));
  }
}

/** More would take memory that a running switch has better uses for; calls beyond are judged as part of larger cells. */
const cellsMax = 20_000;

export interface CellsOptions {
  /** Of places whose calls are divided by the draw. */
  readonly beliefs: number;
  /** What the tests of each kind of cell may err together. */
  readonly permittedPerKind: number;
  /** Calls of both sides after which a cell is tested. */
  readonly callsToTest: number;
}

/**
 * All cells of one measure. The k-th cell of a kind to have had enough calls may use 1 / (k·(k + 1)) of what is permitted to
 * its kind: that adds up to all of it however many there will be, and the busiest cells, which come first, lose least.
 * The order goes by the calls of both sides together, which does not depend on which side they were on.
 */
export class Cells {
  readonly #options: CellsOptions;
  readonly #cells = new Map<string, Cell>();
  readonly #tested = new Map<CellKind, number>();
  readonly #suspects = new Set<Cell>();

  constructor(options: CellsOptions) {
    this.#options = options;
  }

  /** Had a p-value below `suspicionRate`, now or before: hardly any, so that looking at them costs nothing. */
  suspects(): Iterable<Cell> {
    return this.#suspects;
  }

  /** null when there are too many. */
  at(
    kind: CellKind,
    account: string | null,
    gateway: string | null,
    destination: string | null,
  ): Cell | null {
    const key = placeKey(account, gateway, destination);
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      if (this.#cells.size >= cellsMax) return null;
      const beliefs = gateway === null ? this.#options.beliefs : stakedBeliefs;
      cell = new Cell({ kind, account, gateway, destination }, beliefs);
      this.#cells.set(key, cell);
    }
    return cell;
  }

  /** A call whose side was drawn, of which `happened` tells whether what is measured came true. */
  add(
    cell: Cell | null,
    isCandidate: boolean,
    happened: boolean,
    likelier: ArrayLike<number> | null,
    share: number,
  ): void {
    if (cell === null) return;
    if (likelier !== null) cell.bets.add(isCandidate, likelier, share);
    this.#count(cell, isCandidate, happened);
  }

  /** A call of a gateway, see `stakedFactors`; null when too little is known to bet on it. */
  addStaked(
    cell: Cell | null,
    isCandidate: boolean,
    happened: boolean,
    factors: ArrayLike<number> | null,
  ): void {
    if (cell === null) return;
    if (factors !== null) cell.bets.multiply(factors);
    this.#count(cell, isCandidate, happened);
  }

  #count(cell: Cell, isCandidate: boolean, happened: boolean): void {
    cell.calls++;
    if (isCandidate) cell.candidateCalls++;
    if (happened) cell.happened++;
    if (cell.calls === this.#options.callsToTest) {
      const place = (this.#tested.get(cell.place.kind) ?? 0) + 1;
      this.#tested.set(cell.place.kind, place);
      cell.permitted = this.#options.permittedPerKind / (place * (place + 1));
      cell.suspectAtLog = Math.log(errorRate / cell.permitted / suspicionRate);
    }
    if (cell.bets.largestLog > cell.suspectAtLog) this.#suspects.add(cell);
  }
}
