/** Both sides of a plan, compiled. What is alike in both is read once. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '../../config/limits.ts';
import { ConfigurationLoader } from '../../config/load.ts';
import type { Memory } from '../../config/read/file-memory.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ChosenSide, ServedSide } from './choose-side.ts';
import { extractCommit } from './extract.ts';
import { SameFiles } from './same-files.ts';
import { SideError } from './side-error.ts';

/**
 * What a switch served or serves: compiled, or null when its files are now in the directory that `makeDirectory` gave.
 */
export type AskServed = (side: ServedSide, makeDirectory: () => string) => Promise<Snapshot | null>;

/** A side that does not compile, while its files are still there. */
export interface BrokenSide {
  readonly side: ChosenSide;
  readonly diagnostics: readonly Diagnostic[];
  /** Where its files are: absolute. */
  readonly directory: string;
}

export type TellBroken = (broken: BrokenSide) => Promise<void>;

export interface LoadedSides {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/**
 * null when a side does not compile; `tellBroken` has then been called for each one that does not.
 * @throws SideError, and what `askServed` throws
 */
export async function loadSides(
  { from, to }: { readonly from: ChosenSide; readonly to: ChosenSide },
  askServed: AskServed,
  tellBroken: TellBroken,
): Promise<LoadedSides | null> {
  const temporary: string[] = [];
  try {
    const first = await placeSide(from, askServed, temporary);
    const second = await placeSide(to, askServed, temporary);
    const [before, same] = await loadFirst(first, tellBroken);
    const after = await loadSide(second, directory => same?.compareWith(directory), tellBroken);
    return before === null || after === null ? null : { before, after };
  } finally {
    for (const directory of temporary) rmSync(directory, { recursive: true, force: true });
  }
}

interface PlacedSide {
  readonly side: ChosenSide;
  /** Compiled already, or the directory of its files: absolute. */
  readonly place: Snapshot | string;
}

async function placeSide(side: ChosenSide, askServed: AskServed, temporary: string[]): Promise<PlacedSide> {
  const makeDirectory = (): string => {
    // The real path: what links lead to is compared with it.
    const directory = mkdtempSync(join(realpathSync(tmpdir()), 'class4-plan-'));
    temporary.push(directory);
    return directory;
  };
  if (side.kind === 'directory') return { side, place: side.directory };
  if (side.kind === 'commit') return { side, place: extracted(side, makeDirectory()) };
  let written = '';
  const snapshot = await askServed(side, () => {
    written = makeDirectory();
    return written;
  });
  return { side, place: snapshot ?? written };
}

async function loadFirst(
  placed: PlacedSide,
  tellBroken: TellBroken,
): Promise<readonly [snapshot: Snapshot | null, same: SameFiles | null]> {
  let same: SameFiles | null = null;
  const memoryFor = (directory: string): Memory => {
    same = new SameFiles(directory);
    return same.remember();
  };
  return [await loadSide(placed, memoryFor, tellBroken), same];
}

async function loadSide(
  { side, place }: PlacedSide,
  memoryFor: (directory: string) => Memory | undefined,
  tellBroken: TellBroken,
): Promise<Snapshot | null> {
  if (typeof place !== 'string') return place;
  // Its commit is known, and need not be looked for around the copy.
  const options = side.kind === 'commit' ? { checkout: { directory: place, commit: side.commit } } : {};
  const loader = new ConfigurationLoader(place, defaultLimits, memoryFor(place));
  const { snapshot, diagnostics } = loader.load(options);
  if (snapshot === null) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    await tellBroken({ side, diagnostics: errors, directory: place });
    return null;
  }
  return snapshot;
}

function extracted(side: Extract<ChosenSide, { kind: 'commit' }>, directory: string): string {
  const { repository, commit, folder, name } = side;
  if (extractCommit(repository, commit, folder, directory) > 0) return directory;
  throw new SideError(
    `${name.label} holds no configuration${folder === '' ? '' : ` in ${folder}`}`,
    `name another folder of that commit: ${name.name.split(':')[0]}:FOLDER`,
  );
}
