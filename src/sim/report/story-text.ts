/** A call that went wrong, as a person reads it: the numbers, the ladder, and why the switch decided so. */
import type { Scenario } from '../scenario/scenario.ts';
import { ladderLines } from './ladder.ts';
import type { Story } from './outcome.ts';
import type { ReportOptions } from './report-options.ts';
import { callName, callText } from './words.ts';

const indent = '    ';
/** Columns of what stands in a story: with its indent it fits a terminal of 100. */
export const storyWidth = 96;
const mostEvents = 40;

/** Lines without their ends. */
export function storyLines(
  { call, events, explanation }: Story,
  scenario: Scenario,
  { verbose, decision }: ReportOptions,
): readonly string[] {
  const name = callName(call, scenario);
  const ladder = ladderLines(events, call.startedAtMs, {
    width: storyWidth,
    mostEvents: verbose ? null : mostEvents,
  });
  const why = explanation === null ? [] : decision(explanation).trimEnd().split('\n');
  return [
    `  ${name === null ? '' : `${name}: `}${callText(call)}`,
    ...[...ladder, ...(why.length === 0 ? [] : ['', ...why])].map(line => `${indent}${line}`.trimEnd()),
  ];
}
