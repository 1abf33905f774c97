/** Which lines made a difference: what both sides have to say of one number, laid side by side. */
import { explainCall } from '../../explain/explain-call.ts';
import { ExplainError } from '../../explain/explain-error.ts';
import type { ExplainedAttempt, Explanation } from '../../explain/explanation.ts';
import { settingPlace } from '../../routing/setting-place.ts';
import type { Cause, Place } from '../plan.ts';
import type { Caller } from './callers.ts';
import type { SideCalls } from './side-calls.ts';

export interface ExplainedSide {
  readonly calls: SideCalls;
  /** Of the mapping gateway. */
  readonly gateway: string;
  readonly down: readonly string[];
}

/** At least one cause, unless nothing can be explained of the number. */
export function causesOf(before: ExplainedSide, after: ExplainedSide, callee: string, caller: Caller): Cause[] {
  const old = explained(before, callee, caller);
  const now = explained(after, callee, caller);
  if (old === null || now === null) return [];
  const causes = new Causes();
  causes.ofRejection(old, now);
  if (rateText(old.rate) !== rateText(now.rate)) {
    causes.add('what the customer pays', old.rate?.source, now.rate?.source);
  }
  for (const attempt of old.attempts) {
    const other = now.attempts.find(({ gateway }) => gateway === attempt.gateway);
    if (other === undefined) causes.ofLost(attempt, now, 'no longer tried');
    else causes.ofSame(attempt, other);
  }
  for (const attempt of now.attempts) {
    if (!old.attempts.some(({ gateway }) => gateway === attempt.gateway)) causes.ofWon(attempt, old);
  }
  ofOrder(causes, before, after, old, now);
  return causes.found;
}

function explained({ calls, gateway, down }: ExplainedSide, callee: string, caller: Caller): Explanation | null {
  const { snapshot, atMs, around } = calls;
  const names = new Set(snapshot.routingGateways.map(({ name }) => name));
  try {
    return explainCall(around, {
      callee,
      caller: caller.caller,
      forwarding: caller.forwarding,
      from: { kind: 'gateway', name: gateway },
      atMs,
      seed: 0,
      down: down.filter(name => names.has(name)),
      full: [],
    });
  } catch (error) {
    // A beginning alone, such as a route tag, is no number that can be asked about.
    if (error instanceof ExplainError) return null;
    throw error;
  }
}

function rateText(rate: Explanation['rate']): string {
  if (rate === null) return '';
  const { rate: amount, unitSeconds, increments, connectFee, freeSeconds, stages } = rate;
  return `${amount}/${unitSeconds}/${increments}/${connectFee}/${freeSeconds}/${stages}`;
}

class Causes {
  readonly found: Cause[] = [];

  add(what: string, before: string | null | undefined, after: string | null | undefined): void {
    const places = { before: placeOf(before), after: placeOf(after) };
    if (places.before !== null || places.after !== null) this.found.push({ what, ...places });
  }

  ofRejection(old: Explanation, now: Explanation): void {
    if (old.rejected?.reason === now.rejected?.reason) return;
    const rejected = now.rejected ?? old.rejected!;
    this.add(rejected.detail, old.rejected?.source, now.rejected?.source);
  }

  ofLost(attempt: ExplainedAttempt, now: Explanation, what: string): void {
    const excluded = now.excluded.find(({ gateway }) => gateway === attempt.gateway);
    if (excluded !== undefined) this.add(`${attempt.gateway}: ${excluded.detail}`, attempt.source, excluded.source);
    else this.add(`${attempt.gateway} ${now.rejected === null ? 'has no prefix of the number any more' : what}`, attempt.source, null);
  }

  ofWon(attempt: ExplainedAttempt, old: Explanation): void {
    const excluded = old.excluded.find(({ gateway }) => gateway === attempt.gateway);
    if (excluded !== undefined) this.add(`${attempt.gateway}: no longer so: ${excluded.detail}`, excluded.source, attempt.source);
    else this.add(`${attempt.gateway}: ${attempt.detail}`, null, attempt.source);
  }

  ofSame(old: ExplainedAttempt, now: ExplainedAttempt): void {
    const { gateway } = now;
    if (rateText(old.rate) !== rateText(now.rate)) this.add(`what ${gateway} costs`, old.rate?.source, now.rate?.source);
    if (old.sent.callee !== now.sent.callee || old.sent.caller !== now.sent.caller) {
      this.add(`what ${gateway} is sent`, old.sent.steps.at(-1)?.source, now.sent.steps.at(-1)?.source);
    }
  }
}

/** Gateways that both sides try and that have another prefix, mode, priority or place among the rest. */
function ofOrder(causes: Causes, before: ExplainedSide, after: ExplainedSide, old: Explanation, now: Explanation): void {
  const both = (one: Explanation, other: Explanation) =>
    one.attempts.filter(({ gateway }) => other.attempts.some(attempt => attempt.gateway === gateway));
  const olds = both(old, now);
  const news = both(now, old);
  if (olds.every(({ gateway, protectRoute }, i) => gateway === news[i]!.gateway && protectRoute === news[i]!.protectRoute)) {
    return;
  }
  for (const attempt of olds) {
    const other = news.find(({ gateway }) => gateway === attempt.gateway)!;
    const { gateway } = attempt;
    if (attempt.priority !== other.priority) {
      const what = `priority ${other.priority} of ${gateway} instead of ${attempt.priority}`;
      causes.add(what, settingOf(before, gateway, 'priority'), settingOf(after, gateway, 'priority'));
    }
    if (attempt.protectRoute !== other.protectRoute) {
      causes.add(`${gateway} as a protect route`, settingOf(before, gateway, 'protectRoute'), settingOf(after, gateway, 'protectRoute'));
    }
    if (attempt.prefix !== other.prefix) {
      causes.add(`prefix ${other.prefix} of ${gateway} instead of ${attempt.prefix}`, attempt.source, other.source);
    }
  }
}

function settingOf({ calls }: ExplainedSide, name: string, setting: string): string | null {
  const gateway = calls.snapshot.routingGateways.find(one => one.name === name)!;
  const { file, line } = settingPlace(gateway, setting) ?? gateway.source;
  return `${file}:${line}`;
}

function placeOf(text: string | null | undefined): Place | null {
  if (text === null || text === undefined) return null;
  const colon = text.lastIndexOf(':');
  return { file: text.slice(0, colon), line: Number(text.slice(colon + 1)) };
}
