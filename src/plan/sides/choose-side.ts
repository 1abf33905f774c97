/** What the two sides of a plan are, from what was asked for. */
import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { SideName } from '../report/report.ts';
import {
  commitOf,
  deepenHint,
  findCommit,
  findMergeBase,
  findRepository,
  isShallow,
  type MergeBase,
  type Repository,
  sideHint,
} from './git.ts';
import { SideError } from './side-error.ts';

/** What one side is made of. */
export type ChosenSide =
  | { readonly kind: 'directory'; readonly name: SideName; readonly directory: string }
  | {
      readonly kind: 'commit';
      readonly name: SideName;
      readonly repository: Repository;
      readonly commit: string;
      /** From the top of the repository: empty or `voice/`. */
      readonly folder: string;
    }
  | ServedSide;

/** What no file holds that can be named: whoever compares has to ask for it. */
export type ServedSide =
  /** What the running switch has loaded. */
  | { readonly kind: 'live'; readonly name: SideName }
  /** What the history of the switch keeps: a number, `previous`, or the beginning of a hash. */
  | { readonly kind: 'version'; readonly name: SideName; readonly version: string };

export interface SidesAsked {
  /** As on the command line, `branch...` for where it was left; null for where the default branch was left. */
  readonly from: string | null;
  /** null for the files in `directory`. */
  readonly to: string | null;
  /** The configuration directory: absolute. */
  readonly directory: string;
  /** Where relative paths start: absolute. */
  readonly workingDirectory: string;
}

/** @throws SideError */
export function chooseSides(asked: SidesAsked): { readonly from: ChosenSide; readonly to: ChosenSide } {
  const to = asked.to === null ? files(asked, asked.directory) : chooseSide(asked, asked.to);
  const isBase = asked.from === null || asked.from.endsWith('...');
  const from = isBase ? mergeBase(asked, asked.from, to) : chooseSide(asked, asked.from);
  return { from, to };
}

function chooseSide(asked: SidesAsked, text: string): ChosenSide {
  if (text === 'live') {
    return { kind: 'live', name: { kind: 'live', name: 'live', label: 'the running switch' } };
  }
  if (text.startsWith(versionPrefix)) return versionSide(text);
  const path = resolve(asked.workingDirectory, text);
  if (text !== '' && exists(join(path, 'switch.yaml'))) return files(asked, path);
  const repository = findRepository(existing(asked));
  if (repository === null) {
    if (exists(path)) return files(asked, path);
    throw new SideError(
      `there is no directory ${text}, and ${asked.directory} lies in no git repository`,
      sideHint,
    );
  }
  const colon = text.indexOf(':');
  const revision = colon < 0 ? text : text.slice(0, colon);
  if (exists(path) && findCommit(repository, revision) === null) return files(asked, path);
  const folder = colon < 0 ? repository.prefix : folderOf(text.slice(colon + 1));
  return commitSide(repository, commitOf(repository, revision), text, folder);
}

const versionPrefix = 'history:';

function versionSide(text: string): ChosenSide {
  const version = text.slice(versionPrefix.length);
  if (version === '') {
    throw new SideError(
      'history: names no version',
      'history:3, history:previous or history:9f2c: see `class4 history`',
    );
  }
  return { kind: 'version', name: { kind: 'version', name: text, label: `version ${version}` }, version };
}

/** A configuration that is gone from the disk still has its repository. */
function existing({ directory, workingDirectory }: SidesAsked): string {
  return exists(directory) ? directory : workingDirectory;
}

function folderOf(path: string): string {
  const clean = path.replace(/^\.\//, '').replace(/\/+$/, '');
  if (clean.split('/').includes('..')) {
    throw new SideError(`the folder ${path} leads out of the repository`, 'folders count from its top');
  }
  return clean === '' || clean === '.' ? '' : `${clean}/`;
}

function files({ workingDirectory }: SidesAsked, directory: string): ChosenSide {
  const path = relative(workingDirectory, directory);
  const shown = path === '' ? 'this directory' : path.startsWith('..') ? directory : path;
  const name = path === '' ? '.' : shown;
  return { kind: 'directory', name: { kind: 'directory', name, label: `the files in ${shown}` }, directory };
}

function commitSide(repository: Repository, commit: string, name: string, folder: string): ChosenSide {
  const short = commit.slice(0, 12);
  const label = commit.startsWith(name) ? short : `${name} (${short})`;
  return { kind: 'commit', name: { kind: 'commit', name, label }, repository, commit, folder };
}

/** `branch...`, as git has it, or null for the default branch. */
function mergeBase(asked: SidesAsked, left: string | null, to: ChosenSide): ChosenSide {
  const repository = to.kind === 'commit' ? to.repository : findRepository(existing(asked));
  if (repository === null) {
    throw new SideError(
      `${asked.directory} lies in no git repository, so there is nothing to compare with`,
      'say what to compare with: --from DIR',
    );
  }
  const head = to.kind === 'commit' ? to.commit : 'HEAD';
  const { commit, branch } = baseOf(repository, left === null ? null : left.slice(0, -'...'.length), head);
  const side = commitSide(repository, commit, commit, repository.prefix);
  const label = `where ${branch} was left (${commit.slice(0, 12)})`;
  return { ...side, name: { kind: 'commit', name: commit, label } };
}

/** Without any commit there is nothing wrong with the branch that was asked for. */
function baseOf(repository: Repository, branch: string | null, head: string): MergeBase {
  try {
    return findMergeBase(repository, branch, head);
  } catch (error) {
    if (findCommit(repository, head) !== null) throw error;
    throw new SideError('there is no commit to compare with yet', isShallow(repository) ? deepenHint : null);
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
