/** Plays both sides of a replay in threads of their own, keeps what is done, and compares. */
import { createHash } from 'node:crypto';
import type { Snapshot } from '../../config/snapshot.ts';
import { programIdentity } from '../../history/program.ts';
import { Comparer, type Comparison } from '../../replay/comparison.ts';
import { type Part, type PartSize, partsOf } from '../../replay/parts.ts';
import type { Learned, PartResult } from '../../replay/play-part.ts';
import { type PastCall, PastCalls, type PastExtent, type PastSpan } from '../../store/past-calls.ts';
import { KeptWork } from './kept-work.ts';
import type { ReplayProgress } from './replay-progress.ts';
import { SideThread } from './side-thread.ts';

export interface ReplayQuestion {
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** The database: absolute. */
  readonly path: string;
  /** ms since 1970 UTC; null for a day before the last call. */
  readonly sinceMs: number | null;
  /** null for all until the last call. */
  readonly untilMs: number | null;
  readonly seed: number;
  /** Calls come whole weeks later, from this time on (ms since 1970 UTC); null for when they were recorded. */
  readonly asOfMs: number | null;
  /** What a part has at least; null for all calls at once. */
  readonly least: PartSize | null;
  /** What was kept of it is not to be used. */
  readonly fresh: boolean;
  /** Where unfinished work is kept: absolute. */
  readonly workDirectory: string;
}

export interface Replayed {
  readonly comparison: Comparison;
  readonly extent: PastExtent;
  readonly parts: number;
  readonly unreadable: number;
  /** Calls came so much later than they were recorded (ms). */
  readonly laterMs: number;
  /** Calls that the comparison names. */
  readonly examples: readonly PastCall[];
  /** Once the report is out: what was kept is no longer needed. */
  readonly tidy: () => void;
}

export interface RunSurroundings {
  readonly progress: ReplayProgress;
  /** Of now, ms since 1970 UTC. */
  readonly nowMs: number;
  /** What is known when it begins: whether it can be interrupted, and pieces that an earlier run has done. */
  readonly begun: (begun: { readonly isKept: boolean; readonly done: number; readonly all: number }) => void;
  /** Resolves when the user wants no more. */
  readonly interrupted: Promise<void>;
}

/** The user wanted no more. */
export class InterruptedError extends Error {
  constructor() {
    super('interrupted');
    this.name = 'InterruptedError';
  }
}

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
const learnedPiece = 'learned';
const callsPiece = 'calls';
/** So long the calls up to the last one stay those of the beginning. */
const openEndMs = 6 * 3_600_000;
type Side = 'before' | 'after';

/** Rooms that decide what comes out of a replay, besides those that compile. */
const rooms = ['call', 'cdr', 'replay', 'sim', 'store'];

/** @throws StoreError, InterruptedError */
export async function runReplay(question: ReplayQuestion, around: RunSurroundings): Promise<Replayed> {
  const { least, workDirectory, fresh } = question;
  const calls = await PastCalls.open(question.path);
  try {
    const kept = KeptWork.open(workDirectory, keyOf(question), around.nowMs);
    if (fresh) kept.forget();
    const { span, extent } = await chosenCalls(calls, question, kept, around.nowMs);
    const parts = partsOf({ ...span, callsByHour: await calls.callsByHour(span), least });
    const laterMs = laterMsOf(question, extent);
    const result = await new Run(question, { span, extent, parts, kept, laterMs }, around).result();
    const { refusedNow, refusedNoLonger, lost } = result.comparison;
    const rows = [...refusedNow, ...refusedNoLonger, ...lost].flatMap(({ rowIds }) => rowIds);
    return { ...result, examples: await calls.byRow(rows), tidy: () => kept.remove() };
  } finally {
    await calls.close();
  }
}

interface ChosenCalls {
  readonly span: PastSpan;
  readonly extent: PastExtent;
  /** When the replay began (ms since 1970 UTC). */
  readonly beganMs: number;
}

/**
 * A replay that goes on plays the calls that there were when it began, whatever a running switch has recorded since.
 * Work is of no use when these calls have changed, or when it is old and later ones were wanted.
 */
async function chosenCalls(
  calls: PastCalls,
  question: ReplayQuestion,
  kept: KeptWork,
  nowMs: number,
): Promise<ChosenCalls> {
  const known = kept.read<ChosenCalls>(callsPiece);
  if (known !== null && (question.untilMs !== null || nowMs - known.beganMs < openEndMs)) {
    const extent = await calls.extent(known.span);
    if (JSON.stringify(extent) === JSON.stringify(known.extent)) return known;
  }
  kept.forget();
  const span = await spanOf(calls, question);
  const chosen = { span, extent: await calls.extent(span), beganMs: nowMs };
  kept.keep(callsPiece, chosen);
  return chosen;
}

async function spanOf(calls: PastCalls, { sinceMs, untilMs }: ReplayQuestion): Promise<PastSpan> {
  const ends = await calls.ends();
  const until = Math.min(untilMs ?? Number.POSITIVE_INFINITY, (ends?.lastMs ?? 0) + 1);
  return { sinceMs: sinceMs ?? until - dayMs, untilMs: until, lastRowId: ends?.lastRowId ?? 0 };
}

/** Another one for everything that another result could come of, besides the calls. */
function keyOf({ before, after, path, sinceMs, untilMs, seed, asOfMs, least }: ReplayQuestion): string {
  const depends = [
    programIdentity(rooms),
    before.hash,
    after.hash,
    path,
    sinceMs,
    untilMs,
    seed,
    asOfMs,
    least,
  ];
  return createHash('sha256').update(JSON.stringify(depends)).digest('hex').slice(0, 32);
}

/** Whole weeks, so that the day of the week and the time of day stay what they are. */
function laterMsOf({ asOfMs }: ReplayQuestion, { firstMs }: PastExtent): number {
  if (asOfMs === null || firstMs === null) return 0;
  return Math.ceil((asOfMs - firstMs) / weekMs) * weekMs;
}

interface Plan {
  readonly span: PastSpan;
  readonly extent: PastExtent;
  readonly parts: readonly Part[];
  readonly kept: KeptWork;
  readonly laterMs: number;
}

class Run {
  readonly #question: ReplayQuestion;
  readonly #plan: Plan;
  readonly #around: RunSurroundings;
  readonly #threads = new Map<Side, SideThread>();
  readonly #knowing = new Set<Side>();
  readonly #stopped: Promise<never>;
  #isOver = false;

  constructor(question: ReplayQuestion, plan: Plan, around: RunSurroundings) {
    this.#question = question;
    this.#plan = plan;
    this.#around = around;
    this.#stopped = around.interrupted.then(() => {
      throw new InterruptedError();
    });
    this.#stopped.catch(() => {});
  }

  async result(): Promise<Omit<Replayed, 'examples' | 'tidy'>> {
    const { kept, parts, extent, laterMs } = this.#plan;
    try {
      this.#begin();
      const learned = await this.#learn();
      await Promise.all([this.#playSide('before', learned), this.#playSide('after', learned)]);
      const comparer = new Comparer();
      for (const [index] of parts.entries()) {
        // What another run of the same replay has tidied away meanwhile is played again.
        const before =
          kept.read<PartResult>(pieceOf('before', index)) ?? (await this.#play('before', index, learned));
        const after =
          kept.read<PartResult>(pieceOf('after', index)) ?? (await this.#play('after', index, learned));
        comparer.add(before, after);
      }
      const { unreadable } = learned;
      return { comparison: comparer.comparison(), extent, parts: parts.length, unreadable, laterMs };
    } finally {
      this.#isOver = true;
      await Promise.all([...this.#threads.values()].map(thread => thread.end()));
    }
  }

  #begin(): void {
    const { kept, parts, extent } = this.#plan;
    const { progress, begun } = this.#around;
    const sides = parts.reduce((sum, part) => sum + 2 * (part.calls + part.warmUpCalls), 0);
    progress.expect(extent.calls + sides);
    let done = kept.has(learnedPiece) ? 1 : 0;
    if (done > 0) progress.skip(extent.calls);
    for (const [index, part] of parts.entries()) {
      for (const side of ['before', 'after'] as const) {
        if (!kept.has(pieceOf(side, index))) continue;
        done++;
        progress.skip(part.calls + part.warmUpCalls);
      }
    }
    begun({ isKept: kept.isKept, done, all: 1 + 2 * parts.length });
  }

  async #learn(): Promise<Learned> {
    const { kept } = this.#plan;
    const known = kept.read<Learned>(learnedPiece);
    if (known !== null) return known;
    this.#around.progress.doing('learning what vendors did');
    const learned = await this.#unlessStopped(this.#thread('before').learn());
    kept.keep(learnedPiece, learned);
    return learned;
  }

  async #playSide(side: Side, learned: Learned): Promise<void> {
    const { kept, parts } = this.#plan;
    for (const [index] of parts.entries()) {
      if (!kept.has(pieceOf(side, index))) await this.#play(side, index, learned);
    }
  }

  async #play(side: Side, index: number, learned: Learned): Promise<PartResult> {
    const { kept, parts } = this.#plan;
    this.#around.progress.doing(
      parts.length === 1 ? 'playing both sides' : `playing part ${index + 1} of ${parts.length}`,
    );
    const thread = this.#thread(side);
    if (!this.#knowing.has(side)) thread.know(learned.behaviour);
    this.#knowing.add(side);
    const result = await this.#unlessStopped(thread.play(parts[index]!));
    kept.keep(pieceOf(side, index), result);
    return result;
  }

  #thread(side: Side): SideThread {
    const known = this.#threads.get(side);
    if (known !== undefined) return known;
    const { path, seed } = this.#question;
    const { span, laterMs } = this.#plan;
    const data = { path, seed, span, laterMs, snapshot: this.#question[side] };
    const thread = new SideThread(data, calls => {
      if (!this.#isOver) this.#around.progress.add(calls);
    });
    this.#threads.set(side, thread);
    return thread;
  }

  #unlessStopped<Value>(work: Promise<Value>): Promise<Value> {
    work.catch(() => {});
    return Promise.race([work, this.#stopped]);
  }
}

function pieceOf(side: Side, index: number): string {
  return `${side}-${index}`;
}
