/** Sentences that all formats share. */
import { counted } from '../../diagnostics/count.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { printable } from '../../diagnostics/printable.ts';
import type { Failure } from '../expect/expect.ts';
import type { PlayedCall, Violation } from '../scenario/played.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Outcome, Tally } from './outcome.ts';
import type { ReportOptions } from './report-options.ts';

/** `5 scenarios, 12 calls, 4 passed, 1 failed` */
export function tallyText({ scenarios, calls, passed, failed, violations }: Tally): string {
  const broken = violations === 0 ? [] : [`${counted(violations, 'broken invariant')}`];
  return [
    counted(scenarios, 'scenario'),
    counted(calls, 'call'),
    `${passed.toLocaleString('en-US')} passed`,
    `${failed.toLocaleString('en-US')} failed`,
    ...broken,
  ].join(', ');
}

export function placeText({ file, line, column }: Place, { pathPrefix }: ReportOptions): string {
  return `${printable(`${pathPrefix}${file}`)}:${line}:${column}`;
}

/** `gateways tried: expected northlink, got castor` */
export function failureText(failure: Failure, scenario: Scenario): string {
  const { expected, got } = failure;
  return `${aboutText(failure, scenario)}: expected ${expected}, got ${got}`;
}

/** What the failure is about, and of which calls. */
export function aboutText({ subject, call, calls }: Failure, scenario: Scenario): string {
  const name = call === null ? null : callName(call, scenario);
  const more = calls === 1 ? '' : ` and ${(calls - 1).toLocaleString('en-US')} alike`;
  return name === null ? `${subject}${more}` : `${subject}, ${name}${more}`;
}

/** null for the only call of a scenario. */
export function callName({ call, callIndex, burstIndex }: PlayedCall, scenario: Scenario): string | null {
  if (scenario.calls.length === 1 && call.count === 1) return call.name;
  const name = call.name ?? `call ${callIndex + 1}`;
  return call.count === 1 ? name : `${name} (${burstIndex + 1} of ${call.count})`;
}

/** `447700900123 from 12025550100 via brightcall at 2026-03-02T10:00:00.000Z` */
export function callText({ call, caller, callee, startedAtMs }: PlayedCall): string {
  const from = caller === '' ? '' : ` from ${caller}`;
  const { address, port, transport } = call.source;
  const way = call.via === null ? ` out of ${address}:${port};${transport}` : ` via ${call.via}`;
  return printable(`${callee ?? '(no number)'}${from}${way} at ${new Date(startedAtMs).toISOString()}`);
}

export function violationText({ invariant, detail, atMs, callId }: Violation, { scenario }: Outcome): string {
  const seconds = ((atMs - scenario.startMs) / 1000).toFixed(3);
  return printable(`${invariant}: ${detail} (at ${seconds} s${callId === null ? '' : `, call ${callId}`})`);
}

/** `CallerHangup 475, GatewayTimeout 25` */
export function endsText(ends: ReadonlyMap<string, number>): string {
  return [...ends].map(([reason, count]) => `${reason} ${count.toLocaleString('en-US')}`).join(', ');
}

/** What to type to play it alone, and the same again. */
export function againText({ place, name }: Scenario, { again }: ReportOptions): string {
  return printable(again(place.file, name));
}
