/** A network with scenarios, whose files can be changed one at a time to see which scenario notices. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Kind, scenarioFolder } from '../../../src/config/kinds.ts';
import { defaultLimits } from '../../../src/config/limits.ts';
import { ConfigurationLoader } from '../../../src/config/load.ts';
import { listFiles } from '../../../src/config/read/list-files.ts';
import { readYaml } from '../../../src/config/read/yaml.ts';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { hasErrors } from '../../../src/diagnostics/collect.ts';
import { Judgement } from '../../../src/sim/expect/expect.ts';
import { loadScenarios } from '../../../src/sim/files/load-scenarios.ts';
import type { Scenario } from '../../../src/sim/scenario/scenario.ts';
import { playScenario } from '../../../src/sim/world/play.ts';

const project = fileURLToPath(new URL('../../../../', import.meta.url));

/** The networks whose scenarios cover everything, relative to the project. */
export const exampleNetwork = '.';
export const featureNetwork = 'examples/every-feature';

/** What a file of a network says: YAML as JSON has it. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

export interface NetworkFile {
  readonly kind: Kind;
  /** Relative to the network. */
  readonly path: string;
  readonly content: Plain;
}

export interface LoadedNetwork {
  readonly snapshot: Snapshot;
  readonly scenarios: readonly Scenario[];
}

export function directoryOf(network: string): string {
  return join(project, network);
}

/** With a seed for all that scenarios leave to chance. Throws what is wrong with its files. */
export function loadNetwork(directory: string, seed = 1): LoadedNetwork {
  const { snapshot, diagnostics } = new ConfigurationLoader(directory).load();
  if (snapshot === null) throw new Error(JSON.stringify(diagnostics));
  const loaded = loadScenarios([scenarioFolder], directory, snapshot, { seed });
  if (hasErrors(loaded.diagnostics)) throw new Error(JSON.stringify(loaded.diagnostics));
  return { snapshot, scenarios: loaded.scenarios };
}

/** What did not come of the scenario as it should, a line for each; empty when it passes. */
export function failuresOf(snapshot: Snapshot, scenario: Scenario): readonly string[] {
  const judgement = new Judgement(scenario);
  const played = playScenario(snapshot, scenario, { onCall: call => judgement.take(call) });
  const failures = judgement
    .failures(played)
    .map(
      ({ place, subject, expected, got }) =>
        `${place.file}:${place.line} ${scenario.name}: ${subject} ${expected}, not ${got}`,
    );
  const violations = played.violations.map(
    ({ invariant, detail }) => `${scenario.name}: ${invariant}: ${detail}`,
  );
  return [...failures, ...violations];
}

/** A copy of a network. */
export class ChangeableNetwork {
  readonly files: readonly NetworkFile[];
  readonly #directory: string;
  readonly #loader: ConfigurationLoader;
  /** The ones that noticed something lately stand in front: what is next to it in a file is noticed by them, too. */
  #scenarios: readonly Scenario[];

  constructor(network: string) {
    const original = directoryOf(network);
    this.#directory = mkdtempSync(join(tmpdir(), 'class4-features-'));
    for (const { path } of listFiles(original).files) {
      const folder = path.includes('/') ? dirname(path) : path;
      cpSync(join(original, folder), join(this.#directory, folder), { recursive: true });
    }
    this.files = listFiles(this.#directory).files.map(({ kind, path }) => ({
      kind,
      path,
      content: this.#read(path),
    }));
    this.#scenarios = loadNetwork(original).scenarios;
    this.#loader = new ConfigurationLoader(this.#directory);
  }

  /**
   * What the first scenario that notices says when `path` has another content; `refused` when the configuration is
   * none then, and null when nobody notices.
   */
  noticed(path: string, content: Plain): string | 'refused' | null {
    const file = join(this.#directory, path);
    const before = readFileSync(file);
    try {
      writeFileSync(file, JSON.stringify(content));
      const { snapshot } = this.#loader.load();
      return snapshot === null ? 'refused' : this.#firstFailure(snapshot);
    } finally {
      writeFileSync(file, before);
    }
  }

  /** The names of all columns of all CSV files. */
  headers(): readonly string[] {
    const decks = readdirSync(this.#directory, { recursive: true, encoding: 'utf8' }).filter(path =>
      path.endsWith('.csv'),
    );
    return decks.flatMap(path => {
      const [header = ''] = readFileSync(join(this.#directory, path), 'utf8').split('\n');
      return header.split(/[,;]/);
    });
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #firstFailure(snapshot: Snapshot): string | null {
    for (const scenario of this.#scenarios) {
      const [failure] = failuresOf(snapshot, scenario);
      if (failure === undefined) continue;
      this.#scenarios = [scenario, ...this.#scenarios.filter(other => other !== scenario)];
      return failure;
    }
    return null;
  }

  #read(path: string): Plain {
    const text = readFileSync(join(this.#directory, path), 'utf8');
    const { root } = readYaml(text, path, defaultLimits);
    if (root === null) throw new Error(`${relative(project, path)} is no YAML`);
    return root.value as Plain;
  }
}
