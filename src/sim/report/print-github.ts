/** For GitHub Actions: annotations at the lines of the expectations that were not met. */
import { counted } from '../../diagnostics/count.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { printable } from '../../diagnostics/printable.ts';
import { workflowCommand } from '../../diagnostics/workflow-command.ts';
import { type Run, tallyOf } from './outcome.ts';
import type { ReportOptions } from './report-options.ts';
import { againText, failureText, tallyText, violationText } from './words.ts';

/** GitHub shows this many annotations of each severity for one step, and drops the rest without a word. */
const shownOfEach = 10;

interface Annotation {
  readonly place: Place;
  readonly title: string;
  readonly text: string;
}

export function printGithub(run: Run, options: ReportOptions): string {
  const errors = errorsOf(run, options);
  const warnings = run.warnings.map(({ place, code, message }) => ({ place, title: code, text: message }));
  const commands = [
    ...errors.slice(0, shownOfEach).map(error => written('error', error, options)),
    ...warnings.slice(0, shownOfEach).map(warning => written('warning', warning, options)),
  ];
  const more = Math.max(0, errors.length - shownOfEach) + Math.max(0, warnings.length - shownOfEach);
  const end = [`seed ${run.seed}: ${tallyText(tallyOf(run.outcomes))}`];
  if (more > 0) end.push(`${counted(more, 'more finding')}; the summary of the job lists them`);
  commands.push(workflowCommand('notice', { title: 'class4 simulate' }, end.join('\n')));
  return commands.map(command => `${command}\n`).join('');
}

/** Broken invariants first: nothing is worse. */
function errorsOf({ outcomes }: Run, options: ReportOptions): readonly Annotation[] {
  const broken = outcomes.flatMap(outcome =>
    outcome.violations.map(violation => ({
      place: outcome.scenario.place,
      title: `Invariant ${violation.invariant} broken`,
      text: `${outcome.scenario.name}\n${violationText(violation, outcome)}`,
    })),
  );
  const unmet = outcomes.flatMap(({ scenario, failures }) =>
    failures.map(failure => ({
      place: failure.place,
      title: scenario.name,
      text: `${failureText(failure, scenario)}\n→ ${againText(scenario, options)}`,
    })),
  );
  return [...broken, ...unmet];
}

function written(
  severity: 'error' | 'warning',
  { place, title, text }: Annotation,
  { pathPrefix }: ReportOptions,
): string {
  const properties = {
    file: `${pathPrefix}${place.file}`,
    line: String(place.line),
    col: String(place.column),
    title: printable(title),
  };
  return workflowCommand(severity, properties, text.split('\n').map(printable).join('\n'));
}
