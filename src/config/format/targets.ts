/** Which files there are to format, and what each of them is. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { folders, type Kind, scenarioFolder } from '../kinds.ts';
import type { Limits } from '../limits.ts';
import { decodeText, readBytes } from '../read/file.ts';
import { Confinement } from '../read/links.ts';
import { listFiles } from '../read/list-files.ts';
import { childAt, type Located } from '../read/located.ts';
import { readYaml } from '../read/yaml.ts';
import { yamlBelow } from '../read/yaml-below.ts';

export interface Target {
  /** The configuration directory, absolute. */
  readonly directory: string;
  /** Relative to the directory, with forward slashes. */
  readonly file: string;
  readonly form: { readonly kind: Kind } | { readonly kind: 'deck'; readonly deck: DeckForm };
}

/** How a rate table says that its deck is to be read. */
export interface DeckForm {
  readonly delimiter: string;
  /** Header of the column. */
  readonly prefix: string;
  /** null when no column says from when a row counts. */
  readonly effectiveFrom: string | null;
}

export interface Targets {
  readonly targets: readonly Target[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Every file of a configuration directory, the decks that its rate tables name, and the scenarios about it. */
export function targetsIn(directory: string, limits: Limits): Targets {
  const { files, diagnostics } = listFiles(directory);
  const targets: Target[] = files.map(({ kind, path }) => ({ directory, file: path, form: { kind } }));
  for (const file of scenarioFiles(directory)) targets.push({ directory, file, form: { kind: 'scenario' } });
  for (const [file, deck] of decksOf(directory, limits)) {
    targets.push({ directory, file, form: { kind: 'deck', deck } });
  }
  return { targets, diagnostics };
}

/**
 * What the file at this absolute path is, by its place; null when it is of no configuration. `directory` is where
 * the configuration stands, or null to look for it above the file.
 */
export function targetAt(path: string, directory: string | null, limits: Limits): Target | null {
  const top = directory ?? directoryAbove(path);
  if (top === null) return null;
  const file = relative(top, path).split(sep).join('/');
  if (file === 'switch.yaml') return { directory: top, file, form: { kind: 'switch' } };
  if (file.endsWith('.csv')) {
    const deck = decksOf(top, limits).get(file);
    return deck === undefined ? null : { directory: top, file, form: { kind: 'deck', deck } };
  }
  if (file.startsWith(`${scenarioFolder}/`) && file.endsWith('.yaml')) {
    return { directory: top, file, form: { kind: 'scenario' } };
  }
  const kind = folders.find(({ folder }) => folder === posix.dirname(file))?.kind;
  return kind === undefined || !file.endsWith('.yaml') ? null : { directory: top, file, form: { kind } };
}

/** Relative to the directory; none where there is no such folder. */
function scenarioFiles(directory: string): readonly string[] {
  const folder = join(directory, scenarioFolder);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return yamlBelow(folder).map(path => relative(directory, path).split(sep).join('/'));
}

function directoryAbove(path: string): string | null {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (basename(path) === 'switch.yaml' || existsSync(join(folder, 'switch.yaml'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** By their path. Tables that cannot be read name no deck; of two that name the same, the first counts. */
function decksOf(directory: string, limits: Limits): ReadonlyMap<string, DeckForm> {
  const decks = new Map<string, DeckForm>();
  for (const { kind, path } of listFiles(directory).files) {
    if (kind !== 'rate-table') continue;
    const deck = deckOf(directory, path, limits);
    if (deck !== null && !decks.has(deck.file)) decks.set(deck.file, deck);
  }
  return decks;
}

function deckOf(
  directory: string,
  table: string,
  limits: Limits,
): (DeckForm & { readonly file: string }) | null {
  const place = { file: table, line: 1, column: 1 };
  const contents = readBytes(
    join(directory, table),
    place,
    table,
    limits.yamlBytes,
    new Confinement(directory),
  );
  if ('problem' in contents) return null;
  const decoded = decodeText(contents.bytes, table);
  if ('problem' in decoded) return null;
  const { root } = readYaml(decoded.text, table, limits);
  const name = root === null ? null : textAt(root, 'deck', 'file');
  if (root === null || name === null) return null;
  const file = posix.join(posix.dirname(table), name);
  // A deck outside is refused when the configuration is read, and certainly not written.
  if (posix.isAbsolute(name) || file.startsWith('../') || !existsSync(resolve(directory, file))) return null;
  return {
    file,
    delimiter: textAt(root, 'deck', 'delimiter') ?? ',',
    prefix: textAt(root, 'deck', 'columns', 'prefix') ?? 'prefix',
    effectiveFrom: textAt(root, 'deck', 'columns', 'effectiveFrom'),
  };
}

function textAt(root: Located, ...path: string[]): string | null {
  const value = childAt(root, path)?.node.value;
  return typeof value === 'string' && value !== '' ? value : null;
}
