/** What is tested by itself: all calls, those of a customer, to a destination, by a gateway, or by a gateway to a destination. */
import { Bets } from './bets.ts';

export type CellKind = 'all' | 'account' | 'destination' | 'gateway' | 'gatewayDestination';

export interface CellPlace {
  readonly kind: CellKind;
  /** Null where calls of all of them are in it. */
  readonly account: string | null;
  readonly gateway: string | null;
  readonly destination: string | null;
}

export class Cell {
  readonly place: CellPlace;
  readonly bets: Bets;
  /** The part of the permitted error that its test may use; 0 while it is too small to be tested. */
  permitted = 0;
  calls = 0;
  candidateCalls = 0;
  happened = 0;

  constructor(place: CellPlace, beliefs: number) {
    this.place = place;
    this.bets = new Bets(beliefs);
  }

  /** Part of the candidate's calls here, as far as is known: drawn towards the share of the rollout. */
  shareOf(expected: number): number {
    return (this.candidateCalls + expected * shareWeight) / (this.calls + shareWeight);
  }

  /**
   * How likely evidence as strong as this comes up in any test at any time of a rollout of an equal configuration: at most
   * so likely. `errorRate` is what is permitted to all tests together.
   */
  pValue(errorRate: number): number {
    if (this.permitted === 0) return 1;
    return Math.min(1, (errorRate / this.permitted) * Math.exp(-this.bets.logWealth));
  }
}

/** As if so many calls had been divided just as the rollout wants it. */
const shareWeight = 400;
/** More would take memory that a running switch has better uses for; calls beyond are judged as part of larger cells. */
const cellsMax = 20_000;

export interface CellsOptions {
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

  constructor(options: CellsOptions) {
    this.#options = options;
  }

  values(): Iterable<Cell> {
    return this.#cells.values();
  }

  /** null when there are too many. */
  at(
    kind: CellKind,
    account: string | null,
    gateway: string | null,
    destination: string | null,
  ): Cell | null {
    const key = `${kind}\n${account}\n${gateway}\n${destination}`;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      if (this.#cells.size >= cellsMax) return null;
      cell = new Cell({ kind, account, gateway, destination }, this.#options.beliefs);
      this.#cells.set(key, cell);
    }
    return cell;
  }

  /** A call with its bets, of which `happened` tells whether what is measured came true. */
  add(
    cell: Cell | null,
    isCandidate: boolean,
    happened: boolean,
    likelier: ArrayLike<number> | null,
    share: number,
  ): void {
    if (cell === null) return;
    if (likelier !== null) cell.bets.add(isCandidate, likelier, share);
    cell.calls++;
    if (isCandidate) cell.candidateCalls++;
    if (happened) cell.happened++;
    if (cell.calls !== this.#options.callsToTest) return;
    const place = (this.#tested.get(cell.place.kind) ?? 0) + 1;
    this.#tested.set(cell.place.kind, place);
    cell.permitted = this.#options.permittedPerKind / (place * (place + 1));
  }
}
