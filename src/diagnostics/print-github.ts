/** For GitHub Actions: annotations at the lines of a pull request. */
import { type Code, catalogue } from './codes.ts';
import { inReadingOrder } from './collect.ts';
import { countedFindings } from './count.ts';
import type { Diagnostic } from './diagnostic.ts';
import { printable } from './printable.ts';
import { type PrintOptions, shownFile } from './shown-file.ts';
import { workflowCommand } from './workflow-command.ts';

/** GitHub shows this many annotations of each severity for one step, and drops the rest without a word. */
const shownOfEach = 10;
const filesNamed = 5;

export function printGithub(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  const inOrder = inReadingOrder(diagnostics);
  const shown = (['error', 'warning'] as const).flatMap(severity =>
    inOrder.filter(diagnostic => diagnostic.severity === severity).slice(0, shownOfEach),
  );
  const rest = inOrder.filter(diagnostic => !shown.includes(diagnostic));
  const lines = shown.map(diagnostic => annotation(diagnostic, options));
  if (rest.length > 0) lines.push(workflowCommand('notice', { title: 'class4' }, remainder(rest, options)));
  return lines.map(line => `${line}\n`).join('');
}

function annotation(diagnostic: Diagnostic, options: PrintOptions): string {
  const { code, severity, place, message, hint, related = [] } = diagnostic;
  const properties = {
    // A finding about the directory itself has no file to stand at.
    ...(place.file === '.' ? {} : { file: shownFile(place.file, options), line: String(place.line) }),
    ...(place.file === '.' ? {} : { col: String(place.column) }),
    title: titleOf(code),
  };
  const text = [
    printable(message),
    ...related.map(
      other => `${shownFile(other.file, options)}:${other.line}:${other.column} ${printable(other.message)}`,
    ),
    ...(hint === undefined ? [] : [`→ ${printable(hint)}`]),
  ];
  return workflowCommand(severity, properties, text.join('\n'));
}

function titleOf(code: string): string {
  return Object.hasOwn(catalogue, code) ? `${code} ${catalogue[code as Code].title}` : code;
}

/** What no annotation is left for, and in which files most of it stands. */
function remainder(rest: readonly Diagnostic[], options: PrintOptions): string {
  const counts = new Map<string, number>();
  for (const { place } of rest) counts.set(place.file, (counts.get(place.file) ?? 0) + 1);
  const files = [...counts].sort(([, a], [, b]) => b - a);
  const named = files
    .slice(0, filesNamed)
    .map(([file, count]) => `${printable(shownFile(file, options))} (${count})`);
  const others = files.length > filesNamed ? [`${files.length - filesNamed} more files`] : [];
  const where = [...named, ...others].join(', ');
  return `${countedFindings(rest, 'more ')}: ${where}. The summary of the job lists them all, as does class4 validate.`;
}
