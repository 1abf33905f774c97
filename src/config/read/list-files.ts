/** Finds the files of a configuration directory, and says which ones would be overlooked. */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../diagnostics/collect.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { folders, type Kind, sourceFile, wordsFor } from '../kinds.ts';
import { strangeCharacter } from '../schema/strange-characters.ts';
import { reasonOf } from './file.ts';

export interface ListedFile {
  readonly kind: Kind;
  /** The object's name: the file's base name. `switch` for switch.yaml. */
  readonly name: string;
  /** Relative to the configuration directory, with forward slashes. */
  readonly path: string;
}

export interface Listing {
  /** In the order of their kind and name, so that indexes do not depend on the file system. */
  readonly files: readonly ListedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

const followedHint =
  'The switch of this directory follows a repository (source.yaml): name a work tree of it, or a folder in var/source/checkouts.';

const gatewayFolders = new Set(['mapping', 'routing', 'groups']);

const nameSyntax = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function listFiles(directory: string): Listing {
  const diagnostics: Diagnostic[] = [];
  const top = entriesOf(directory, '.', diagnostics);
  if (top === null) return { files: [], diagnostics };
  if (!top.some(entry => entry.name === 'switch.yaml')) {
    diagnostics.push(
      diagnose('C4007', wholeFile('switch.yaml'), 'there is no switch.yaml in this directory', {
        ...(top.some(entry => entry.name === sourceFile) ? { hint: followedHint } : {}),
      }),
    );
    return { files: [], diagnostics };
  }
  const files: ListedFile[] = [{ kind: 'switch', name: 'switch', path: 'switch.yaml' }];
  for (const { kind, folder } of folders) files.push(...filesOf(directory, folder, kind, diagnostics));
  complainOfStrays(directory, top, diagnostics);
  return { files, diagnostics };
}

function filesOf(directory: string, folder: string, kind: Kind, diagnostics: Diagnostic[]): ListedFile[] {
  const path = join(directory, folder);
  if (!exists(path)) return [];
  const entries = entriesOf(path, folder, diagnostics) ?? [];
  const files: ListedFile[] = [];
  for (const entry of entries) {
    const filePath = `${folder}/${entry.name}`;
    if (!looksLikeYaml(entry.name)) {
      if (holdsYaml(entry, path)) diagnostics.push(overlookedFolder(filePath, folder));
      continue;
    }
    if (!entry.name.endsWith('.yaml')) {
      diagnostics.push(
        diagnose('C4005', wholeFile(filePath), 'only files that end in .yaml are read', {
          hint: `Rename it to ${entry.name.replace(/\.ya?ml$/i, '')}.yaml, or remove it.`,
        }),
      );
      continue;
    }
    const name = entry.name.slice(0, -'.yaml'.length);
    if (!nameSyntax.test(name)) {
      const message = `"${name}" cannot be the name of ${article(wordsFor(kind))}`;
      const strange = strangeCharacter(name);
      const hint =
        strange === null
          ? {}
          : { hint: `${strange} Use letters of the keyboard, digits, dots, dashes and underscores.` };
      diagnostics.push(diagnose('C4006', wholeFile(filePath), message, hint));
      continue;
    }
    files.push({ kind, name, path: filePath });
  }
  complainOfNames(files, diagnostics);
  // By name and not by file: acme comes before acme-direct.
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const reservedByWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** What would get lost in a work tree on another system. */
function complainOfNames(files: readonly ListedFile[], diagnostics: Diagnostic[]): void {
  const known = new Map<string, ListedFile>();
  for (const file of files) {
    const other = known.get(file.name.toLowerCase());
    if (other !== undefined) {
      const related = [{ ...wholeFile(other.path), message: 'the other name' }];
      const message = `"${file.name}" and "${other.name}" differ in case only`;
      diagnostics.push(diagnose('C4009', wholeFile(file.path), message, { related }));
    }
    known.set(file.name.toLowerCase(), file);
    if (!reservedByWindows.test(file.name)) continue;
    diagnostics.push(
      diagnose('C4009', wholeFile(file.path), `Windows can have no file of the name "${file.name}"`),
    );
  }
}

/** YAML beside the folders that are read: at the top, and directly in gateways/. */
function complainOfStrays(directory: string, top: readonly Dirent[], diagnostics: Diagnostic[]): void {
  for (const entry of top) {
    if (entry.name === 'switch.yml') {
      diagnostics.push(diagnose('C4005', wholeFile(entry.name), 'switch.yaml is read, and this file is not'));
    }
  }
  const gateways = join(directory, 'gateways');
  if (!exists(gateways)) return;
  for (const entry of entriesOf(gateways, 'gateways', diagnostics) ?? []) {
    if (gatewayFolders.has(entry.name)) continue;
    if (!looksLikeYaml(entry.name) && !holdsYaml(entry, gateways)) continue;
    const message = 'only gateways/mapping/, gateways/routing/ and gateways/groups/ are read';
    diagnostics.push(diagnose('C4005', wholeFile(`gateways/${entry.name}`), message));
  }
}

function overlookedFolder(path: string, folder: string): Diagnostic {
  return diagnose('C4005', wholeFile(path), `files in folders within ${folder}/ are not read`, {
    hint: `Move its files to ${folder}/, or the folder elsewhere.`,
  });
}

/** Hidden files (editors keep locks and swap files in them) are not looked at. */
function entriesOf(path: string, name: string, diagnostics: Diagnostic[]): Dirent[] | null {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter(entry => !entry.name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const message = `cannot read the directory ${name === '.' ? path : `${name}/`}: ${reasonOf(error)}`;
    diagnostics.push(diagnose('C4001', wholeFile(name), message));
    return null;
  }
}

/** Whether anything is there; what is wrong with it shows when it is read. */
function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** Whether it is a folder with files that look as if they should count. Folders of decks do no harm. */
function holdsYaml(entry: Dirent, parent: string): boolean {
  if (!entry.isDirectory()) return false;
  try {
    return readdirSync(join(parent, entry.name)).some(looksLikeYaml);
  } catch {
    return false;
  }
}

function looksLikeYaml(name: string): boolean {
  return /\.ya?ml$/i.test(name);
}

function article(words: string): string {
  return /^[aeiou]/.test(words) ? `an ${words}` : `a ${words}`;
}

function wholeFile(file: string): { file: string; line: number; column: number } {
  return { file, line: 1, column: 1 };
}
