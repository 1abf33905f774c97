/** For programs: keys in a fixed order, money and times as text, durations in ms. docs/simulate.md describes it. */
import type { Failure } from '../expect/expect.ts';
import type { PlayedCall } from '../scenario/played.ts';
import type { SwarmFigures } from '../swarm/figures.ts';
import { isPassed, type Outcome, type Run, type Story, tallyOf } from './outcome.ts';
import type { ReportOptions } from './report-options.ts';

export function printJson(run: Run, { pathPrefix }: ReportOptions): string {
  const { scenarios, calls, passed, failed, violations } = tallyOf(run.outcomes);
  const report = {
    seed: run.seed,
    snapshot: run.hash,
    scenarios,
    calls,
    passed,
    failed,
    violations,
    files: run.files.map(file => `${pathPrefix}${file}`),
    ...(run.swarm === undefined ? {} : { swarm: swarmOf(run.swarm, pathPrefix) }),
    results: run.outcomes.map(outcome => resultOf(outcome, pathPrefix)),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function swarmOf({ only, failed, ends, events, ...figures }: SwarmFigures, pathPrefix: string) {
  return {
    ...figures,
    onlyRound: only,
    ends: Object.fromEntries(ends),
    events: Object.fromEntries(events),
    failed: failed === null ? null : { ...failed, file: `${pathPrefix}${failed.file}` },
  };
}

function resultOf(outcome: Outcome, pathPrefix: string) {
  const { scenario, calls, failures, violations, stories, ends } = outcome;
  return {
    name: scenario.name,
    file: `${pathPrefix}${scenario.place.file}`,
    line: scenario.place.line,
    column: scenario.place.column,
    passed: isPassed(outcome),
    calls,
    ...(isPassed(outcome)
      ? {}
      : {
          failures: failures.map(failure => failureOf(failure, pathPrefix)),
          violations: violations.map(({ invariant, detail, atMs, callId }) => ({
            invariant,
            detail,
            at: isoTime(atMs),
            callId,
          })),
          ends: Object.fromEntries(ends),
          stories: stories.map(storyOf),
        }),
  };
}

function failureOf({ place, subject, expected, got, call, calls }: Failure, pathPrefix: string) {
  return {
    file: `${pathPrefix}${place.file}`,
    line: place.line,
    column: place.column,
    subject,
    expected,
    got,
    callId: call?.callId ?? null,
    calls,
  };
}

function storyOf({ call, events, explanation }: Story) {
  return {
    ...callOf(call),
    ladder: events.map(({ atMs, from, to, text }) => ({ afterMs: atMs - call.startedAtMs, from, to, text })),
    explanation,
  };
}

function callOf(call: PlayedCall) {
  const { callId, callIndex, burstIndex, caller, callee, startedAtMs, answeredAtMs, endedAtMs } = call;
  return {
    callId,
    call: callIndex + 1,
    number: burstIndex + 1,
    via: call.call.via,
    caller,
    callee,
    startedAt: isoTime(startedAtMs),
    answeredAt: answeredAtMs === null ? null : isoTime(answeredAtMs),
    endedAt: endedAtMs === null ? null : isoTime(endedAtMs),
    status: call.finalStatus,
    reason: call.record?.endReason ?? null,
    tried: call.attempts.map(({ gateway }) => gateway),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
