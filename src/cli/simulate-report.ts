/** What `class4 simulate` says of a run, in the format that was asked for. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isFormat, printDiagnostics } from '../diagnostics/print.ts';
import { printMarkdown as printFindings } from '../diagnostics/print-markdown.ts';
import { isPassed, type Run } from '../sim/report/outcome.ts';
import { printRun, type ReportFormat } from '../sim/report/print.ts';
import { printMarkdown } from '../sim/report/print-markdown.ts';
import { seedText } from '../sim/report/print-text.ts';
import type { ReportOptions } from '../sim/report/report-options.ts';
import { storyWidth } from '../sim/report/story-text.ts';
import { decisionText, explanationText } from './explain-text.ts';
import { findingsText } from './findings-text.ts';
import { exitCodes, type Io } from './io.ts';
import { addToJobSummary } from './job-summary.ts';
import { pathPrefixOf } from './path-prefix.ts';
import { readersPrefix } from './readers-place.ts';
import { writeReport } from './report-file.ts';
import type { RunRequest, RunResult } from './simulate-run.ts';
import { sourceLines } from './source-lines.ts';

export interface ReportRequest {
  readonly format: ReportFormat;
  /** Absolute; null for standard output. */
  readonly output: string | null;
  /** Where the report goes as JUnit, too: absolute; null for nowhere. */
  readonly junit: string | null;
}

/** Says what came of the run, and returns the exit code. */
export function reportRun(result: RunResult, request: RunRequest & ReportRequest, io: Io): number {
  if (result.kind === 'wrong') return reportWrong(result, request, io);
  const { run } = result;
  const { format, output, junit } = request;
  if (format !== 'github') io.err(findingsText(run.warnings, request.directory, io));
  const options = optionsOf(request, format, io);
  const onScreen = optionsOf(request, 'text', io);
  if (junit !== null) writeReport(junit, printRun(run, 'junit', optionsOf(request, 'junit', io)));
  if (output === null) io.out(printRun(run, format, options));
  else {
    const seed = format === 'text' ? seedText(run.seed) : '';
    writeReport(output, `${seed}${printRun(run, format, { ...options, colour: false })}`);
    io.out(printRun(run, 'text', onScreen));
  }
  if (format === 'github') {
    addToJobSummary('simulate', limitBytes => printMarkdown(run, limitBytes, options), io);
  }
  return exitCodeOf(run);
}

function exitCodeOf({ outcomes }: Run): number {
  if (outcomes.some(({ violations }) => violations.length > 0)) return exitCodes.invariant;
  return outcomes.every(isPassed) ? exitCodes.ok : exitCodes.unexpected;
}

function optionsOf(request: RunRequest, format: ReportFormat, io: Io): ReportOptions {
  const { directory, verbose, seed } = request;
  const pathPrefix = readersPrefix(format, directory, io);
  const colour = format === 'text' && io.colour;
  const style = { pathPrefix, colour, moment: 'as the switch was then', width: storyWidth };
  const config = directory === io.workingDirectory ? '' : ` --config ${quoted(pathPrefixOf(directory, io))}`;
  const typedPrefix = pathPrefixOf(directory, io);
  return {
    colour: io.colour,
    pathPrefix,
    verbose,
    decision: explanation => (verbose ? explanationText : decisionText)(explanation, style),
    again: (file, name) =>
      `class4 simulate ${quoted(`${typedPrefix}${file}`)}${config} --filter ${quoted(name)} --seed ${seed}`,
  };
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const firstHint =
  'write the first one with `class4 scenario record CALLEE --via GATEWAY --output ci/scenarios/first.yaml`';

function reportWrong(
  { diagnostics, files, of }: Extract<RunResult, { kind: 'wrong' }>,
  { directory, format, output, junit }: RunRequest & ReportRequest,
  io: Io,
): number {
  const options = {
    colour: io.colour && output === null,
    pathPrefix: readersPrefix(format, directory, io),
    sourceLine: sourceLines(directory, diagnostics),
    files,
  };
  if (junit !== null) {
    const pathPrefix = readersPrefix('junit', directory, io);
    writeReport(junit, printDiagnostics(diagnostics, 'junit', { ...options, colour: false, pathPrefix }));
  }
  const text = isFormat(format)
    ? printDiagnostics(diagnostics, format, options)
    : bailOut(diagnostics, directory, io);
  if (output === null) io.out(text);
  else {
    writeReport(output, text);
    io.out(findingsText(diagnostics, directory, io));
  }
  if (format === 'github') {
    addToJobSummary('simulate', limitBytes => printFindings(diagnostics, limitBytes, options), io);
  }
  const said = {
    configuration: 'the configuration has errors, so nothing was played\n',
    scenarios: 'the scenarios have errors, so nothing was played\n',
    nothing: `there is nothing to play\n  → ${firstHint}\n`,
  }[of];
  io.err(`class4 simulate: ${said}`);
  return exitCodes.wrong;
}

/** How TAP says that there will be no tests. */
function bailOut(diagnostics: readonly Diagnostic[], directory: string, io: Io): string {
  const lines = findingsText(diagnostics, directory, { ...io, colour: false })
    .trimEnd()
    .split('\n');
  return `TAP version 14\n${lines.map(line => `# ${line}\n`).join('')}Bail out! Nothing could be played.\n`;
}
