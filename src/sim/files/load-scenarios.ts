/** Scenario files → scenarios, with all that is wrong with them found before anything is played. */
import { resolve } from 'node:path';
import { readCheckedFile } from '../../config/checked-file.ts';
import { Findings } from '../../config/findings.ts';
import { scenarioFolder } from '../../config/kinds.ts';
import { defaultLimits, type Limits } from '../../config/limits.ts';
import { Confinement } from '../../config/read/links.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import { inReadingOrder } from '../../diagnostics/collect.ts';
import type { Diagnostic, Place } from '../../diagnostics/diagnostic.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { checkAnswers } from './check-answers.ts';
import { Completer } from './complete.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import { Names } from './names.ts';
import { Networks } from './networks.ts';
import { type ParsedFile, parseFile } from './parse-file.ts';

export interface LoadScenariosOptions {
  readonly limits?: Limits;
  /** Of the run: a scenario that says no seed of its own has one that follows from this and its name. Default 0. */
  readonly seed?: number;
}

export interface LoadedScenarios {
  /** In the order of the files and within a file as they stand in it. Not to be played when a diagnostic is an error. */
  readonly scenarios: readonly Scenario[];
  /** Most severe first, then by file and line. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every file that was looked into, relative to the configuration directory. */
  readonly files: readonly string[];
}

/**
 * Reads scenario files, synchronously. `paths` are files and folders, relative to `directory`, which is that of the
 * configuration; none means ci/scenarios. Whatever the world puts there becomes a diagnostic.
 */
export function loadScenarios(
  paths: readonly string[],
  directory: string,
  snapshot: Snapshot,
  { limits = defaultLimits, seed = 0 }: LoadScenariosOptions = {},
): LoadedScenarios {
  const findings = new Findings();
  const context = { names: new Names(snapshot), findings };
  const top = resolve(directory);
  const found = findFiles(paths.length === 0 ? [scenarioFolder] : paths, top, findings);
  const confinements = new Map<string, Confinement>();
  const parse = (file: FoundFile, into: Findings): ParsedFile => {
    const confinement = confinements.get(file.boundary) ?? new Confinement(top, file.boundary);
    confinements.set(file.boundary, confinement);
    return parseFile(readCheckedFile(confinement, file, limits, into), { ...context, findings: into });
  };
  const files = found.map(file => parse(file, findings));
  const networks = new Networks(findings);
  networks.add(files.flatMap(file => file.networks));
  const others = networks.holdsAll(files.flatMap(networksUsed)) ? [] : filesBeside(found, top);
  // What is wrong with files that are not played matters only where their networks are read.
  for (const file of others) networks.add(parse(file, findings).networks);
  networks.check();
  const completer = new Completer(context, networks, seed);
  const scenarios = files.flatMap(file => completer.complete(file));
  checkNames(scenarios, findings);
  for (const scenario of scenarios) checkAnswers(scenario, findings);
  const diagnostics = inReadingOrder(findings.all);
  return { scenarios, diagnostics, files: [...found, ...others].map(({ path }) => path) };
}

function networksUsed({ defaults, scenarios, routes }: ParsedFile): readonly string[] {
  const settings = [...scenarios, ...routes].map(one => one.settings);
  if (defaults !== null) settings.push(defaults.settings);
  return settings.flatMap(({ network }) => network?.text ?? []);
}

/** The files below ci/scenarios that are not played, whose networks may be used all the same. */
function filesBeside(found: readonly FoundFile[], directory: string): readonly FoundFile[] {
  const played = new Set(found.map(({ path }) => path));
  return findFiles([scenarioFolder], directory, new Findings()).filter(({ path }) => !played.has(path));
}

function checkNames(scenarios: readonly Scenario[], findings: Findings): void {
  const places = new Map<string, Place>();
  for (const { name, place } of scenarios) {
    const other = places.get(name);
    if (other === undefined) {
      places.set(name, place);
      continue;
    }
    const related = [{ ...other, message: 'the other one' }];
    findings.add('C4702', place, `there is a scenario "${name}" already`, { related });
  }
}
