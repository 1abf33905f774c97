/** A configuration directory → its diagnostics, and its Snapshot when it has no errors. */
import { join } from 'node:path';
import { hasErrors, inReadingOrder } from '../diagnostics/collect.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { checkReferences } from './check/references.ts';
import { compile } from './compile/compile.ts';
import { Named, type ParsedDirectory } from './directory.ts';
import { Findings } from './findings.ts';
import { folderFor, type Kind, wordsFor } from './kinds.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { parseAccount } from './parse/account.ts';
import { parseCalendar } from './parse/calendar.ts';
import { Fields, without } from './parse/fields.ts';
import { parseMappingGateway, parseRoutingGateway } from './parse/gateways.ts';
import { parseRateTable } from './parse/rate-table.ts';
import { parseSwitch } from './parse/switch.ts';
import type { ParsedRateTable } from './parsed.ts';
import { decodeText, grouped, readBytes } from './read/file.ts';
import { FileMemory, type Reading } from './read/file-memory.ts';
import { gitCommit } from './read/git-commit.ts';
import { type ListedFile, listFiles } from './read/list-files.ts';
import type { Located } from './read/located.ts';
import { readYaml } from './read/yaml.ts';
import { shapeOf } from './resolve/shape.ts';
import { checkSchema, readSchema } from './schema/check.ts';
import { withCanonicalParameters } from './schema/old-spellings.ts';
import type { Snapshot } from './snapshot.ts';

export interface LoadedConfiguration {
  /** Most severe first, then by file and line. */
  readonly diagnostics: readonly Diagnostic[];
  /** null when there is any error. */
  readonly snapshot: Snapshot | null;
  /** Every file that was looked into, and the decks that were found, relative to the directory. */
  readonly files: readonly string[];
}

/**
 * Reads, checks and compiles a configuration directory, synchronously. Whatever the world puts there becomes a
 * diagnostic; it throws for mistakes of this program only.
 */
export function loadConfiguration(directory: string, limits: Limits = defaultLimits): LoadedConfiguration {
  return new ConfigurationLoader(directory, limits).load();
}

/** Loads one directory again and again, and looks only into files that were touched since the last time. */
export class ConfigurationLoader {
  readonly #directory: string;
  readonly #limits: Limits;
  readonly #memory: FileMemory;

  constructor(directory: string, limits: Limits = defaultLimits, memory: FileMemory = new FileMemory()) {
    this.#directory = directory;
    this.#limits = limits;
    this.#memory = memory;
  }

  /** As `loadConfiguration`. */
  load(): LoadedConfiguration {
    const findings = new Findings();
    const { files, diagnostics } = listFiles(this.#directory);
    findings.take(diagnostics);
    if (files.length === 0) return { diagnostics: inReadingOrder(findings.all), snapshot: null, files: [] };
    const parsed = this.#parseDirectory(files, findings);
    this.#memory.forgetUnused();
    checkReferences(parsed, findings);
    const all = inReadingOrder(findings.all);
    const looked = lookedInto(files, parsed);
    if (hasErrors(all)) return { diagnostics: all, snapshot: null, files: looked };
    return { diagnostics: all, snapshot: compile(parsed, gitCommit(this.#directory)), files: looked };
  }

  #parseDirectory(files: readonly ListedFile[], findings: Findings): ParsedDirectory {
    checkCount(files, this.#limits, findings);
    const each = <T>(kind: Kind, parse: (file: FileToParse) => T) =>
      files.filter(file => file.kind === kind).map(file => this.#parse(file, parse, findings));
    return {
      switch: each('switch', ({ fields, findings }) => parseSwitch(fields, findings))[0]!,
      mappingGateways: new Named(
        each('mapping-gateway', ({ name, fields, findings }) => parseMappingGateway(name, fields, findings)),
      ),
      routingGateways: new Named(
        each('routing-gateway', ({ name, fields, findings }) => parseRoutingGateway(name, fields, findings)),
      ),
      accounts: new Named(
        each('account', ({ name, fields, incomplete, findings }) =>
          parseAccount(name, fields, incomplete, findings),
        ),
      ),
      rateTables: new Named(
        each('rate-table', file => parseRateTable(file, this.#limits, file.findings)).map(withIndex),
      ),
      calendars: new Named(
        each('calendar', ({ name, fields, incomplete, findings }) =>
          parseCalendar(name, fields, incomplete, findings),
        ),
      ),
    };
  }

  /** What a file says depends on nothing but its own bytes, and those of the deck that it names. */
  #parse<T>(file: ListedFile, parse: (file: FileToParse) => T, findings: Findings): T {
    const { value, diagnostics } = this.#memory.recall(file.path, reading => {
      const own = new Findings();
      reading.opens(join(this.#directory, file.path));
      const checked = readFile(this.#directory, file, this.#limits, own);
      const parsed = parse({
        ...checked,
        name: file.name,
        directory: this.#directory,
        reading,
        findings: own,
      });
      return { value: parsed, diagnostics: own.all };
    });
    findings.take(diagnostics);
    return value;
  }
}

function lookedInto(files: readonly ListedFile[], parsed: ParsedDirectory): readonly string[] {
  const decks = parsed.rateTables.all.flatMap(({ table }) => (table === null ? [] : [table.rowFile]));
  return [...new Set([...files.map(({ path }) => path), ...decks])];
}

interface FileToParse extends CheckedFile {
  readonly name: string;
  readonly directory: string;
  readonly reading: Reading;
  readonly findings: Findings;
}

/** Where a table stands among the others may change although its file does not. */
function withIndex(parsed: ParsedRateTable, index: number): ParsedRateTable {
  if (parsed.table === null || parsed.table.index === index) return parsed;
  return { ...parsed, table: { ...parsed.table, index } };
}

function checkCount(files: readonly ListedFile[], limits: Limits, findings: Findings): void {
  const routingFiles = files.filter(({ kind }) => kind === 'routing-gateway').length;
  if (routingFiles <= limits.routingGateways) return;
  const place = { file: folderFor('routing-gateway'), line: 1, column: 1 };
  const message = `there are ${grouped(routingFiles)} routing gateways; at most ${grouped(limits.routingGateways)} are possible`;
  findings.add('C4003', place, message, {
    hint: 'Join gateways of one vendor, or divide them among several switches.',
  });
}

interface CheckedFile {
  /** What of the file can be trusted. */
  readonly fields: Fields;
  /** Something was wrong, so what is absent may be there and unreadable. */
  readonly incomplete: boolean;
}

function readFile(directory: string, file: ListedFile, limits: Limits, findings: Findings): CheckedFile {
  const top = { file: file.path, line: 1, column: 1 };
  const shape = shapeOf(file.kind);
  const nothing = { fields: new Fields(emptyNode(top), shape), incomplete: true };
  const contents = readBytes(join(directory, file.path), top, file.path, limits.yamlBytes);
  if ('problem' in contents) {
    findings.take([contents.problem]);
    return nothing;
  }
  const decoded = decodeText(contents.bytes, file.path);
  if ('problem' in decoded) {
    findings.take([decoded.problem]);
    return nothing;
  }
  const { root, diagnostics } = readYaml(decoded.text, file.path, limits);
  findings.take(diagnostics);
  if (root === null) return nothing;
  const canonical =
    file.kind === 'switch' ? withCanonicalParameters(root, readSchema('switch'), findings) : root;
  if (canonical.children === null || Array.isArray(canonical.value)) {
    const kind = wordsFor(file.kind);
    const message =
      canonical.value === null ? `the ${kind} file is empty` : `the ${kind} file is not a mapping with keys`;
    findings.add('C4203', canonical.place, message, {
      hint: 'Write the settings as lines of the form "key: value".',
    });
    return nothing;
  }
  const check = checkSchema(file.kind, canonical, limits.findingsPerFile);
  findings.take(check.diagnostics);
  return {
    fields: new Fields(without(canonical, check.wrong), shape),
    incomplete: check.diagnostics.length > 0 || diagnostics.length > 0,
  };
}

function emptyNode(place: Located['place']): Located {
  return { value: {}, place, source: null, quoted: false, children: new Map() };
}
