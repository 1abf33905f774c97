/** From paths, of files and of folders, to scenario files. */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Findings } from '../../config/findings.ts';
import { reasonOf } from '../../config/read/file.ts';
import type { ListedFile } from '../../config/read/list-files.ts';

export interface FoundFile extends ListedFile {
  /** The folder that links must not lead out of: the configuration, or that of a file elsewhere. */
  readonly boundary: string;
}

/** Deeper folders than this are a circle of links, or a mistake. */
const deepest = 16;

/** In the order of the paths, and within a folder in that of their names; each file once. */
export function findFiles(
  paths: readonly string[],
  directory: string,
  findings: Findings,
): readonly FoundFile[] {
  const found = new Map<string, FoundFile>();
  for (const path of paths) {
    const absolute = resolve(directory, path);
    const shown = shownPath(absolute, directory);
    const place = { file: shown, line: 1, column: 1 };
    const before = found.size;
    try {
      const stat = statSync(absolute);
      const files = stat.isDirectory() ? filesBelow(absolute, 0) : [absolute];
      const boundary = isBelow(absolute, directory)
        ? directory
        : stat.isDirectory()
          ? absolute
          : dirname(absolute);
      for (const file of files) {
        const name = basename(file).replace(/\.yaml$/, '');
        if (!found.has(file))
          found.set(file, { kind: 'scenario', name, path: shownPath(file, directory), boundary });
      }
      if (files.length > 0 || found.size > before) continue;
      findings.add('C4710', place, `there are no scenario files in ${shown}/`);
    } catch (error) {
      findings.add('C4710', place, `cannot read ${shown}: ${reasonOf(error)}`);
    }
  }
  return [...found.values()];
}

function filesBelow(folder: string, depth: number): readonly string[] {
  if (depth > deepest) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (isFolder(entry, path)) return filesBelow(path, depth + 1);
      return entry.name.endsWith('.yaml') ? [path] : [];
    });
}

function isFolder(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(directory, way) === path;
}

function shownPath(path: string, directory: string): string {
  return relative(directory, path).split(sep).join('/') || '.';
}
