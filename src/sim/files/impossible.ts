/** Expectations that nothing could meet, found before anything is played. */
import type { CallSubject, Expectation, Matcher, TotalSubject } from '../scenario/matcher.ts';
import type { Context } from './nodes.ts';

/** What one `expect` of a call says; of several findings only the first that holds is given. */
export function checkCallExpectations(
  expectations: readonly Expectation<CallSubject>[],
  { names, findings }: Context,
): void {
  const bySubject = new Map(expectations.map(expectation => [expectation.subject, expectation]));
  const tried = bySubject.get('tried');
  const listed = tried?.matcher.kind === 'list' ? tried.matcher.values : null;
  const complain = (expectation: Expectation<CallSubject>, message: string) =>
    findings.add('C4707', expectation.place, message);
  if (tried !== undefined && listed !== null) {
    const repeated = listed.find((name, i) => listed.indexOf(name) < i);
    const { gatewaySwitchLimit: limit } = names.snapshot.parameters;
    if (repeated !== undefined) {
      complain(tried, `${repeated} is expected to be tried twice, and a call tries each gateway once`);
    } else if (limit !== null && listed.length > limit) {
      complain(
        tried,
        `${listed.length} gateways are expected to be tried, and SS_GATEWAY_SWITCH_LIMIT is ${limit}`,
      );
    }
    const stranger = namesOf(bySubject.get('gateway')?.matcher).find(name => !listed.includes(name));
    if (stranger !== undefined) {
      complain(bySubject.get('gateway')!, `${stranger} is expected to answer, and not to be tried`);
    }
  }
  const result = bySubject.get('result');
  if (result === undefined || result.matcher.kind !== 'is') return;
  const contradiction = contradictionOf(String(result.matcher.value), listed, bySubject);
  if (contradiction !== null) complain(result, contradiction);
}

/** null when all can be so. */
function contradictionOf(
  result: string,
  listed: readonly string[] | null,
  bySubject: ReadonlyMap<CallSubject, Expectation<CallSubject>>,
): string | null {
  const isAnswered = result === 'answered';
  if (listed?.length === 0 && (isAnswered || result === 'failed')) {
    return `the call is expected to be ${result}, and no gateway to be tried`;
  }
  if (listed !== null && listed.length > 0 && result === 'refused') {
    return 'the call is expected to be refused, which is without an attempt, and gateways to be tried';
  }
  const gateway = bySubject.get('gateway')?.matcher;
  if (gateway !== undefined && isAnswered === isNone(gateway)) {
    return `the call is expected to be ${result}, and ${isAnswered ? 'no' : 'a'} gateway to answer`;
  }
  const status = bySubject.get('status');
  if (
    status !== undefined &&
    allows(status.matcher, 200) !== isAnswered &&
    (isAnswered || isExact(status.matcher))
  ) {
    return `the call is expected to be ${result}, and its status to be ${status.written}`;
  }
  const reason = bySubject.get('reason');
  const reasons = namesOf(reason?.matcher);
  const possible = reasons.filter(name => couldEndAs(result, name));
  if (reason !== undefined && reasons.length > 0 && possible.length === 0) {
    return `the call is expected to be ${result}, and its end reason to be ${reason.written}`;
  }
  const talk = bySubject.get('talk');
  if (!isAnswered && talk !== undefined && !allows(talk.matcher, 0)) {
    return `the call is expected to be ${result}, and to talk for ${talk.written}`;
  }
  return null;
}

/** Reasons that only calls with an answer have, and those that no such call has. The others may be of either. */
const afterAnswer = new Set(['CallerHangup', 'CalleeHangup', 'MaxCallDuration', 'CreditExhausted']);
const either = new Set(['ForcedRelease', 'Interrupted', 'Shutdown']);

function couldEndAs(result: string, reason: string): boolean {
  if (either.has(reason)) return true;
  if (result === 'cancelled') return reason === 'CallerCancel';
  if (result === 'answered') return afterAnswer.has(reason);
  return !afterAnswer.has(reason) && reason !== 'CallerCancel';
}

function namesOf(matcher: Matcher | undefined): readonly string[] {
  if (matcher?.kind === 'oneOf' || matcher?.kind === 'list') return matcher.values;
  return matcher?.kind === 'is' && typeof matcher.value === 'string' ? [matcher.value] : [];
}

function isNone(matcher: Matcher): boolean {
  return matcher.kind === 'is' && matcher.value === null;
}

function isExact(matcher: Matcher): boolean {
  return matcher.kind === 'is';
}

function allows(matcher: Matcher, value: number): boolean {
  if (matcher.kind === 'is') return matcher.value === value;
  if (matcher.kind !== 'within') return false;
  return (
    (matcher.least === null || matcher.least <= value) && (matcher.most === null || matcher.most >= value)
  );
}

const counts = new Set<TotalSubject>(['answered', 'refused', 'failed', 'cancelled', 'reasons', 'peakCalls']);

/** `calls` is how many the scenario makes. */
export function checkTotals(
  expectations: readonly Expectation<TotalSubject>[],
  calls: number,
  { findings }: Context,
): void {
  for (const { subject, of, matcher, percent, written, place } of expectations) {
    if (percent === true || isEmpty(matcher)) continue;
    const made = `${calls} ${calls === 1 ? 'call' : 'calls'}`;
    if (subject === 'calls' && !allows(matcher, calls)) {
      findings.add('C4707', place, `${written} calls are expected, and the scenario makes ${made}`);
    } else if (counts.has(subject) && Number(leastOf(matcher)) > calls) {
      findings.add(
        'C4707',
        place,
        `${written} are expected of ${of ?? subject}, and the scenario makes ${made}`,
      );
    }
  }
}

function isEmpty(matcher: Matcher): boolean {
  if (matcher.kind !== 'within' || matcher.least === null || matcher.most === null) return false;
  return matcher.least > matcher.most;
}

function leastOf(matcher: Matcher): number | bigint {
  if (matcher.kind === 'within') return matcher.least ?? 0;
  return matcher.kind === 'is' && typeof matcher.value === 'number' ? matcher.value : 0;
}
