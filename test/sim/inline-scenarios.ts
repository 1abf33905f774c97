/** Scenarios from the text of a file, for tests that are about something else than files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Snapshot } from '../../src/config/snapshot.ts';
import {
  type LoadedScenarios,
  type LoadScenariosOptions,
  loadScenarios,
} from '../../src/sim/files/load-scenarios.ts';
import type { Scenario } from '../../src/sim/scenario/scenario.ts';

/** What is made of these files, by their path below ci/scenarios. */
export function loadTexts(
  snapshot: Snapshot,
  files: Readonly<Record<string, string>>,
  options: LoadScenariosOptions = {},
): LoadedScenarios {
  const directory = mkdtempSync(join(tmpdir(), 'class4-scenarios-'));
  try {
    for (const [file, text] of Object.entries(files)) {
      const path = join(directory, 'ci', 'scenarios', file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return loadScenarios([], directory, snapshot, options);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The scenarios of one file. Throws with what is wrong with it. */
export function scenariosOf(
  snapshot: Snapshot,
  text: string,
  options: LoadScenariosOptions = {},
): readonly Scenario[] {
  const { scenarios, diagnostics } = loadTexts(snapshot, { 'inline.yaml': text }, options);
  if (diagnostics.length === 0) return scenarios;
  const said = diagnostics.map(
    ({ place, code, message }) => `${place.line}:${place.column} ${code} ${message}`,
  );
  throw new Error(`the scenarios are wrong:\n${said.join('\n')}\n${text}`);
}

/** The one scenario of a file. */
export function scenarioOf(snapshot: Snapshot, text: string, options: LoadScenariosOptions = {}): Scenario {
  const [scenario, second] = scenariosOf(snapshot, text, options);
  if (scenario === undefined || second !== undefined) throw new Error('the file must have one scenario');
  return scenario;
}
