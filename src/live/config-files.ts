/** Which files make up a configuration directory on disk, and whether they are changing. */
import { createHash } from 'node:crypto';
import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { folders } from '../config/kinds.ts';

const configurationFolders = new Set(folders.map(({ folder }) => folder.split('/')[0]!));
/** Folders that may be links to folders elsewhere; others are not followed, because links can lead in circles. */
const linkedFolders = new Set(folders.flatMap(({ folder }) => [folder.split('/')[0]!, folder]));
const otherFolders = new Set(['var', 'node_modules', 'dist']);

/** Whether a folder may hold files of the configuration. `path` is relative, '' for the directory itself. */
export function mayHoldConfiguration(path: string): boolean {
  return path
    .split(sep)
    .every(name => !name.startsWith('.') && !otherFolders.has(name) && !name.startsWith('dist-'));
}

/**
 * Whether a file belongs to the configuration: switch.yaml, all of the known folders, and decks and lists of numbers anywhere else.
 * What editors leave behind for a moment does not.
 */
export function isConfigurationFile(path: string): boolean {
  const names = path.split(sep);
  const name = names.at(-1)!;
  if (name.startsWith('.') || name.startsWith('#') || name.endsWith('~') || /\.(?:swp|tmp|bak)$/.test(name)) {
    return false;
  }
  if (names.length === 1 && name === 'switch.yaml') return true;
  return configurationFolders.has(names[0]!) || /\.(?:csv|txt)$/i.test(name);
}

/**
 * Changes whenever a file of the configuration appears, disappears, is written or replaced, and when git has another
 * commit: files that were committed after they were read have a commit from then on. Two equal ones around a
 * reading tell that nothing moved while it was read. Looking at thousands of files holds up a thread for a while: the
 * one that takes calls asks the loading thread.
 */
export async function fingerprint(directory: string): Promise<string> {
  return fingerprintNow(directory);
}

export function fingerprintNow(directory: string): string {
  const lines = [...stampsNow(directory)].map(([path, stamp]) => `${path} ${stamp}`);
  lines.push(`HEAD ${headStamp(directory)}`);
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

/** By path: the number of the inode, its size in bytes, and when it was modified and changed, or what the system says. */
export function stampsNow(directory: string): ReadonlyMap<string, string> {
  const stamps = new Map<string, string>();
  visit(directory, '', stamps);
  return stamps;
}

/** HEAD itself names a branch mostly; its log grows with each commit, checkout and merge. */
function headStamp(directory: string): string {
  const gitDirectory = findGitDirectory(resolve(directory));
  if (gitDirectory === null) return '';
  return ['HEAD', 'logs/HEAD'].map(file => stamp(join(gitDirectory, file))).join(' ');
}

function visit(directory: string, folder: string, stamps: Map<string, string>): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(directory, folder), { withFileTypes: true });
  } catch (error) {
    stamps.set(folder, String((error as NodeJS.ErrnoException).code));
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const isLinkedFolder = entry.isSymbolicLink() && linkedFolders.has(path.split(sep).join('/'));
    if (entry.isDirectory() || isLinkedFolder) {
      if (mayHoldConfiguration(path)) visit(directory, path, stamps);
    } else if (isConfigurationFile(path)) {
      stamps.set(path, stamp(join(directory, path)));
    }
  }
}

function stamp(path: string): string {
  try {
    // Tools set the modification time back, and so does a clock that jumps; the time of the inode they cannot choose.
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

/** True while git writes to the work tree that holds the directory: its index is locked. */
export function isGitBusy(directory: string): boolean {
  const gitDirectory = findGitDirectory(resolve(directory));
  return gitDirectory !== null && existsSync(join(gitDirectory, 'index.lock'));
}

function findGitDirectory(directory: string): string | null {
  const candidate = join(directory, '.git');
  try {
    if (statSync(candidate).isDirectory()) return candidate;
    // A work tree or submodule has a file that says where its git directory is.
    const target = /^gitdir: (.+)$/m.exec(readFileSync(candidate, 'utf8'))?.[1];
    if (target === undefined) return null;
    return isAbsolute(target) ? target : join(directory, target);
  } catch {
    const parent = dirname(directory);
    return parent === directory ? null : findGitDirectory(parent);
  }
}
