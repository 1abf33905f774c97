/** C4550, C4551: what nothing refers to. */
import { rateTablesOf } from '../../../rating/account-rate.ts';
import type { Snapshot } from '../../snapshot.ts';
import { type LintContext, type LintFinding, single } from '../finding.ts';

/** `decks` are the CSV files in rates/, relative to the configuration directory. */
export function unusedObjects({ snapshot, directory }: LintContext, decks: readonly string[]): LintFinding[] {
  const accounts = new Set<number>();
  for (const { account } of snapshot.mappingGateways) accounts.add(account);
  for (const { clearingAccount } of snapshot.routingGateways) accounts.add(clearingAccount);
  const tables = new Set(snapshot.accounts.flatMap(rateTablesOf));
  const used = usedForRouting(snapshot);
  const calendars = new Set([
    ...used.calendars,
    ...snapshot.accounts.flatMap(({ timedRateTables }) => timedRateTables.map(({ calendar }) => calendar)),
  ]);
  const files = new Set<string | null>([
    ...[...snapshot.rateTables, ...snapshot.lrnTables].map(({ rowFile }) => rowFile),
    ...directory.numberLists.all.map(({ linesFile }) => linesFile),
  ]);
  return [
    ...snapshot.accounts
      .filter(({ index }) => !accounts.has(index))
      .map(({ name, kind, source }) => {
        const needed = kind === 'customer' ? 'mapping' : 'routing';
        return single('C4550', source, `no ${needed} gateway uses the ${kind} account "${name}"`);
      }),
    ...snapshot.rateTables
      .filter(({ index }) => !tables.has(index))
      .map(({ name, source }) => single('C4550', source, `no account uses the rate table "${name}"`)),
    ...snapshot.calendars
      .filter(({ index }) => !calendars.has(index))
      .map(({ name, source }) => single('C4550', source, `nothing uses the calendar "${name}"`)),
    ...snapshot.gatewayGroups
      .filter(({ index }) => !used.groups.has(index))
      .map(({ name, source }) =>
        single('C4550', source, `no gateway belongs to the gateway group "${name}"`),
      ),
    ...snapshot.numberLists
      .filter(({ index }) => !used.numberLists.has(index))
      .map(({ name, source }) => single('C4550', source, `nothing uses the number list "${name}"`)),
    ...snapshot.lrnTables
      .filter(({ index }) => !used.lrnTables.has(index))
      .map(({ name, source }) => single('C4550', source, `no mapping gateway asks the LRN table "${name}"`)),
    ...decks
      .filter(path => !files.has(path))
      .map(path =>
        single('C4551', { file: path, line: 1, column: 1 }, `no rate table names the deck ${path}`),
      ),
  ];
}

interface UsedForRouting {
  readonly calendars: readonly number[];
  /** Those with members. */
  readonly groups: ReadonlySet<number>;
  readonly numberLists: ReadonlySet<number>;
  readonly lrnTables: ReadonlySet<number>;
}

function usedForRouting(snapshot: Snapshot): UsedForRouting {
  const { mappingGateways, routingGateways, gatewayGroups, onNetNumbers } = snapshot;
  const gateways = [...mappingGateways, ...routingGateways];
  const listsOf = ({ numbers: { callerLists, calleeLists } }: (typeof gateways)[number]) =>
    [callerLists, calleeLists].flatMap(filter => (filter.kind === 'any' ? [] : filter.lists));
  return {
    calendars: [
      ...gateways.flatMap(({ periods }) => periods.map(({ calendar }) => calendar)),
      ...gatewayGroups.flatMap(({ timedLines }) => timedLines.map(({ calendar }) => calendar)),
    ],
    groups: new Set(gateways.flatMap(({ groups }) => groups.map(({ group }) => group))),
    numberLists: new Set([
      ...onNetNumbers,
      ...gateways.flatMap(listsOf),
      ...routingGateways.flatMap(({ callerPool }) => callerPool?.lists ?? []),
    ]),
    lrnTables: new Set(mappingGateways.flatMap(({ lrn }) => lrn?.table ?? [])),
  };
}
