/** For people: a line for each file, then whatever went wrong with its story, and what it comes to at the end. */
import { counted } from '../../diagnostics/count.ts';
import { paint } from '../../diagnostics/paint.ts';
import { printable } from '../../diagnostics/printable.ts';
import { swarmText } from '../swarm/figures-text.ts';
import { isPassed, type Outcome, type Run, tallyOf } from './outcome.ts';
import type { ReportOptions } from './report-options.ts';
import { storyLines } from './story-text.ts';
import { aboutText, againText, endsText, placeText, tallyText, violationText } from './words.ts';

/** Without the seed, which is told before anything is played (`seedText`). */
export function printText(run: Run, options: ReportOptions): string {
  const { colour } = options;
  const failed = run.outcomes.filter(outcome => !isPassed(outcome));
  const broken = failed.filter(({ violations }) => violations.length > 0);
  const unexpected = failed.filter(({ violations }) => violations.length === 0);
  const tally = tallyOf(run.outcomes);
  if (run.swarm !== undefined) {
    const text = [swarmText(run.swarm), ...broken.map(outcome => brokenText(outcome, options))];
    return text.join('\n');
  }
  const parts = [
    filesText(run, options),
    ...unexpected.map(outcome => outcomeText(outcome, options)),
    ...broken.map(outcome => brokenText(outcome, options)),
    `${paint(tallyText(tally), tally.failed === 0 ? 'green' : 'red', colour)}\n`,
  ];
  return failed.length === 0 ? parts.join('') : parts.join('\n');
}

/** The first line of every report for people: it repeats the run. */
export function seedText(seed: number): string {
  return `seed ${seed}\n`;
}

function filesText({ outcomes }: Run, { pathPrefix, colour }: ReportOptions): string {
  const byFile = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const { file } = outcome.scenario.place;
    byFile.set(file, [...(byFile.get(file) ?? []), outcome]);
  }
  const rows = [...byFile].map(([file, found]) => ({
    path: printable(`${pathPrefix}${file}`),
    tally: tallyOf(found),
  }));
  const width = Math.max(0, ...rows.map(({ path }) => path.length));
  return rows
    .map(({ path, tally: { scenarios, calls, failed } }) => {
      const end = failed === 0 ? '' : `, ${paint(`${failed} failed`, 'red', colour)}`;
      return `${path.padEnd(width)}  ${counted(scenarios, 'scenario')}, ${counted(calls, 'call')}${end}\n`;
    })
    .join('');
}

/** One scenario that did not come as expected. */
export function outcomeText(outcome: Outcome, options: ReportOptions): string {
  const { scenario, failures, stories, ends } = outcome;
  const { colour } = options;
  const place = placeText(scenario.place, options);
  const lines = [
    `${paint('✗', 'red', colour)} ${place} ${paint(printable(scenario.name), 'bold', colour)}`,
    ...failures.flatMap(failure => [
      `  ${placeText(failure.place, options)} ${printable(aboutText(failure, scenario))}`,
      `    expected  ${printable(failure.expected)}`,
      `    got       ${paint(printable(failure.got), 'red', colour)}`,
    ]),
    ...(outcome.calls > 1 && ends.size > 0 ? [`  all calls: ${endsText(ends)}`] : []),
    ...stories.flatMap(story => ['', ...storyLines(story, scenario, options)]),
    '',
    `  → ${againText(scenario, options)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** A bug of the switch, whatever else the scenario shows. */
function brokenText(outcome: Outcome, options: ReportOptions): string {
  const head = paint('A broken invariant is a bug of class4, whatever is configured:', 'red', options.colour);
  const lines = outcome.violations.map(violation => `  ${violationText(violation, outcome)}\n`);
  return `${head}\n${lines.join('')}${outcomeText(outcome, options)}`;
}
