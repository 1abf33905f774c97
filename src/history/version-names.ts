/** What people call a version. */
import type { Activation } from './history.ts';
import { HistoryError } from './history-error.ts';
import type { VersionRow, VersionTable } from './version-table.ts';

const fewestCharacters = 4;
const candidatesShown = 10;

export interface NamedVersion {
  readonly row: VersionRow;
  /** The activation that was named by its number; null otherwise. */
  readonly activation: Activation | null;
}

/**
 * The version that is called by the number of an activation, `previous`, or the beginning of its hash; null when there
 * is none. @throws HistoryError when several are, or when what was named was dropped
 */
export async function findVersion(table: VersionTable, name: string): Promise<NamedVersion | null> {
  if (name === 'previous') return findPrevious(table);
  const numbered = await byNumber(table, name);
  const hashed = await byHash(table, name);
  const [first, ...others] = [...(numbered === null ? [] : [numbered]), ...hashed].filter(
    ({ row }, index, all) => all.findIndex(other => other.row.hash === row.hash) === index,
  );
  if (first === undefined) return null;
  if (others.length === 0) return first;
  throw ambiguous(name, [first, ...others]);
}

async function findPrevious(table: VersionTable): Promise<NamedVersion | null> {
  const { previous } = await table.roles();
  if (previous === null) return null;
  const row = await table.version(previous);
  if (row === null) throw dropped(`the previous version ${previous.slice(0, 12)}`);
  return { row, activation: null };
}

async function byNumber(table: VersionTable, name: string): Promise<NamedVersion | null> {
  if (!/^[1-9]\d{0,14}$/.test(name)) return null;
  const activation = await table.activation(Number(name));
  if (activation === null) return null;
  const row = await table.version(activation.hash);
  if (row === null) throw dropped(`the version ${activation.hash.slice(0, 12)} of activation ${name}`);
  return { row, activation };
}

async function byHash(table: VersionTable, name: string): Promise<readonly NamedVersion[]> {
  const prefix = name.toLowerCase();
  if (prefix.length < fewestCharacters || !/^[0-9a-f]{1,64}$/.test(prefix)) return [];
  const rows = await table.versions();
  return rows.filter(({ hash }) => hash.startsWith(prefix)).map(row => ({ row, activation: null }));
}

function dropped(what: string): HistoryError {
  return new HistoryError(
    `${what} was not kept, or was dropped since`,
    'choose one that `class4 history` shows as kept; `history:` in switch.yaml says how many are',
  );
}

function ambiguous(name: string, candidates: readonly NamedVersion[]): HistoryError {
  const lines = candidates.slice(0, candidatesShown).map(({ row, activation }) => {
    const what = activation === null ? '' : ` (activation ${activation.id})`;
    return `${row.hash.slice(0, 16)}${what}`;
  });
  const more = candidates.length > candidatesShown ? ', …' : '';
  return new HistoryError(
    `"${name}" may mean ${candidates.length} versions: ${lines.join(', ')}${more}`,
    'give more characters of the hash',
  );
}
