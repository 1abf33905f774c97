/**
 * The gateways, and the SIP server that stands between them and the switch: what the switch hears of an INVITE is
 * what the embedded edge and the SIP adapter of the live switch make of it. Nothing takes time on the way.
 */
import type { DialLegOutput } from '../../call/outputs.ts';
import type { BehaviourStep, CallBehaviour, GatewayBehaviour } from '../scenario/behaviour.ts';
import { type ActiveCall, Leg } from './active-call.ts';
import { behaviourFor } from './chance.ts';
import { phraseOf } from './phrases.ts';
import type { Surroundings } from './surroundings.ts';

/** After the last wait for an answer the INVITE is given up (edge: T1 of RFC 3261). */
const lastWaitMs = 500;
/** An INVITE that got a provisional response waits so long for a final one (edge: INVITE_LIFE_MS). */
const inviteLifeMs = 3_600_000;
/** After a CANCEL a final response is waited for so long (64 × T1, RFC 3261 §9.1). */
const cancelLifeMs = 32_000;

/** How a gateway takes one INVITE, where that is known of each of them. */
export type ChooseBehaviour = (call: ActiveCall, output: DialLegOutput) => CallBehaviour;

export class Gateways {
  readonly #world: Surroundings;
  readonly #behaviours: Map<string, GatewayBehaviour>;
  readonly #others: GatewayBehaviour;
  readonly #choose: ChooseBehaviour | null;
  /** INVITEs to each gateway so far. */
  readonly #invites = new Map<string, number>();

  constructor(
    world: Surroundings,
    behaviours: ReadonlyMap<string, GatewayBehaviour>,
    others: GatewayBehaviour,
    choose: ChooseBehaviour | null = null,
  ) {
    this.#world = world;
    this.#behaviours = new Map(behaviours);
    this.#others = others;
    this.#choose = choose;
  }

  /** From now on the gateway behaves like this. */
  behave(gateway: string, behaviour: GatewayBehaviour): void {
    this.#behaviours.set(gateway, behaviour);
  }

  behaviourOf(gateway: string): GatewayBehaviour {
    return this.#behaviours.get(gateway) ?? this.#others;
  }

  /** The switch sends an INVITE. */
  dial(call: ActiveCall, output: DialLegOutput): Leg {
    const { gateway, caller, callee, forwarding, leg: number } = output;
    const { steadyMs, trace } = this.#world;
    const behaviour = this.#choose?.(call, output) ?? this.#behaviourFor(call, output);
    let giveUpMs = steadyMs + lastWaitMs;
    for (const waitMs of output.resendIntervalsMs) giveUpMs += waitMs;
    const leg = new Leg(call, number, gateway, behaviour, steadyMs, giveUpMs);
    call.legs.push(leg);
    call.attempts.push({ gateway, atMs: this.#world.nowMs, caller, callee, forwarding });
    trace?.add(call.callId, 'switch', gateway, `INVITE ${callee}`);
    if (behaviour.reaction === 'unreachable') this.#world.schedule(leg, steadyMs);
    else this.#awaitNext(leg);
    return leg;
  }

  #behaviourFor(call: ActiveCall, { gateway, callee, leg }: DialLegOutput): CallBehaviour {
    const ordinal = (this.#invites.get(gateway) ?? 0) + 1;
    this.#invites.set(gateway, ordinal);
    return behaviourFor(this.behaviourOf(gateway), { gateway, ordinal, callee, seed: call.seed, leg });
  }

  /** What the leg was waiting for has come. */
  due(leg: Leg): void {
    const { steadyMs } = this.#world;
    if (leg.state === 'ended') return;
    if (leg.state === 'confirmed') {
      this.#hangUp(leg);
      return;
    }
    if (leg.behaviour.reaction === 'unreachable') {
      this.#fail(leg, 503, 'Service Unavailable', 'unreachable', null);
      return;
    }
    const step = leg.behaviour.reaction === 'script' ? leg.behaviour.steps[leg.step] : undefined;
    if (step === undefined || leg.stepMs + step.afterMs > steadyMs) {
      this.#world.trace?.remark(leg.call.callId, `${leg.gateway} has not answered in time`);
      this.#fail(leg, 408, 'Request Timeout', 'timeout', null);
      return;
    }
    leg.step++;
    leg.stepMs = steadyMs;
    this.#take(leg, step);
  }

  /** The switch wants nothing more of the leg. */
  release(leg: Leg): void {
    if (leg.isReleased || leg.state === 'ended') return;
    leg.isReleased = true;
    if (leg.state === 'confirmed') this.bye(leg);
    else if (leg.wasHeard) this.#cancel(leg);
    // A CANCEL waits for a first response. Without a story nobody can see what comes of it.
    else if (this.#world.trace === null) leg.state = 'ended';
  }

  /** The switch sends BYE. A gateway that has died does not answer, which the switch is not told. */
  bye(leg: Leg): void {
    if (leg.state !== 'confirmed') return;
    leg.state = 'ended';
    leg.isHungUp = true;
    this.#world.trace?.exchange(
      leg.call.callId,
      'switch',
      leg.gateway,
      'BYE',
      this.#isDead(leg) ? null : '200 OK',
    );
  }

  /** The dialogs of the SIP server are gone: the gateway gets nothing more, and nobody hears it. */
  lose(leg: Leg): void {
    leg.state = 'ended';
  }

  #isDead({ behaviour: { diesAfterMs }, answeredAtMs }: Leg): boolean {
    return diesAfterMs !== null && this.#world.nowMs >= answeredAtMs + diesAfterMs;
  }

  #awaitNext(leg: Leg): void {
    const { reaction, steps } = leg.behaviour;
    const step = reaction === 'script' ? steps[leg.step] : undefined;
    const stepMs = step === undefined ? Number.POSITIVE_INFINITY : leg.stepMs + step.afterMs;
    this.#world.schedule(leg, Math.min(stepMs, leg.giveUpMs));
  }

  #take(leg: Leg, step: BehaviourStep): void {
    if (step.kind === 'provisional') this.#provisional(leg, step.status, step.sdp);
    else if (step.kind === 'answer') this.#answer(leg);
    else this.#fail(leg, step.status, step.reason ?? phraseOf(step.status), 'gateway', step);
  }

  /** A 100 is for the one who sent the INVITE alone, so nobody hears of a body that it may have. */
  #provisional(leg: Leg, status: number, mayHaveSdp: boolean): void {
    const hasSdp = mayHaveSdp && status > 100;
    const { nowMs, steadyMs, trace } = this.#world;
    const { callId } = leg.call;
    const reason = phraseOf(status);
    const wasHeard = leg.wasHeard;
    leg.wasHeard = true;
    leg.sdpSeen = hasSdp;
    if (!leg.isCancelSent) leg.giveUpMs = steadyMs + inviteLifeMs;
    trace?.add(callId, leg.gateway, 'switch', `${status} ${reason}${hasSdp ? ' (SDP)' : ''}`);
    if (leg.isReleased && !wasHeard) this.#cancel(leg);
    if ((leg.state as Leg['state']) === 'ended') return;
    this.#awaitNext(leg);
    if (leg.isReleased) return;
    // Of a 100 the switch hears that it came, and nothing of what is in it.
    leg.hadSdp ||= hasSdp && status !== 100;
    leg.rang ||= status === 180;
    if (status === 100) this.#world.give({ type: 'legTrying', atMs: nowMs, callId, leg: leg.number });
    else {
      this.#world.give({
        type: 'legProvisional',
        atMs: nowMs,
        callId,
        leg: leg.number,
        status,
        reason,
        hasSdp,
      });
    }
  }

  /** The 2xx is acknowledged at once; one that nobody wants any more is ended at once as well. */
  #answer(leg: Leg): void {
    const { nowMs, steadyMs, trace } = this.#world;
    const { callId } = leg.call;
    leg.state = 'confirmed';
    leg.answeredAtMs = nowMs;
    trace?.exchange(callId, leg.gateway, 'switch', '200 OK', 'ACK');
    if (leg.isReleased) {
      this.bye(leg);
      return;
    }
    const { hangUpAfterMs, diesAfterMs } = leg.behaviour;
    const hangsUp = hangUpAfterMs !== null && hangUpAfterMs < (diesAfterMs ?? Number.POSITIVE_INFINITY);
    this.#world.schedule(leg, hangsUp ? steadyMs + hangUpAfterMs : Number.POSITIVE_INFINITY);
    this.#world.give({ type: 'legAnswered', atMs: nowMs, callId, leg: leg.number });
  }

  #fail(
    leg: Leg,
    status: number,
    reason: string,
    origin: 'gateway' | 'timeout' | 'unreachable',
    step: { readonly retryAfterSeconds: number | null; readonly contact: string | null } | null,
  ): void {
    const { nowMs, trace } = this.#world;
    const { callId } = leg.call;
    leg.state = 'ended';
    const retryAfterSeconds = status === 503 ? (step?.retryAfterSeconds ?? null) : null;
    if (origin === 'gateway') {
      const retry = retryAfterSeconds === null ? '' : ` (Retry-After: ${retryAfterSeconds})`;
      const contact = step === null || step.contact === null ? '' : ` (Contact: ${step.contact})`;
      trace?.exchange(callId, leg.gateway, 'switch', `${status} ${reason}${retry}${contact}`, 'ACK');
    } else if (origin === 'unreachable') trace?.remark(callId, `${leg.gateway} cannot be reached`);
    if (leg.isReleased) return;
    leg.wasAnsweredByGateway = origin === 'gateway';
    this.#world.give({
      type: 'legFailed',
      atMs: nowMs,
      callId,
      leg: leg.number,
      status,
      reason,
      origin,
      retryAfterSeconds,
    });
  }

  #cancel(leg: Leg): void {
    const { trace, steadyMs } = this.#world;
    if (trace === null) {
      leg.state = 'ended';
      return;
    }
    const { callId } = leg.call;
    const { onCancel, reaction } = leg.behaviour;
    leg.isCancelSent = true;
    trace.add(callId, 'switch', leg.gateway, 'CANCEL');
    if (onCancel === 'ignores' || reaction !== 'script') {
      leg.giveUpMs = steadyMs + cancelLifeMs;
      this.#awaitNext(leg);
    } else if (onCancel === 'ends') {
      trace.exchange(callId, leg.gateway, 'switch', '487 Request Terminated', 'ACK');
      leg.state = 'ended';
    } else this.#answer(leg);
  }

  /** The gateway ends the talk. */
  #hangUp(leg: Leg): void {
    leg.state = 'ended';
    const { nowMs, trace } = this.#world;
    const { callId } = leg.call;
    trace?.exchange(callId, leg.gateway, 'switch', 'BYE', '200 OK');
    this.#world.give({ type: 'hangup', atMs: nowMs, callId, by: 'callee' });
  }
}
