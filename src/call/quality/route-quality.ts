/**
 * The quality of routing gateways, and of each gateway for each route prefix, over a sliding window. Pure: time comes
 * with each question. What an attempt costs here does not depend on how many gateways, prefixes or calls there are.
 */
import type { Parameters, RoutingGateway } from '../../config/snapshot.ts';
import {
  type AttemptQuality,
  type QualityFigures,
  QualityWindow,
  sliceAt,
  type WindowShape,
} from './quality-window.ts';

/** With fewer attempts in its window than this, nothing is known of a gateway. */
export const leastAttempts = 20;

/** What may be kept of pairs of gateway and prefix; beyond, the pair goes that has been without a call for longest. */
export interface PairLimits {
  readonly pairs: number;
  /** Slices in which something happened, of all pairs together: what bounds the memory when windows are long. */
  readonly slices: number;
}

export const defaultPairLimits: PairLimits = { pairs: 10_000, slices: 640_000 };

/** Where the answer-seizure ratio (0–1) of a gateway is read by routing; null while it is not known. */
export interface AsrReader {
  asr: number | null;
}

export interface PrefixQuality {
  readonly prefix: string;
  readonly figures: QualityFigures;
}

interface Pair {
  readonly prefix: string;
  readonly gateway: GatewayQuality;
  window: QualityWindow;
}

export function windowShapeOf({ windowSeconds, sliceSeconds }: Parameters['quality']): WindowShape {
  return { sliceMs: sliceSeconds * 1000, slices: Math.max(1, Math.ceil(windowSeconds / sliceSeconds)) };
}

/** What is measured of one routing gateway. */
export class GatewayQuality {
  readonly #book: RouteQuality;
  readonly #reader: AsrReader;
  readonly pairs: Map<string, Pair> = new Map();
  window: QualityWindow;
  /** The ratio that a switch began with: it counts until enough attempts have been measured. */
  #givenAsr: number | null;

  constructor(book: RouteQuality, reader: AsrReader) {
    this.#book = book;
    this.#reader = reader;
    this.#givenAsr = reader.asr;
    this.window = new QualityWindow(book.shape);
  }

  /** An attempt ended at `nowMs` (ms since 1970 UTC) that the route prefix led to. */
  attemptEnded(prefix: string, attempt: AttemptQuality, nowMs: number): void {
    const slice = this.#book.sliceOf(nowMs);
    this.window.noteAttempt(slice, attempt);
    this.#book.note(this, prefix, pair => pair.noteAttempt(slice, attempt));
    this.readAsr();
  }

  /** A call that the route prefix led to ended at `nowMs` (ms since 1970 UTC), answered `talkMs` before. */
  callEnded(prefix: string, talkMs: number, nowMs: number): void {
    const slice = this.#book.sliceOf(nowMs);
    this.window.noteTalk(slice, talkMs);
    this.#book.note(this, prefix, pair => pair.noteTalk(slice, talkMs));
    this.readAsr();
  }

  /** As of `nowMs` (ms since 1970 UTC). */
  figures(nowMs: number): QualityFigures {
    return this.window.figures(sliceAt(this.#book.shape, nowMs));
  }

  /** Of each route prefix that is wanted and had calls in the window, by prefix. */
  prefixes(nowMs: number, wants: (prefix: string) => boolean = () => true): readonly PrefixQuality[] {
    const slice = sliceAt(this.#book.shape, nowMs);
    return [...this.pairs.values()]
      .filter(({ prefix }) => wants(prefix))
      .map(({ prefix, window }) => ({ prefix, figures: window.figures(slice) }))
      .filter(({ figures: { attempts, talks } }) => attempts > 0 || talks > 0)
      .sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
  }

  readAsr(): void {
    const { attempts, answered } = this.window;
    if (attempts < leastAttempts) {
      this.#reader.asr = this.#givenAsr;
      return;
    }
    this.#givenAsr = null;
    this.#reader.asr = answered / attempts;
  }

  /** It is measured no more. */
  stop(): void {
    this.#reader.asr = null;
  }
}

/** All that is measured. Whoever keeps the gateways by name keeps what `measure` gave for them. */
export class RouteQuality {
  #shape: WindowShape;
  readonly #limits: PairLimits;
  /** Those that had a call after the others come later. */
  readonly #pairs = new Set<Pair>();
  readonly #gateways = new Set<GatewayQuality>();
  #slice = Number.NEGATIVE_INFINITY;
  #nextSliceMs = Number.NEGATIVE_INFINITY;
  /** Of all pairs. */
  #capacity = 0;
  #evicted = 0;

  constructor(settings: Parameters['quality'], limits: PairLimits = defaultPairLimits) {
    this.#shape = windowShapeOf(settings);
    this.#limits = limits;
  }

  get shape(): WindowShape {
    return this.#shape;
  }

  /** Pairs of gateway and prefix that are kept now, and those given up since the start because there were too many. */
  counters(): { readonly qualityPairs: number; readonly qualityPairsEvicted: number } {
    return { qualityPairs: this.#pairs.size, qualityPairsEvicted: this.#evicted };
  }

  /** The windows are of this shape from now on; what is known stays, as far as it lies within them. */
  use(settings: Parameters['quality']): void {
    const shape = windowShapeOf(settings);
    if (shape.sliceMs === this.#shape.sliceMs && shape.slices === this.#shape.slices) return;
    const lastMs = this.#slice * this.#shape.sliceMs;
    this.#shape = shape;
    for (const gateway of this.#gateways) gateway.window = gateway.window.reshaped(shape);
    this.#capacity = 0;
    for (const pair of this.#pairs) {
      pair.window = pair.window.reshaped(shape);
      this.#capacity += pair.window.capacity;
    }
    this.#keepLimits();
    this.#slice = Number.NEGATIVE_INFINITY;
    this.#nextSliceMs = Number.NEGATIVE_INFINITY;
    if (Number.isFinite(lastMs)) this.advance(lastMs);
  }

  /**
   * What is measured of a gateway from now on: what was measured so far where it still is to be, nothing yet where it
   * was not, null where it is not to be.
   */
  measure(
    { calculateQuality }: Pick<RoutingGateway, 'calculateQuality'>,
    known: GatewayQuality | null,
    reader: AsrReader,
  ): GatewayQuality | null {
    if (!calculateQuality) {
      if (known !== null) this.forget(known);
      return null;
    }
    if (known !== null) return known;
    const gateway = new GatewayQuality(this, reader);
    this.#gateways.add(gateway);
    return gateway;
  }

  /** The gateway has left for good. */
  forget(gateway: GatewayQuality): void {
    for (const pair of gateway.pairs.values()) this.#drop(pair);
    this.#gateways.delete(gateway);
    gateway.stop();
  }

  /** Time has come to `nowMs` (ms since 1970 UTC): what has left the window counts no more. */
  advance(nowMs: number): void {
    if (nowMs < this.#nextSliceMs) return;
    this.#slice = sliceAt(this.#shape, nowMs);
    this.#nextSliceMs = (this.#slice + 1) * this.#shape.sliceMs;
    for (const gateway of this.#gateways) {
      if (gateway.window.isEmpty) continue;
      gateway.window.advance(this.#slice);
      gateway.readAsr();
    }
    for (const pair of this.#pairs) {
      pair.window.advance(this.#slice);
      if (!pair.window.isEmpty) break;
      this.#drop(pair);
    }
  }

  /** The slice of an event, which is never before the newest one. */
  sliceOf(nowMs: number): number {
    this.advance(nowMs);
    return this.#slice;
  }

  /** Notes something of a gateway and a prefix, which are the last to be given up from now on. */
  note(gateway: GatewayQuality, prefix: string, change: (window: QualityWindow) => void): void {
    let pair = gateway.pairs.get(prefix);
    if (pair === undefined) {
      pair = { prefix, gateway, window: new QualityWindow(this.#shape) };
      gateway.pairs.set(prefix, pair);
      this.#capacity += pair.window.capacity;
    } else {
      this.#pairs.delete(pair);
    }
    this.#pairs.add(pair);
    const before = pair.window.capacity;
    change(pair.window);
    this.#capacity += pair.window.capacity - before;
    this.#keepLimits();
  }

  #keepLimits(): void {
    while (this.#pairs.size > this.#limits.pairs || this.#capacity > this.#limits.slices) {
      const [longestWithout] = this.#pairs;
      this.#drop(longestWithout!);
      this.#evicted++;
    }
  }

  #drop(pair: Pair): void {
    this.#capacity -= pair.window.capacity;
    this.#pairs.delete(pair);
    pair.gateway.pairs.delete(pair.prefix);
  }
}
