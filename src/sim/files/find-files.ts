/** From paths, of files and of folders, to scenario files. */
import { statSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { Findings } from '../../config/findings.ts';
import { reasonOf } from '../../config/read/file.ts';
import type { ListedFile } from '../../config/read/list-files.ts';
import { yamlBelow } from '../../config/read/yaml-below.ts';

export interface FoundFile extends ListedFile {
  /** The folder that links must not lead out of: the configuration, or that of a file elsewhere. */
  readonly boundary: string;
}

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
      const files = stat.isDirectory() ? yamlBelow(absolute) : [absolute];
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

function isBelow(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(directory, way) === path;
}

function shownPath(path: string, directory: string): string {
  return relative(directory, path).split(sep).join('/') || '.';
}
