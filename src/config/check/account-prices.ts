/** What must be true of an account's rate tables. */
import type { ParsedDirectory } from '../directory.ts';
import type { Findings } from '../findings.ts';
import type { TextAt } from '../parse/fields.ts';
import type { ParsedAccount } from '../parsed.ts';
import { checkCalendars } from './calendars.ts';
import { named } from './dangling.ts';

export function checkPrices(account: ParsedAccount, directory: ParsedDirectory, findings: Findings): void {
  const { rateTable, privateRateTable, timedRateTables } = account;
  for (const reference of [rateTable, privateRateTable, ...timedRateTables.map(timed => timed.rateTable)]) {
    if (reference !== null) named(reference, 'rate-table', directory.rateTables, findings);
  }
  checkCalendars(timedRateTables, 'rate table', directory, findings);
  if (account.unrated) checkUnrated(account, findings);
  else if (rateTable === null && !account.incomplete) checkWithoutTable(account, findings);
}

function checkUnrated(account: ParsedAccount, findings: Findings): void {
  for (const [key, reference] of tablesOf(account)) {
    const related = [{ ...reference.place, message: 'the rate table' }];
    const message = `an unrated account has no prices, so its ${key} would never be read`;
    findings.add('C4307', account.unratedPlace, message, { related });
  }
}

function checkWithoutTable(account: ParsedAccount, findings: Findings): void {
  const others = tablesOf(account);
  for (const [key, reference] of others) {
    const message = `"${account.name}" has ${key} and no rateTable for what that leaves open`;
    findings.add('C4311', reference.place, message);
  }
  if (account.kind !== 'customer' || others.length > 0) return;
  findings.add('C4305', account.place, `the customer "${account.name}" has no rateTable`);
}

/** Each key that names rate tables, with its first one. */
function tablesOf(account: ParsedAccount): readonly (readonly [string, TextAt])[] {
  const keys: readonly (readonly [string, TextAt | null])[] = [
    ['rateTable', account.rateTable],
    ['rateTables', account.timedRateTables[0]?.rateTable ?? null],
    ['privateRateTable', account.privateRateTable],
  ];
  return keys.flatMap(([key, reference]) => (reference === null ? [] : [[key, reference] as const]));
}
