/**
 * The configurations whose scenarios are played in both worlds: the example at the top of the repository, and every one
 * below examples and test/conformance/networks that has scenarios of its own in ci/scenarios.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { hasErrors } from '../../src/diagnostics/collect.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { loadScenarios } from '../../src/sim/files/load-scenarios.ts';
import type { Scenario } from '../../src/sim/scenario/scenario.ts';
import { projectDirectory } from '../support/source-files.ts';

export interface Network {
  readonly name: string;
  readonly directory: string;
  /** Files and folders of scenarios, relative to the directory. */
  readonly paths: readonly string[];
}

export interface LoadedNetwork {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly scenarios: readonly Scenario[];
}

const scenarioFolder = 'ci/scenarios';

export function networks(): readonly Network[] {
  const example = { name: 'example', directory: projectDirectory };
  const hasOwn = existsSync(join(projectDirectory, scenarioFolder));
  return [
    { ...example, paths: ['test/conformance/scenarios'] },
    ...(hasOwn ? [{ ...example, paths: [scenarioFolder] }] : []),
    ...foldersWithScenarios('examples'),
    ...foldersWithScenarios(join('test', 'conformance', 'networks')),
  ];
}

function foldersWithScenarios(below: string): readonly Network[] {
  const top = join(projectDirectory, below);
  if (!existsSync(top)) return [];
  return readdirSync(top)
    .sort()
    .map(name => ({ name, directory: join(top, name), paths: [scenarioFolder] }))
    .filter(({ directory }) => existsSync(join(directory, scenarioFolder)));
}

/** @throws with the diagnostics when anything is wrong: a scenario that cannot be read must not pass for one that agrees. */
export function loadNetwork({ name, directory, paths }: Network): LoadedNetwork {
  const { snapshot, diagnostics } = loadConfiguration(directory);
  if (snapshot === null) throw new Error(`${directory} has errors\n${textOf(diagnostics)}`);
  const loaded = loadScenarios(paths, directory, snapshot);
  if (hasErrors(loaded.diagnostics)) throw new Error(`${name}: ${textOf(loaded.diagnostics)}`);
  return { name, snapshot, scenarios: loaded.scenarios };
}

function textOf(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(one => JSON.stringify(one)).join('\n');
}
