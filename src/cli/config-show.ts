/** `class4 config show`: what a configuration comes to, with the place of every value. */
import { relative, resolve, sep } from 'node:path';
import { folders, type Kind } from '../config/kinds.ts';
import { loadConfiguration } from '../config/load.ts';
import { objectSettings } from '../config/object-settings.ts';
import { type ListedFile, listFiles } from '../config/read/list-files.ts';
import type { ListedSetting } from '../config/resolve/list-settings.ts';
import { suggest } from '../config/schema/suggest.ts';
import type { Source } from '../config/snapshot.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { printDiagnostics } from '../diagnostics/print.ts';
import { UsageError } from './arguments.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { shownText } from './config-show-text.ts';
import { ConfigurationError } from './configuration-error.ts';
import { exitCodes, type Io } from './io.ts';
import { pathPrefixOf } from './path-prefix.ts';
import { sourceLines } from './source-lines.ts';

/** One object: the shape of `class4 config show OBJECT --json`. */
export interface ShownObject {
  readonly kind: Kind;
  readonly name: string;
  /** Relative to the configuration directory. */
  readonly file: string;
  readonly settings: readonly ShownSetting[];
}

export interface ShownSetting {
  readonly path: string;
  /** On is true, None is null, exact decimals are text; null where there is none. */
  readonly value: unknown;
  readonly unit: string | null;
  readonly origin: ListedSetting['origin'] | 'missing';
  readonly place: Source | null;
  /** The setting that it is or would be inherited from: `switch.parameters.SS_SIP_TIMEOUT_RINGING`. */
  readonly inherits: string | null;
}

/** The shape of `class4 config show --json`: the object that was asked for, or switch.yaml and a list of all objects. */
export interface ShownConfiguration extends ShownObject {
  readonly effective: boolean;
  /** Of the whole directory, as `class4 validate` counts them. */
  readonly problems: { readonly errors: number; readonly warnings: number };
  readonly objects?: readonly Omit<ShownObject, 'settings'>[];
}

export const configShow: Command = {
  name: 'config show',
  usage: '[OBJECT] [--effective]',
  summary: 'what is set, where it stands and where it comes from',
  help: `Shows what the file of an object says, each value with its line. OBJECT is a name (acme), a kind and a name where
several objects have it (${folders.map(({ kind }) => `${kind}/acme`).join(', ')}),
a file (gateways/routing/acme.yaml), or switch. Without OBJECT it shows switch.yaml and lists all objects.

  --effective    every setting, also the inherited and the default ones, each with where it comes from
${commonHelp}
A secret is shown as where it is found, never as what it is. The switch need not be running, and other files may
have errors. Exit codes: 0, 2 when there is no such object or what is shown has errors.`,
  arguments: {
    options: { ...commonOptions, effective: 'flag' },
    required: [],
    optional: ['the object'],
  },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const pathPrefix = pathPrefixOf(directory, io);
    const { files, diagnostics: unlisted } = listFiles(directory);
    if (files.length === 0) throw new ConfigurationError(unlisted, pathPrefix);
    const [wanted] = args.positionals;
    const file = wanted === undefined ? files[0]! : findObject(wanted, files, directory, io);
    const { diagnostics } = loadConfiguration(directory);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const effective = args.flag('effective');
    const shown: ShownConfiguration = {
      ...describe(file, objectSettings(directory, file), effective),
      effective,
      problems: { errors: errors.length, warnings: diagnostics.length - errors.length },
      ...(wanted === undefined ? { objects: files.slice(1).map(identityOf) } : {}),
    };
    if (args.flag('json')) printJson(io, shown);
    else io.out(shownText(shown, pathPrefix, io.colour));
    return tellProblems(errors, shown, directory, io);
  },
};

function describe(file: ListedFile, settings: readonly ListedSetting[], effective: boolean): ShownObject {
  const said = effective
    ? settings
    : settings.filter(
        ({ origin, place, missing }) => missing || (place?.file === file.path && origin !== 'unset'),
      );
  return {
    ...identityOf(file),
    settings: said.map(({ path, value, unit, origin, place, inherits, missing }) => ({
      path,
      value,
      unit,
      origin: missing ? 'missing' : origin,
      place,
      inherits: inherits === null ? null : `${inherits.level}.${inherits.path}`,
    })),
  };
}

function identityOf({ kind, name, path }: ListedFile): Omit<ShownObject, 'settings'> {
  return { kind, name, file: path };
}

/** @throws UsageError when there is none, or more than one */
function findObject(wanted: string, files: readonly ListedFile[], directory: string, io: Io): ListedFile {
  const named = files.filter(({ kind, name }) => name === wanted || `${kind}/${name}` === wanted);
  const own = named.find(({ kind }) => kind === 'switch') ?? (named.length === 1 ? named[0] : undefined);
  if (own !== undefined) return own;
  if (named.length > 1) {
    const choices = named.map(({ kind, name }) => `${kind}/${name}`).join(' or ');
    throw new UsageError(`"${wanted}" is the name of several objects: ask for ${choices}`);
  }
  const byPath =
    files.find(({ path }) => path === fromDirectory(wanted, directory, directory)) ??
    files.find(({ path }) => path === fromDirectory(wanted, io.workingDirectory, directory));
  if (byPath !== undefined) return byPath;
  throw new UsageError(`there is no object "${wanted}"${similarTo(wanted, files)}`);
}

/** A path as it is typed, relative to the configuration directory and with forward slashes. */
function fromDirectory(typed: string, base: string, directory: string): string {
  return relative(directory, resolve(base, typed)).split(sep).join('/');
}

function similarTo(wanted: string, files: readonly ListedFile[]): string {
  const slash = wanted.lastIndexOf('/');
  const names =
    slash < 0
      ? files.map(({ name }) => name)
      : files.flatMap(({ kind, name, path }) => [`${kind}/${name}`, path]);
  const similar = suggest(wanted, names);
  return similar === null ? '' : ` (did you mean "${similar}"?)`;
}

/** Errors that make the answer incomplete are told in full, those elsewhere are counted. Returns the exit code. */
function tellProblems(
  errors: readonly Diagnostic[],
  shown: ShownConfiguration,
  directory: string,
  io: Io,
): number {
  const touched = new Set([shown.file, ...(shown.effective ? ['switch.yaml'] : [])]);
  const here = errors.filter(({ place }) => touched.has(place.file));
  const options = {
    colour: io.colour,
    pathPrefix: pathPrefixOf(directory, io),
    sourceLine: sourceLines(directory, here),
  };
  if (here.length > 0) io.err(`\n${printDiagnostics(here, 'text', options)}`);
  const elsewhere = errors.length - here.length;
  if (elsewhere > 0) {
    const count = elsewhere === 1 ? '1 error' : `${elsewhere} errors`;
    io.err(`There ${elsewhere === 1 ? 'is' : 'are'} ${count} in other files; see \`class4 validate\`.\n`);
  }
  return here.length > 0 ? exitCodes.wrong : exitCodes.ok;
}
