/** TAP 14 (testanything.org): a test point for each scenario, with what went wrong as its YAML block. */

import { printable } from '../../diagnostics/printable.ts';
import { isPassed, type Outcome, type Run, tallyOf } from './outcome.ts';
import type { ReportOptions } from './report-options.ts';
import { storyLines } from './story-text.ts';
import { tallyText, violationText } from './words.ts';

export function printTap(run: Run, options: ReportOptions): string {
  const points = run.outcomes.flatMap((outcome, index) => testPoint(outcome, index + 1, options));
  const lines = [
    'TAP version 14',
    `# seed ${run.seed}`,
    `1..${run.outcomes.length}`,
    ...points,
    `# ${tallyText(tallyOf(run.outcomes))}`,
  ];
  return `${lines.join('\n')}\n`;
}

function testPoint(outcome: Outcome, number: number, options: ReportOptions): readonly string[] {
  const name = escapeDescription(printable(outcome.scenario.name));
  if (isPassed(outcome)) return [`ok ${number} - ${name}`];
  return [`not ok ${number} - ${name}`, ...yamlBlock(outcome, options).map(line => `  ${line}`)];
}

/** A `#` would begin a directive, and a backslash escapes. */
export function escapeDescription(text: string): string {
  return text.replace(/[\\#]/g, character => `\\${character}`);
}

/** JSON scalars are YAML scalars. */
function yamlBlock(outcome: Outcome, options: ReportOptions): readonly string[] {
  const { scenario, failures, violations, stories } = outcome;
  const at = (place: { readonly file: string; readonly line: number }) =>
    `${JSON.stringify(`${options.pathPrefix}${place.file}`)}, line: ${place.line}`;
  const told = stories.flatMap(story => storyLines(story, scenario, options));
  return [
    '---',
    `at: { file: ${at(scenario.place)} }`,
    ...(violations.length === 0 ? [] : ['violations:']),
    ...violations.map(violation => `  - ${JSON.stringify(violationText(violation, outcome))}`),
    ...(failures.length === 0 ? [] : ['failures:']),
    ...failures.flatMap(({ place, subject, expected, got, calls }) => [
      `  - subject: ${JSON.stringify(subject)}`,
      `    expected: ${JSON.stringify(expected)}`,
      `    got: ${JSON.stringify(got)}`,
      `    calls: ${calls}`,
      `    at: { file: ${at(place)} }`,
    ]),
    ...(told.length === 0 ? [] : ['story: |-2', ...told.map(line => `  ${line}`.trimEnd())]),
    '...',
  ];
}
