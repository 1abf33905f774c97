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
import { Fields, without } from './parse/fields.ts';
import { parseMappingGateway, parseRoutingGateway } from './parse/gateways.ts';
import { parseRateTable } from './parse/rate-table.ts';
import { parseSwitch } from './parse/switch.ts';
import { decodeText, grouped, readBytes } from './read/file.ts';
import { gitCommit } from './read/git-commit.ts';
import { type ListedFile, listFiles } from './read/list-files.ts';
import type { Located } from './read/located.ts';
import { readYaml } from './read/yaml.ts';
import { checkSchema, readSchema } from './schema/check.ts';
import { withCanonicalParameters } from './schema/old-spellings.ts';
import type { Snapshot } from './snapshot.ts';

export interface LoadedConfiguration {
  /** Most severe first, then by file and line. */
  readonly diagnostics: readonly Diagnostic[];
  /** null when there is any error. */
  readonly snapshot: Snapshot | null;
}

/**
 * Reads, checks and compiles a configuration directory, synchronously. Whatever the world puts there becomes a
 * diagnostic; it throws for mistakes of this program only.
 */
export function loadConfiguration(directory: string, limits: Limits = defaultLimits): LoadedConfiguration {
  const findings = new Findings();
  const { files, diagnostics } = listFiles(directory);
  findings.take(diagnostics);
  if (files.length === 0) return { diagnostics: inReadingOrder(findings.all), snapshot: null };
  const parsed = parseDirectory(directory, files, limits, findings);
  checkReferences(parsed, findings);
  const all = inReadingOrder(findings.all);
  if (hasErrors(all)) return { diagnostics: all, snapshot: null };
  return { diagnostics: all, snapshot: compile(parsed, gitCommit(directory)) };
}

function parseDirectory(
  directory: string,
  files: readonly ListedFile[],
  limits: Limits,
  findings: Findings,
): ParsedDirectory {
  const read = (file: ListedFile) => readFile(directory, file, limits, findings);
  const each = <T>(kind: Kind, parse: (file: ListedFile, checked: CheckedFile, index: number) => T) =>
    files.filter(file => file.kind === kind).map((file, index) => parse(file, read(file), index));
  const routingFiles = files.filter(({ kind }) => kind === 'routing-gateway').length;
  if (routingFiles > limits.routingGateways) {
    const place = { file: folderFor('routing-gateway'), line: 1, column: 1 };
    const message = `there are ${grouped(routingFiles)} routing gateways; at most ${grouped(limits.routingGateways)} are possible`;
    findings.add('C4003', place, message, {
      hint: 'Join gateways of one vendor, or divide them among several switches.',
    });
  }
  return {
    switch: each('switch', (_, { fields }) => parseSwitch(fields, findings))[0]!,
    mappingGateways: new Named(
      each('mapping-gateway', ({ name }, { fields }) => parseMappingGateway(name, fields, findings)),
    ),
    routingGateways: new Named(
      each('routing-gateway', ({ name }, { fields }) => parseRoutingGateway(name, fields, findings)),
    ),
    accounts: new Named(
      each('account', ({ name }, { fields, incomplete }) => parseAccount(name, fields, incomplete, findings)),
    ),
    rateTables: new Named(
      each('rate-table', ({ name }, { fields, incomplete }, index) =>
        parseRateTable({ name, index, fields, incomplete, directory }, limits, findings),
      ),
    ),
  };
}

interface CheckedFile {
  /** What of the file can be trusted. */
  readonly fields: Fields;
  /** Something was wrong, so what is absent may be there and unreadable. */
  readonly incomplete: boolean;
}

function readFile(directory: string, file: ListedFile, limits: Limits, findings: Findings): CheckedFile {
  const top = { file: file.path, line: 1, column: 1 };
  const nothing = { fields: new Fields(emptyNode(top)), incomplete: true };
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
    fields: new Fields(without(canonical, check.wrong)),
    incomplete: check.diagnostics.length > 0 || diagnostics.length > 0,
  };
}

function emptyNode(place: Located['place']): Located {
  return { value: {}, place, source: null, quoted: false, children: new Map() };
}
