/** C4550, C4551: what nothing refers to. */
import { rateTablesOf } from '../../../rating/account-rate.ts';
import { type LintContext, type LintFinding, single } from '../finding.ts';

/** `decks` are the CSV files in rates/, relative to the configuration directory. */
export function unusedObjects({ snapshot }: LintContext, decks: readonly string[]): LintFinding[] {
  const accounts = new Set<number>();
  for (const { account } of snapshot.mappingGateways) accounts.add(account);
  for (const { clearingAccount } of snapshot.routingGateways) accounts.add(clearingAccount);
  const tables = new Set(snapshot.accounts.flatMap(rateTablesOf));
  const calendars = new Set(
    snapshot.accounts.flatMap(({ timedRateTables }) => timedRateTables.map(({ calendar }) => calendar)),
  );
  const files = new Set(snapshot.rateTables.map(({ rowFile }) => rowFile));
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
    ...decks
      .filter(path => !files.has(path))
      .map(path =>
        single('C4551', { file: path, line: 1, column: 1 }, `no rate table names the deck ${path}`),
      ),
  ];
}
