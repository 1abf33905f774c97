/** A configuration directory → its diagnostics, and its Snapshot when it has no errors. */
import { createHash } from 'node:crypto';
import { join, posix } from 'node:path';
import { hasErrors, inReadingOrder } from '../diagnostics/collect.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { checkReferences } from './check/references.ts';
import { type CheckedFile, readCheckedFile } from './checked-file.ts';
import { compile } from './compile/compile.ts';
import { RoutingIndexer } from './compile/routing-indexes.ts';
import { Named, type ParsedDirectory } from './directory.ts';
import { Findings } from './findings.ts';
import { folderFor, type Kind } from './kinds.ts';
import { defaultLimits, type Limits } from './limits.ts';
import type { Lint } from './lint/finding.ts';
import { type CommentedFile, Ignores } from './lint/ignores.ts';
import { parseAccount } from './parse/account.ts';
import { parseCalendar } from './parse/calendar.ts';
import { parseGatewayGroup } from './parse/gateway-group.ts';
import { parseMappingGateway, parseRoutingGateway } from './parse/gateways.ts';
import { parseLrnTable } from './parse/lrn-table.ts';
import { parseNumberList } from './parse/number-list.ts';
import { parseRateTable } from './parse/rate-table.ts';
import { parseSwitch } from './parse/switch.ts';
import type { ParsedObject } from './parsed.ts';
import { grouped, readBytes } from './read/file.ts';
import { type FileDigest, FileDigests } from './read/file-digests.ts';
import { FileMemory, type Memory, noMemory, type Reading } from './read/file-memory.ts';
import { gitCommit } from './read/git-commit.ts';
import { Confinement } from './read/links.ts';
import { type ListedFile, listFiles } from './read/list-files.ts';
import type { Snapshot } from './snapshot.ts';

export interface LoadedConfiguration {
  /** Most severe first, then by file and line. */
  readonly diagnostics: readonly Diagnostic[];
  /** null when there is any error. */
  readonly snapshot: Snapshot | null;
  /** Every file that was looked into, and the decks that were found, relative to the directory. */
  readonly files: readonly string[];
  /** How many warnings comments have silenced. */
  readonly silenced: number;
  /** Of each of `files` as it was read, where that was asked for and each one was. */
  readonly digests?: readonly FileDigest[] | null;
  /** Of the wall clock, for making the Snapshot; absent without one. */
  readonly compileMs?: number;
}

export interface LoadOptions {
  /** Look for what is legal and probably not meant, too (`lintAsOf`); whoever does not need not have the rules loaded. */
  readonly lint?: Lint;
  /** Make what saves time only when many calls are routed, too. Without it every call is decided alike, but slower. */
  readonly forManyCalls?: boolean;
  /** Tell what each file was when it was read; whoever wants it once must want it each time. */
  readonly digests?: boolean;
  /** Somebody writes files of the directory all the time: read each when it stands still for a moment. */
  readonly steadily?: boolean;
  /** Read this from now on, in place of the directory of the loader: the files of a commit, which nobody changes. */
  readonly checkout?: Checkout;
}

export interface Checkout {
  readonly directory: string;
  readonly commit: string;
}

/**
 * Reads, checks and compiles a configuration directory, synchronously. Whatever the world puts there becomes a
 * diagnostic; it throws for mistakes of this program only.
 */
export function loadConfiguration(
  directory: string,
  limits: Limits = defaultLimits,
  options: LoadOptions = {},
): LoadedConfiguration {
  return new ConfigurationLoader(directory, limits, noMemory).load(options);
}

/** Loads one directory again and again, and looks only into files that were touched since the last time. */
export class ConfigurationLoader {
  #directory: string;
  readonly #limits: Limits;
  readonly #memory: Memory;
  readonly #indexer = new RoutingIndexer();
  readonly #digests = new FileDigests();
  #confinement: Confinement;

  constructor(directory: string, limits: Limits = defaultLimits, memory: Memory = new FileMemory()) {
    this.#directory = directory;
    this.#limits = limits;
    this.#memory = memory;
    this.#confinement = new Confinement(directory);
  }

  /** Each file that the last load read `steadily` stood still meanwhile. */
  get areSteady(): boolean {
    return this.#confinement.areSteady;
  }

  /** As `loadConfiguration`. */
  load(options: LoadOptions = {}): LoadedConfiguration {
    if (options.checkout !== undefined) {
      this.#directory = options.checkout.directory;
      this.#memory.turnTo(this.#directory);
    }
    const findings = new Findings();
    const { files, diagnostics } = listFiles(this.#directory);
    findings.take(diagnostics);
    if (files.length === 0) {
      return { diagnostics: inReadingOrder(findings.all), snapshot: null, files: [], silenced: 0 };
    }
    const commented: CommentedFile[] = [];
    this.#confinement = new Confinement(
      this.#directory,
      this.#directory,
      options.digests === true ? this.#digests : null,
      options.steadily === true,
    );
    const parsed = this.#parseDirectory(files, findings, commented);
    this.#memory.forgetUnused();
    checkReferences(parsed, findings);
    const ignores = new Ignores(commented);
    findings.take(ignores.problems);
    const kept = ignores.filter(findings.all);
    const looked = lookedInto(files, parsed);
    if (hasErrors(kept)) {
      return { diagnostics: inReadingOrder(kept), snapshot: null, files: looked, silenced: ignores.silenced };
    }
    const compiledFromMs = performance.now();
    const compiled = compile(parsed, options.checkout?.commit ?? gitCommit(this.#directory));
    const { lint, forManyCalls } = options;
    const snapshot = forManyCalls === true ? { ...compiled, indexes: this.#indexer.of(compiled) } : compiled;
    const compileMs = performance.now() - compiledFromMs;
    const warnings = lint === undefined ? [] : this.#lint(lint, parsed, snapshot, ignores);
    const all = inReadingOrder([...kept, ...warnings]);
    const digests = options.digests === true ? this.#digests.of(looked) : null;
    return { diagnostics: all, snapshot, files: looked, silenced: ignores.silenced, digests, compileMs };
  }

  /** The bytes of a file that was read, or null when they are not what they were then. */
  readAgain({ path, sha256 }: FileDigest): Uint8Array | null {
    const place = { file: path, line: 1, column: 1 };
    const confinement = new Confinement(this.#directory);
    const limit = Math.max(this.#limits.deckBytes, this.#limits.yamlBytes);
    const contents = readBytes(join(this.#directory, path), place, path, limit, confinement);
    if ('problem' in contents) return null;
    return createHash('sha256').update(contents.bytes).digest('hex') === sha256 ? contents.bytes : null;
  }

  #lint(lint: Lint, parsed: ParsedDirectory, snapshot: Snapshot, ignores: Ignores): readonly Diagnostic[] {
    const found = lint(this.#directory, parsed, snapshot);
    const diagnostics = found.map(finding => ignores.report(finding)).filter(reported => reported !== null);
    return [...diagnostics, ...ignores.unused()];
  }

  #parseDirectory(
    files: readonly ListedFile[],
    findings: Findings,
    commented: CommentedFile[],
  ): ParsedDirectory {
    checkCount(files, this.#limits, findings);
    const each = <T>(kind: Kind, parse: (file: FileToParse) => T) =>
      files.filter(file => file.kind === kind).map(file => this.#parse(file, parse, findings, commented));
    const named = <T extends ParsedObject>(kind: Kind, parse: (file: FileToParse) => T) =>
      new Named(each(kind, parse));
    const limits = this.#limits;
    return {
      switch: each('switch', ({ fields, findings }) => parseSwitch(fields, findings))[0]!,
      mappingGateways: named('mapping-gateway', ({ name, fields, incomplete, findings }) =>
        parseMappingGateway(name, fields, incomplete, findings),
      ),
      routingGateways: named('routing-gateway', ({ name, fields, incomplete, findings }) =>
        parseRoutingGateway(name, fields, incomplete, findings),
      ),
      gatewayGroups: named('gateway-group', ({ name, fields, incomplete }) =>
        parseGatewayGroup(name, fields, incomplete),
      ),
      accounts: named('account', ({ name, fields, incomplete, findings }) =>
        parseAccount(name, fields, incomplete, findings),
      ),
      rateTables: new Named(
        each('rate-table', file => parseRateTable(file, limits, file.findings)).map(withIndex),
      ),
      calendars: named('calendar', ({ name, fields, incomplete, findings }) =>
        parseCalendar(name, fields, incomplete, findings),
      ),
      numberLists: named('number-list', file => parseNumberList(file, limits, file.findings)),
      lrnTables: new Named(
        each('lrn-table', file => parseLrnTable(file, limits, file.findings)).map(withIndex),
      ),
    };
  }

  /** What a file says depends on nothing but its own bytes, and those of the deck that it names. */
  #parse<T>(
    file: ListedFile,
    parse: (file: FileToParse) => T,
    findings: Findings,
    commented: CommentedFile[],
  ): T {
    const { value, diagnostics } = this.#memory.recall(file.path, reading => {
      const own = new Findings();
      reading.opens(join(this.#directory, file.path));
      const checked = readCheckedFile(this.#confinement, file, this.#limits, own);
      const parsed = parse({
        ...checked,
        name: file.name,
        confinement: this.#confinement,
        reading,
        findings: own,
      });
      return { value: { parsed, comments: commentsOf(file, checked) }, diagnostics: own.all };
    });
    findings.take(diagnostics);
    if (value.comments !== null) commented.push(value.comments);
    return value.parsed;
  }
}

function lookedInto(files: readonly ListedFile[], parsed: ParsedDirectory): readonly string[] {
  const { rateTables, lrnTables, numberLists } = parsed;
  const tables = [...rateTables.all, ...lrnTables.all].flatMap(({ table }) => table?.rowFile ?? []);
  const lines = numberLists.all.flatMap(({ linesFile }) => linesFile ?? []);
  return [...new Set([...files.map(({ path }) => path), ...tables, ...lines])];
}

/** null for a file without comments for us, which almost all are. */
function commentsOf({ path }: ListedFile, { comments, fields }: CheckedFile): CommentedFile | null {
  if (comments.length === 0) return null;
  const deck = fields.within('deck').textAt('file');
  if (deck === null) return { comments, deck: null };
  return { comments, deck: { path: posix.join(posix.dirname(path), deck.text), place: deck.place } };
}

interface FileToParse extends CheckedFile {
  readonly name: string;
  readonly confinement: Confinement;
  readonly reading: Reading;
  readonly findings: Findings;
}

/** Where a table stands among the others may change although its file does not. */
function withIndex<T extends { readonly table: { readonly index: number } | null }>(
  parsed: T,
  index: number,
): T {
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
