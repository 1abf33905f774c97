/** A live switch with scripted peers around it on the loopback interface, in which one scenario is played. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DialLegOutput } from '../../../src/call/outputs.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import type { LogFields, Logger } from '../../../src/diagnostics/logger.ts';
import { type LiveSwitch, startLiveSwitch } from '../../../src/live/live-switch.ts';
import { Releasers } from '../../../src/live/releasers.ts';
import type { PlayedAttempt } from '../../../src/sim/scenario/played.ts';
import type { Scenario, ScenarioEvent } from '../../../src/sim/scenario/scenario.ts';
import { callSeed, numberInBurst } from '../../../src/sim/world/chance.ts';
import { changedSnapshot } from '../../../src/sim/world/changed-snapshot.ts';
import type { SipInput } from '../../../src/sip/port.ts';
import { SqliteStore } from '../../../src/store/sqlite-store.ts';
import type { CallerCall } from '../peers/caller-call.ts';
import { Watcher } from '../peers/watcher.ts';
import type { WorldTime } from '../time/world-time.ts';
import { WorldAddresses } from './addresses.ts';
import { Callers } from './callers.ts';
import { Gateways } from './gateways.ts';
import { Peaks } from './peaks.ts';
import { TranslatedSip, type Translator } from './translation.ts';
import { WorldEdge } from './world-edge.ts';

export interface WorldOptions {
  readonly snapshot: Snapshot;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly time: WorldTime;
  /** The SIP server has a thread of its own, and with it its own time. */
  readonly threaded: boolean;
  /** The switch is up for the first time. */
  readonly onReady: () => void;
}

/** A call of the scenario with everything that was seen of it. */
export interface SeenCall {
  readonly callIndex: number;
  readonly burstIndex: number;
  readonly seed: number;
  readonly caller: CallerCall;
  /** Of the switch; null while it has not heard of the call. */
  callId: string | null;
  readonly attempts: PlayedAttempt[];
}

/**
 * When the switch has no call any more, requests and answers of legs that nobody wants have so long, and callers whom it
 * does not answer at all.
 */
const lingerMs = 70_000;

export class LiveWorld implements Translator {
  readonly watcher: Watcher;
  readonly peaks = new Peaks();
  readonly log: string[] = [];
  readonly calls: SeenCall[] = [];
  readonly #options: WorldOptions;
  readonly #directory = mkdtempSync(join(tmpdir(), 'class4-conformance-'));
  readonly #addresses = new WorldAddresses();
  readonly #callers: Callers;
  readonly #gateways: Gateways;
  readonly #edge: WorldEdge;
  readonly #bySipCallId = new Map<string, SeenCall>();
  readonly #byCallId = new Map<string, SeenCall>();
  #live: LiveSwitch | null = null;
  #releasers = new Releasers();
  #lives = 0;
  #nextSeed = 0;
  #eventsLeft = 0;
  #callsLeft = 0;
  #working = 0;
  #failure: unknown = null;
  #overSinceMs: number | null = null;

  constructor(options: WorldOptions) {
    this.#options = options;
    const { clock, peerTimers: timers, driver } = options.time;
    this.watcher = new Watcher(clock, !options.threaded);
    const addresses = this.#addresses;
    const around = { addresses, clock, timers, watcher: this.watcher };
    this.#edge = new WorldEdge({
      address: addresses.edge,
      driver: options.threaded ? null : driver,
      guests: () => addresses.sources(),
    });
    this.#callers = new Callers({ ...around, switchAddress: () => this.#edge.address });
    this.#gateways = new Gateways({
      ...around,
      onAttempt: (dial, attempt) => this.#attempted(dial, attempt),
    });
  }

  get live(): LiveSwitch {
    if (this.#live === null) throw new Error('the switch of this world is not up');
    return this.#live;
  }

  /** Plays everything and comes back when nothing is left to happen. */
  async play(longestMs: number): Promise<void> {
    const { scenario, snapshot, time } = this.#options;
    await this.#callers.open(scenario.calls.map(({ source }) => source));
    await this.#gateways.open(snapshot, scenario);
    await this.#start();
    this.peaks.take(this.live.core, time.clock());
    this.#options.onReady();
    this.#schedule();
    await time.passUntil(() => this.#isOver(), this, longestMs);
    this.#callers.finish();
    this.#gateways.finish();
    if (this.#failure !== null) throw this.#failure;
  }

  async close(): Promise<void> {
    this.#lives++;
    await this.#releasers.releaseAll();
    await this.#callers.close();
    await this.#gateways.close();
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  count(): number {
    return this.watcher.count + this.#edge.movement;
  }

  isBusy(): boolean {
    if (this.#failure !== null) throw this.#failure;
    if (this.#working > 0 || this.#gateways.isBusy || this.#live === null) return true;
    return this.#edge.isUp && !this.#live.sip.connected;
  }

  isInTransaction(): boolean {
    return this.#edge.isInTransaction;
  }

  isWriting(): boolean {
    if (this.#live === null) return true;
    const { store, engine } = this.#live;
    return store.health().pendingWrites > 0 || engine.recordsPending > 0;
  }

  moved(): void {
    this.watcher.moved();
  }

  dials(dial: DialLegOutput): ReturnType<Translator['dials']> {
    this.peaks.take(this.live.core, this.#options.time.clock());
    return this.#gateways.dial(dial, this.#byCallId.get(dial.callId)!.seed);
  }

  asks(output: Parameters<Translator['asks']>[0]): ReturnType<Translator['asks']> {
    return this.#gateways.ask(output);
  }

  releases(callId: string, leg: number): void {
    this.#gateways.settled(callId, leg);
  }

  hears(input: SipInput): SipInput {
    if (input.type === 'legFailed') this.#gateways.settled(input.callId, input.leg);
    if (input.type !== 'invite') return input;
    const seen = this.#bySipCallId.get(input.sipCallId);
    if (seen === undefined)
      throw new Error(`the switch heard an INVITE that nobody sent: ${input.sipCallId}`);
    if (seen.callId !== null)
      throw new Error(`the switch took the INVITE of ${input.sipCallId} for two calls`);
    seen.callId = input.callId;
    this.#byCallId.set(input.callId, seen);
    this.#nextSeed = seen.seed;
    return { ...input, source: seen.caller.placed.call.source };
  }

  async #start(): Promise<void> {
    const { snapshot, scenario, time } = this.#options;
    const life = ++this.#lives;
    const releasers = new Releasers();
    this.#releasers = releasers;
    const storePath = join(this.#directory, 'class4.db');
    if (life === 1) await this.#giveBalances(storePath);
    const { balances: _, ...given } = scenario.given;
    this.#live = await startLiveSwitch({
      ...{ directory: this.#directory, snapshot, storePath, env: {}, releasers },
      ...{ log: this.#logger(), clock: time.clock, timers: time.timers },
      surroundings: {
        newSeed: () => this.#nextSeed,
        startEdge: this.#edge.start,
        // What others held, and what was measured, is gone with the first switch.
        core: life === 1 ? { given } : {},
        createSip: options =>
          new TranslatedSip(options, {
            moved: () => this.moved(),
            dials: dial => this.dials(dial),
            asks: output => this.asks(output),
            releases: (callId, leg) => this.releases(callId, leg),
            hears: input => (life === this.#lives ? this.hears(input) : null),
          }),
      },
    });
  }

  /** As an operator would: by payments before the first call. */
  async #giveBalances(path: string): Promise<void> {
    const { scenario } = this.#options;
    const store = await SqliteStore.open({ path, sole: true });
    for (const [account, amount] of scenario.given.balances) {
      if (amount !== 0n) await store.pay(account, amount, scenario.startMs, 'given');
    }
    await store.close();
  }

  #schedule(): void {
    const { scenario } = this.#options;
    // Of what has one time, the event comes before the call.
    for (const event of scenario.events) {
      this.#eventsLeft++;
      this.#at(event.atMs, () => {
        this.#eventsLeft--;
        this.#work(this.#happen(event));
      });
    }
    for (const [callIndex, { count }] of scenario.calls.entries()) {
      this.#callsLeft += count;
      if (count > 0) this.#scheduleCall(callIndex, 0);
    }
  }

  /** The next call of a burst is planned when the one before is placed, so what is planned already comes before it. */
  #scheduleCall(callIndex: number, burstIndex: number): void {
    const { scenario, seed } = this.#options;
    const { atMs, intervalMs, count } = scenario.calls[callIndex]!;
    this.#at(atMs + Math.floor(burstIndex * intervalMs), () => {
      this.#callsLeft--;
      this.#place(callIndex, burstIndex, callSeed(seed, callIndex, burstIndex));
      if (burstIndex + 1 < count) this.#scheduleCall(callIndex, burstIndex + 1);
    });
  }

  #at(atMs: number, work: () => void): void {
    const { scenario, time } = this.#options;
    time.peerTimers.after(scenario.startMs + atMs - time.clock(), work);
  }

  #place(callIndex: number, burstIndex: number, seed: number): void {
    const call = this.#options.scenario.calls[callIndex]!;
    const sipCallId = `call-${callIndex}-${burstIndex}`;
    const caller = this.#callers.place({
      call,
      sipCallId,
      caller: numberInBurst(call.caller, burstIndex),
      callee: call.callee === null ? null : numberInBurst(call.callee, burstIndex),
    });
    const seen: SeenCall = { callIndex, burstIndex, seed, caller, callId: null, attempts: [] };
    this.calls.push(seen);
    this.#bySipCallId.set(sipCallId, seen);
  }

  async #happen(event: ScenarioEvent): Promise<void> {
    const { core, engine, store } = this.live;
    const nowMs = this.#options.time.clock();
    switch (event.kind) {
      case 'payment':
        await store.pay(event.account, event.amount, nowMs, 'scenario');
        engine.handle({ type: 'payment', account: event.account, amount: event.amount });
        return;
      case 'behaviour':
        this.#gateways.behave(event.gateway, event.behaviour);
        return;
      case 'releaseCalls':
        for (const { callId } of core.calls()) engine.handle({ type: 'forcedRelease', callId });
        return;
      case 'drain':
      case 'shutdown':
        engine.handle({ type: event.kind });
        return;
      case 'sipServerLost':
        this.#orphanAll();
        await this.#edge.crash();
        return;
      case 'restart':
        await this.#restart();
        return;
      case 'reload':
        engine.handle({
          type: 'snapshot',
          snapshot: changedSnapshot(this.#options.snapshot, event.change),
        });
        return;
      case 'clockStep':
        throw new Error('nobody sets the clock of a live switch');
    }
  }

  /** Nobody is told anything, and nothing is written that was not written before. */
  async #restart(): Promise<void> {
    const { engine, sip } = this.live;
    this.#orphanAll();
    this.#lives++;
    this.#live = null;
    engine.stop();
    await sip.close();
    await this.#releasers.releaseAll();
    await this.#start();
  }

  #orphanAll(): void {
    this.#callers.orphanAll();
    this.#gateways.orphanAll();
  }

  #attempted(dial: DialLegOutput, attempt: PlayedAttempt): void {
    this.#byCallId.get(dial.callId)!.attempts.push(attempt);
    const isSame =
      attempt.caller === dial.caller &&
      attempt.callee === dial.callee &&
      attempt.forwarding === dial.forwarding;
    if (!isSame) {
      this.watcher.violate(
        'numbersChanged',
        `sent ${attempt.caller} → ${attempt.callee}, was to send ${dial.caller} → ${dial.callee}`,
        null,
      );
    }
  }

  #work(work: Promise<void>): void {
    this.#working++;
    work
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#working--;
        this.moved();
      });
  }

  #isOver(): boolean {
    if (this.#callsLeft > 0 || this.#eventsLeft > 0 || this.live.engine.openCalls > 0) return false;
    const nowMs = this.#options.time.clock();
    this.#overSinceMs ??= nowMs;
    return (this.#callers.isQuiet() && this.#gateways.isQuiet) || nowMs - this.#overSinceMs > lingerMs;
  }

  #logger(): Logger {
    const note = (level: string) => (message: string, fields?: LogFields) => {
      this.log.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
      if (message.includes('this is a bug') || message.includes('failed by a bug')) {
        this.watcher.violate('fault', `${message} ${JSON.stringify(fields ?? {})}`, null);
      }
    };
    return { info: note('info'), warn: note('warn'), error: note('error') };
  }
}
