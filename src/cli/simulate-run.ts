/** One run of `class4 simulate`: configuration and scenarios from the files, played and judged. */
import { resolve } from 'node:path';
import { loadConfiguration } from '../config/load.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { hasErrors } from '../diagnostics/collect.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type Coverage, coverageOf } from '../sim/coverage/coverage.ts';
import { loadScenarios } from '../sim/files/load-scenarios.ts';
import { judgeScenario } from '../sim/report/judge.ts';
import type { Run } from '../sim/report/outcome.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { UsageError } from './arguments.ts';
import type { Progress } from './progress.ts';

export interface RunRequest {
  /** The configuration: absolute. */
  readonly directory: string;
  /** Scenario files and folders: absolute; none is ci/scenarios of the configuration. */
  readonly paths: readonly string[];
  readonly seed: number;
  /** Only scenarios whose names contain this, in any case; null is all of them. */
  readonly filter: string | null;
  readonly verbose: boolean;
  /** Whether to note what the scenarios exercise. */
  readonly cover: boolean;
}

export type RunResult =
  | {
      readonly kind: 'played';
      readonly run: Run;
      readonly snapshot: Snapshot;
      /** null unless it was asked for. */
      readonly coverage: Coverage | null;
    }
  /** Nothing was played. */
  | {
      readonly kind: 'wrong';
      readonly diagnostics: readonly Diagnostic[];
      readonly files: readonly string[];
      /** The configuration, or its scenarios; or there are none of these at all. */
      readonly of: 'configuration' | 'scenarios' | 'nothing';
    };

/** Calls of a scenario whose stories are told. */
const mostStories = { concise: 2, verbose: 20 } as const;

/** @throws UsageError when the filter leaves nothing to play. */
export function runScenarios(request: RunRequest, progress: Progress): RunResult {
  const { directory, paths, seed } = request;
  const configuration = loadConfiguration(directory);
  const { snapshot } = configuration;
  if (snapshot === null) {
    const { diagnostics, files } = configuration;
    return { kind: 'wrong', diagnostics: onlyErrors(diagnostics), files, of: 'configuration' };
  }
  const { scenarios, diagnostics, files } = loadScenarios(paths, resolve(directory), snapshot, { seed });
  if (hasErrors(diagnostics) || scenarios.length === 0) {
    const of = files.length === 0 || !hasErrors(diagnostics) ? 'nothing' : 'scenarios';
    return { kind: 'wrong', diagnostics, files, of };
  }
  const coverage = request.cover ? coverageOf(snapshot) : null;
  const outcomes = filtered(scenarios, request.filter).map((scenario, index, all) => {
    progress.at(index, all.length);
    return judgeScenario(snapshot, scenario, {
      mostStories: request.verbose ? mostStories.verbose : mostStories.concise,
      onCall: () => progress.call(),
      ...(coverage === null ? {} : { newCore: coverage.newCore }),
    });
  });
  progress.done();
  return {
    kind: 'played',
    snapshot,
    coverage,
    run: { seed, hash: snapshot.hash, files, outcomes, warnings: diagnostics },
  };
}

function filtered(scenarios: readonly Scenario[], filter: string | null): readonly Scenario[] {
  if (filter === null) return scenarios;
  const wanted = filter.toLowerCase();
  const found = scenarios.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (found.length > 0) return found;
  throw new UsageError(`no scenario has "${filter}" in its name (there are ${scenarios.length})`);
}

export function onlyErrors(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error');
}
