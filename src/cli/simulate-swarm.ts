/** The part of `class4 simulate` that plays random calls with random faults. */
import { relative, resolve, sep } from 'node:path';
import { nothingIsSo } from '../call/given-state.ts';
import { loadConfiguration } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { loadScenarios } from '../sim/files/load-scenarios.ts';
import { scenarioYaml } from '../sim/files/write-scenario.ts';
import { judgeScenario } from '../sim/report/judge.ts';
import type { Outcome } from '../sim/report/outcome.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import type { FailedRound } from '../sim/swarm/figures.ts';
import { callsOfRound } from '../sim/swarm/round.ts';
import { runSwarm, type SwarmFailure, type SwarmRequest, type SwarmResult } from '../sim/swarm/swarm.ts';
import { type Arguments, UsageError } from './arguments.ts';
import type { Io } from './io.ts';
import { Progress } from './progress.ts';
import { checkFolder, writeReport } from './report-file.ts';
import { scenarioText } from './scenario-text.ts';
import { type ReportRequest, reportRun } from './simulate-report.ts';
import { onlyErrors, type RunRequest, type RunResult } from './simulate-run.ts';

export interface SwarmOptions {
  readonly calls: number;
  /** Only this one, from 1; null is all. */
  readonly round: number | null;
}

export const swarmHelp = `  --swarm N          plays N random calls with random faults in place of scenarios; what breaks an invariant is
                     brought down to a small scenario, swarm-SEED.yaml in the current directory
  --round R          only round R of the swarm, of ${callsOfRound} calls`;

export const swarmArguments = { swarm: 'value', round: 'value' } as const;

const mostCalls = 1_000_000_000;
const mostStories = 2;

/** Whatever else plays or picks scenarios is no business of the swarm. */
const foreign = [
  'filter',
  'coverage',
  'coverage-format',
  'coverage-output',
  'min-coverage',
  'watch',
] as const;

/** null when nobody asks for the swarm. @throws UsageError */
export function swarmOptions(args: Arguments): SwarmOptions | null {
  const calls = args.wholeNumber('swarm', 1, mostCalls);
  const round = args.wholeNumber('round', 1, Math.ceil((calls ?? mostCalls) / callsOfRound)) ?? null;
  if (calls === undefined) {
    if (round !== null) throw new UsageError('--round is a round of a swarm, and needs --swarm');
    return null;
  }
  if (args.positionals.length > 0) {
    throw new UsageError(`--swarm makes its own calls, and plays no scenarios of ${args.positionals[0]}`);
  }
  for (const option of foreign) {
    if (args.value(option) !== undefined || args.flag(option)) {
      throw new UsageError(`--${option} is for scenarios, and not for --swarm`);
    }
  }
  return { calls, round };
}

/** Plays it, says what came of it, and returns the exit code. The seed has been told. */
export function playSwarm(
  options: SwarmOptions,
  request: RunRequest & ReportRequest,
  io: Io,
  newCore?: SwarmRequest['newCore'],
): number {
  const { directory, seed } = request;
  const { snapshot, diagnostics, files } = loadConfiguration(directory);
  if (snapshot === null) {
    const wrong = { diagnostics: onlyErrors(diagnostics), files, of: 'configuration' } as const;
    return reportRun({ kind: 'wrong', ...wrong }, request, io);
  }
  const path = resolve(io.workingDirectory, `swarm-${seed}.yaml`);
  checkFolder(path);
  const file = relative(resolve(directory), path).split(sep).join('/');
  const progress = new Progress(io, Date.now, 'round');
  const result = runSwarm({
    ...options,
    snapshot,
    seed,
    file,
    onRound: (index, count) => progress.at(index, count),
    onCall: () => progress.call(),
    ...(newCore === undefined ? {} : { newCore }),
  });
  progress.done();
  const judged = result.failure === null ? null : keep(result.failure, path, snapshot, request, newCore);
  return reportRun(playedRun(result, judged, snapshot, options, request, file), request, io);
}

interface Judged {
  readonly outcome: Outcome;
  readonly failed: FailedRound;
}

/** Writes the scenario that is left of a failed round, and plays what the file says. */
function keep(
  failure: SwarmFailure,
  path: string,
  snapshot: Snapshot,
  { directory, seed }: RunRequest,
  newCore: SwarmRequest['newCore'],
): Judged {
  const { round, violations, scenario, callsBefore, eventsBefore } = failure;
  const { invariant, detail } = violations[0]!;
  const comments = [
    `An invariant broke in round ${round} of the swarm with seed ${seed}: ${invariant}.`,
    detail,
    'That is a bug of class4, whatever is configured. This is the smallest scenario found that shows it.',
  ];
  writeReport(path, scenarioText(scenarioYaml(scenario, snapshot, comments), path));
  const [read] = loadScenarios([path], resolve(directory), snapshot).scenarios;
  const judge = (one: Scenario): Outcome =>
    judgeScenario(snapshot, one, { mostStories, ...(newCore === undefined ? {} : { newCore }) });
  const again = read === undefined ? null : judge(read);
  const isRepeated = again?.violations.some(one => one.invariant === invariant) === true;
  const outcome = again !== null && isRepeated ? again : judge(scenario);
  const failed = {
    ...{ round, calls: callsBefore, events: eventsBefore, file: scenario.place.file, isRepeated },
    callsLeft: scenario.calls.reduce((sum, { count }) => sum + count, 0),
    eventsLeft: scenario.events.length,
  };
  return { outcome, failed };
}

function playedRun(
  { rounds, calls, answered, attempts, ends, events }: SwarmResult,
  judged: Judged | null,
  snapshot: Snapshot,
  options: SwarmOptions,
  { seed }: RunRequest,
  file: string,
): RunResult {
  const figures = { rounds, calls, answered, attempts, ends, events };
  const outcome = judged?.outcome ?? wellDone(options, calls, seed);
  const swarm = { ...figures, wanted: options.calls, only: options.round, failed: judged?.failed ?? null };
  const files = judged === null ? [] : [file];
  return {
    kind: 'played',
    snapshot,
    coverage: null,
    run: { seed, hash: snapshot.hash, files, outcomes: [outcome], warnings: [], swarm },
  };
}

/** The whole swarm as one test that passed. */
function wellDone({ calls: wanted }: SwarmOptions, calls: number, seed: number): Outcome {
  const place = { file: 'switch.yaml', line: 1, column: 1 };
  const name = `swarm of ${wanted.toLocaleString('en-US')} calls, seed ${seed}`;
  const scenario: Scenario = {
    ...{
      name,
      place,
      seed,
      startMs: 0,
      given: nothingIsSo,
      gateways: new Map(),
      calls: [],
      events: [],
      expect: [],
    },
    otherGateways: { rules: [], optionsStatus: null },
    virtualOnly: null,
  };
  return { scenario, calls, failures: [], violations: [], stories: [], ends: new Map() };
}
