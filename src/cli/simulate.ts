import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { isReportFormat, type ReportFormat, reportFormats } from '../sim/report/print.ts';
import { seedText } from '../sim/report/print-text.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, configurationDirectory } from './command.ts';
import type { Io } from './io.ts';
import { Progress } from './progress.ts';
import { checkReportPaths, outputPath, reportPath } from './report-file.ts';
import {
  type CoverageRequest,
  coverageArguments,
  coverageHelp,
  coverageRequest,
  reportCoverage,
} from './simulate-coverage.ts';
import { type ReportRequest, reportRun } from './simulate-report.ts';
import { type RunRequest, runScenarios } from './simulate-run.ts';
import { playSwarm, type SwarmOptions, swarmArguments, swarmHelp, swarmOptions } from './simulate-swarm.ts';
import { repeatOnChange } from './simulate-watch.ts';

/** Seeds of runs that nobody chose are short enough to be typed. */
const seedsDrawn = 2 ** 32;
const largestSeed = 2 ** 48 - 1;

export const simulate: Command = {
  name: 'simulate',
  usage: `[PATH…] [--config DIR] [--format ${reportFormats.join('|')}] [--output FILE] [--seed N] …`,
  summary: 'plays the scenarios of a configuration, in virtual time',
  help: `Plays calls against a configuration and holds what comes of them against what its scenarios expect. The calls run
through the very code that serves live ones; only the clock, the callers and the gateways are made up.

  PATH…              scenario files, or folders of them (default: ci/scenarios of the configuration)
  --config DIR       the configuration directory (default: the current one)
  --filter TEXT      only scenarios with this in their names
  --seed N           repeats the run that had this seed; without it chance is new each time
  --format FORMAT    ${reportFormats.slice(0, -1).join(', ')} or ${reportFormats.at(-1)} (default: text)
  --output FILE      the report goes into FILE, and standard output says the same as text
  --junit FILE       the report goes into FILE for JUnit as well, whatever the format
  --verbose          tells the whole of every call that went wrong, and of more of them
${coverageHelp}
${swarmHelp}
  --watch            plays again whenever the configuration or a scenario changes, until ctrl-c
  --help             this text

Exit codes: 0 all is as expected, 1 something is not, or too little is covered, 2 the configuration, a scenario
file or the command line is wrong, 3 an invariant broke: a bug of class4. The language of scenarios is in
docs/scenarios.md, how to work with them in docs/simulate.md.`,
  arguments: {
    options: {
      config: 'value',
      filter: 'value',
      seed: 'value',
      format: 'value',
      output: 'value',
      junit: 'value',
      verbose: 'flag',
      watch: 'flag',
      ...coverageArguments,
      ...swarmArguments,
      help: 'flag',
    },
    required: [],
    rest: true,
  },
  async run(args, io) {
    const request = requestOf(args, io);
    if (!args.flag('watch')) return playOnce(request, io);
    return repeatOnChange(request, io, () => playOnce(request, io));
  },
};

interface Request extends RunRequest, ReportRequest {
  readonly coverage: CoverageRequest | null;
  readonly swarm: SwarmOptions | null;
}

function requestOf(args: Arguments, io: Io): Request {
  checkReportPaths(args, io);
  const coverage = coverageRequest(args, io);
  return {
    directory: configurationDirectory(args, io),
    paths: args.positionals.map(path => resolve(io.workingDirectory, path)),
    seed: args.wholeNumber('seed', 0, largestSeed) ?? randomInt(seedsDrawn),
    filter: args.value('filter') ?? null,
    verbose: args.flag('verbose'),
    cover: coverage !== null,
    coverage,
    swarm: swarmOptions(args),
    format: formatOf(args),
    output: outputPath(args, io),
    junit: reportPath('junit', args, io),
  };
}

/** Whatever happens then, the seed has been told. */
function playOnce(request: Request, io: Io): number {
  const isShown = request.format === 'text' || request.output !== null;
  const say = isShown ? io.out : io.err;
  say(seedText(request.seed));
  if (request.swarm !== null) return playSwarm(request.swarm, request, io);
  const result = runScenarios(request, new Progress(io, Date.now));
  const exitCode = reportRun(result, request, io);
  if (request.coverage === null || result.kind === 'wrong' || result.coverage === null) return exitCode;
  const { coverage, directory } = request;
  return Math.max(exitCode, reportCoverage(result.coverage, coverage, directory, say, io));
}

function formatOf(args: Arguments): ReportFormat {
  const format = args.value('format') ?? 'text';
  if (isReportFormat(format)) return format;
  throw new UsageError(`there is no format "${format}": use ${reportFormats.join(', ')}`);
}
