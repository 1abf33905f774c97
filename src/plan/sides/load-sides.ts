/** Both sides of a plan, compiled. What is alike in both is read once. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultLimits } from '../../config/limits.ts';
import { ConfigurationLoader } from '../../config/load.ts';
import type { Memory } from '../../config/read/file-memory.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ChosenSide } from './choose-side.ts';
import { extractCommit } from './extract.ts';
import { SameFiles } from './same-files.ts';
import { SideError } from './side-error.ts';

/** What a running switch has loaded, and how to ask it. */
export type AskLive = () => Promise<Snapshot>;

/** A side that does not compile, while its files are still there. */
export interface BrokenSide {
  readonly side: ChosenSide;
  readonly diagnostics: readonly Diagnostic[];
  /** Where its files are: absolute. */
  readonly directory: string;
}

export interface LoadedSides {
  readonly before: Snapshot;
  readonly after: Snapshot;
}

/**
 * null when a side does not compile; `tellBroken` has then been called for each one that does not.
 * @throws SideError, and what `askLive` throws
 */
export async function loadSides(
  { from, to }: { readonly from: ChosenSide; readonly to: ChosenSide },
  askLive: AskLive,
  tellBroken: (broken: BrokenSide) => void,
): Promise<LoadedSides | null> {
  const live = from.kind === 'live' || to.kind === 'live' ? await askLive() : null;
  const temporary: string[] = [];
  try {
    const [before, same] = loadFirst(from, live, temporary, tellBroken);
    const after = loadSide(to, live, temporary, directory => same?.compareWith(directory), tellBroken);
    return before === null || after === null ? null : { before, after };
  } finally {
    for (const directory of temporary) rmSync(directory, { recursive: true, force: true });
  }
}

function loadFirst(
  side: ChosenSide,
  live: Snapshot | null,
  temporary: string[],
  tellBroken: (broken: BrokenSide) => void,
): readonly [snapshot: Snapshot | null, same: SameFiles | null] {
  let same: SameFiles | null = null;
  const memoryFor = (directory: string): Memory => {
    same = new SameFiles(directory);
    return same.remember();
  };
  return [loadSide(side, live, temporary, memoryFor, tellBroken), same];
}

function loadSide(
  side: ChosenSide,
  live: Snapshot | null,
  temporary: string[],
  memoryFor: (directory: string) => Memory | undefined,
  tellBroken: (broken: BrokenSide) => void,
): Snapshot | null {
  if (side.kind === 'live') return live;
  const directory = side.kind === 'directory' ? side.directory : extracted(side, temporary);
  const { snapshot, diagnostics } = new ConfigurationLoader(
    directory,
    defaultLimits,
    memoryFor(directory),
  ).load();
  if (snapshot === null) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    tellBroken({ side, diagnostics: errors, directory });
    return null;
  }
  // Files outside of a work tree know of no commit.
  return side.kind === 'commit' ? { ...snapshot, commit: side.commit } : snapshot;
}

function extracted(side: Extract<ChosenSide, { kind: 'commit' }>, temporary: string[]): string {
  // The real path: what links lead to is compared with it.
  const directory = mkdtempSync(join(realpathSync(tmpdir()), 'class4-plan-'));
  temporary.push(directory);
  const { repository, commit, folder, name } = side;
  if (extractCommit(repository, commit, folder, directory) > 0) return directory;
  throw new SideError(
    `${name.label} holds no configuration${folder === '' ? '' : ` in ${folder}`}`,
    `name another folder of that commit: ${name.name.split(':')[0]}:FOLDER`,
  );
}
