/** The YAML files of a folder and of the folders within it. */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Deeper folders than this are a circle of links, or a mistake. */
const deepest = 16;

/** Absolute paths, in the order of their names; nothing that is hidden. Throws as `readdirSync`. */
export function yamlBelow(folder: string, depth: number = 0): readonly string[] {
  if (depth > deepest) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(folder, entry.name);
      if (isFolder(entry, path)) return yamlBelow(path, depth + 1);
      return entry.name.endsWith('.yaml') ? [path] : [];
    });
}

function isFolder(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
