/** For the test reports of Jenkins and GitLab: a suite for each file, a test case for each scenario. */
import { type Attributes, element, textElement } from '../../diagnostics/xml.ts';
import { isPassed, type Outcome, type Run } from './outcome.ts';
import { outcomeText } from './print-text.ts';
import type { ReportOptions } from './report-options.ts';
import { failureText, violationText } from './words.ts';

export function printJunit(run: Run, options: ReportOptions): string {
  const byFile = new Map<string, Outcome[]>();
  for (const outcome of run.outcomes) {
    const { file } = outcome.scenario.place;
    byFile.set(file, [...(byFile.get(file) ?? []), outcome]);
  }
  const suites = [...byFile].map(([file, outcomes]) => testSuite(file, outcomes, run, options));
  const attributes = { name: 'class4 simulate', ...totalsOf(run.outcomes) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, suites)}\n`;
}

function testSuite(file: string, outcomes: readonly Outcome[], run: Run, options: ReportOptions): string {
  const path = `${options.pathPrefix}${file}`;
  const properties = element('properties', {}, [
    element('property', { name: 'seed', value: run.seed }),
    element('property', { name: 'snapshot', value: run.hash }),
  ]);
  const cases = outcomes.map(outcome => testCase(outcome, path, options));
  return element('testsuite', { name: path, ...totalsOf(outcomes) }, [properties, ...cases]);
}

/** Jenkins and GitLab read one failure of a test case, so all of the scenario stands in it. */
function testCase(outcome: Outcome, path: string, options: ReportOptions): string {
  const { scenario, failures, violations } = outcome;
  const classname = `class4.${path.replace(/\.ya?ml$/, '').replaceAll('/', '.')}`;
  const attributes: Attributes = {
    name: scenario.name,
    classname,
    file: path,
    line: scenario.place.line,
    time: 0,
  };
  const said = outcomeText(outcome, { ...options, colour: false });
  const [violation] = violations;
  if (violation !== undefined) {
    const message = withOthers(violationText(violation, outcome), violations.length);
    return element('testcase', attributes, [
      textElement('error', { message, type: violation.invariant }, said),
    ]);
  }
  const [failure] = failures;
  if (failure === undefined) return element('testcase', attributes);
  const message = withOthers(failureText(failure, scenario), failures.length);
  return element('testcase', attributes, [textElement('failure', { message, type: 'expectation' }, said)]);
}

function withOthers(message: string, count: number): string {
  return count === 1 ? message : `${message} (and ${count - 1} more)`;
}

function totalsOf(outcomes: readonly Outcome[]) {
  const errors = outcomes.filter(({ violations }) => violations.length > 0).length;
  const failed = outcomes.filter(outcome => !isPassed(outcome)).length;
  return { tests: outcomes.length, failures: failed - errors, errors, skipped: 0, time: 0 };
}
