/** Calls in virtual time on a switch whose coverage is noted. */
import type { InviteInput, LegFailedInput, SwitchInput } from '../../../src/call/inputs.ts';
import type { SwitchOutput } from '../../../src/call/outputs.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { type Coverage, coverageOf } from '../../../src/sim/coverage/coverage.ts';
import type { CoverageElement } from '../../../src/sim/coverage/elements.ts';
import type { CoverageKindName } from '../../../src/sim/coverage/kinds.ts';
import type { SimulatedCore } from '../../../src/sim/world/play-options.ts';
import { amount, startMs, type TimelessInput } from '../../call/world.ts';

export class WatchedCalls {
  readonly coverage: Coverage;
  readonly core: SimulatedCore;
  nowMs: number = startMs;
  #invites = 0;

  /** Balances in decimal text, by account. */
  constructor(
    snapshot: Snapshot,
    balances: Readonly<Record<string, string>> = {},
    coverage: Coverage = coverageOf(snapshot),
  ) {
    this.coverage = coverage;
    const entries = Object.entries(balances).map(([name, text]) => [name, amount(text)] as const);
    this.core = coverage.newCore({ snapshot, balances: new Map(entries) });
  }

  give(input: TimelessInput): readonly SwitchOutput[] {
    return this.core.handle({ ...input, atMs: this.nowMs } as SwitchInput);
  }

  /** Lets time pass, with a tick at every deadline on the way. */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const dueMs = this.core.nextDeadlineMs();
      if (dueMs === null || dueMs > untilMs) break;
      this.nowMs = dueMs;
      this.give({ type: 'tick' });
    }
    this.nowMs = untilMs;
  }

  /** Returns the Call-ID. */
  invite(given: Partial<InviteInput> = {}): string {
    const callId = `call-${++this.#invites}`;
    this.give({
      type: 'invite',
      callId,
      source: { address: '192.0.2.1', port: 5060, transport: 'udp' },
      caller: '12025550100',
      callee: '442079460000',
      forwarding: null,
      seed: this.#invites,
      sipCallId: 'sip-call-id',
      timerCapable: true,
      ...given,
    });
    return callId;
  }

  answers(callId: string, leg: number = 0): void {
    this.give({ type: 'legAnswered', callId, leg });
  }

  provisional(callId: string, leg: number, status: number, hasSdp: boolean = false): void {
    this.give({ type: 'legProvisional', callId, leg, status, reason: 'Provisional', hasSdp });
  }

  fails(callId: string, leg: number, status: number, given: Partial<LegFailedInput> = {}): void {
    this.give({
      type: 'legFailed',
      callId,
      leg,
      status,
      reason: 'Failed',
      origin: 'gateway',
      retryAfterSeconds: null,
      ...given,
    });
  }

  hangup(callId: string): void {
    this.give({ type: 'hangup', callId, by: 'caller' });
  }

  /** A call that the first gateway answers, and that lasts so long. */
  talk(seconds: number, given: Partial<InviteInput> = {}): void {
    const callId = this.invite(given);
    this.answers(callId);
    this.pass(seconds * 1000);
    this.hangup(callId);
  }

  elements(): CoverageElement[] {
    const elements: CoverageElement[] = [];
    this.coverage.visit(element => elements.push({ ...element }));
    return elements;
  }

  /** How often the element was hit. Throws when there is none of that name. */
  hits(kind: CoverageKindName, name: string): number {
    const found = this.elements().filter(element => element.kind === kind);
    const element = found.find(one => one.name === name);
    if (element !== undefined) return element.hits;
    throw new Error(`no ${kind} "${name}" among ${found.map(one => one.name).join(' | ')}`);
  }
}
