/** C4530: prepaid customers whose calls nothing but their money ends. */
import { type LintContext, type LintFinding, single } from '../finding.ts';

/** Whoever steals the account of such a customer spends all of it in one call that nobody notices. */
export function unlimitedPrepaid({ directory, snapshot }: LintContext): LintFinding[] {
  if (snapshot.parameters.maxCallDurationSeconds !== null) return [];
  const everyWayOutEnds =
    snapshot.routingGateways.length > 0 &&
    snapshot.routingGateways.every(({ maxCallDurationSeconds }) => maxCallDurationSeconds !== null);
  if (everyWayOutEnds) return [];
  const unlimited = new Set<number>();
  for (const { account, maxCallDurationSeconds } of snapshot.mappingGateways) {
    if (maxCallDurationSeconds === null) unlimited.add(account);
  }
  return snapshot.accounts
    .filter(
      ({ index, kind, unrated, overdraftLimit, maxCallDurationSeconds }) =>
        kind === 'customer' &&
        !unrated &&
        overdraftLimit === 0n &&
        maxCallDurationSeconds === null &&
        unlimited.has(index),
    )
    .map(({ index, name, source }) => {
      const place = directory.accounts.all[index]!.stated.get('overdraftLimit')?.place ?? source;
      return single(
        'C4530',
        place,
        `"${name}" is prepaid, and nothing but its money ends a call: there is no maxCallDurationSeconds`,
      );
    });
}
