/** The first line of a file, by which an editor finds its schema. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Kind } from '../kinds.ts';

const syntax = /^#\s*yaml-language-server:\s*\$schema=(\S+)/m;

/**
 * The line that the file should begin with; null when it has a good one already, or when no schemas are found: they
 * stand in schemas/ or node_modules/class4/schemas/ of the configuration directory or of a folder above it, up to
 * the top of the repository. `path` is absolute.
 */
export function modelineFor(directory: string, path: string, kind: Kind, text: string): string | null {
  const written = syntax.exec(text)?.[1];
  const schema = `${kind}.schema.json`;
  if (written !== undefined && isGood(written, path, schema)) return null;
  const found = findSchema(directory, schema);
  if (found === null) return null;
  const way = relative(dirname(path), found).split(sep).join('/');
  return `# yaml-language-server: $schema=${way.startsWith('.') ? way : `./${way}`}`;
}

function isGood(written: string, path: string, schema: string): boolean {
  if (/^[a-z]+:\/\//i.test(written)) return true;
  return basename(written) === schema && existsSync(resolve(dirname(path), written));
}

function findSchema(directory: string, schema: string): string | null {
  for (let folder = directory; ; folder = dirname(folder)) {
    for (const place of ['schemas', join('node_modules', 'class4', 'schemas')]) {
      const path = join(folder, place, schema);
      if (existsSync(path)) return path;
    }
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return null;
  }
}
