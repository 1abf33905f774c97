/** The kinds of files: which folder holds which kind, and what one of it is called in a sentence. */
export type Kind =
  | 'switch'
  | 'mapping-gateway'
  | 'routing-gateway'
  | 'gateway-group'
  | 'account'
  | 'rate-table'
  | 'calendar'
  | 'number-list'
  | 'lrn-table'
  | 'scenario'
  | 'source';

export interface KindOfFile {
  readonly kind: Kind;
  /** Relative to the configuration directory. */
  readonly folder: string;
  readonly words: string;
}

export const folders: readonly KindOfFile[] = [
  { kind: 'mapping-gateway', folder: 'gateways/mapping', words: 'mapping gateway' },
  { kind: 'routing-gateway', folder: 'gateways/routing', words: 'routing gateway' },
  { kind: 'gateway-group', folder: 'gateways/groups', words: 'gateway group' },
  { kind: 'account', folder: 'accounts', words: 'account' },
  { kind: 'rate-table', folder: 'rates', words: 'rate table' },
  { kind: 'calendar', folder: 'calendars', words: 'calendar' },
  { kind: 'number-list', folder: 'number-lists', words: 'number list' },
  { kind: 'lrn-table', folder: 'lrn', words: 'LRN table' },
];

/** Where scenarios stand, in folders of their own as well. They are about a configuration and no part of it. */
export const scenarioFolder = 'ci/scenarios';

/** Says where the configuration of a switch comes from, in place of switch.yaml. It is no part of a configuration. */
export const sourceFile = 'source.yaml';

/** All kinds. */
export const kindsWithSchema: readonly Kind[] = [
  'switch',
  ...folders.map(({ kind }) => kind),
  'scenario',
  'source',
];

export function wordsFor(kind: Kind): string {
  if (kind === 'scenario' || kind === 'source') return kind;
  return folders.find(folder => folder.kind === kind)?.words ?? 'switch';
}

/** Where objects of this kind stand; the top for switch.yaml and source.yaml. */
export function folderFor(kind: Kind): string {
  if (kind === 'scenario') return scenarioFolder;
  return folders.find(folder => folder.kind === kind)?.folder ?? '.';
}
