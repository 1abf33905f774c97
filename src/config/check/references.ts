/** What must be true between files: names that exist, accounts of the right kind, prices where they are needed. */
import type { Named, ParsedDirectory } from '../directory.ts';
import type { Findings } from '../findings.ts';
import type { Kind } from '../kinds.ts';
import { checkPrefixModes } from '../lint/prefix-modes.ts';
import type { TextAt } from '../parse/fields.ts';
import type { ParsedAccount, ParsedNames, ParsedObject, ParsedRoutingGateway } from '../parsed.ts';
import { checkPrices } from './account-prices.ts';
import { named } from './dangling.ts';
import { checkIngress } from './ingress-overlap.ts';
import { checkRouting } from './routing.ts';

export function checkReferences(directory: ParsedDirectory, findings: Findings): void {
  const { mappingGateways, routingGateways, accounts } = directory;
  for (const gateway of mappingGateways.all) {
    checkAccount(gateway.account, 'customer', accounts, findings);
    checkNames(gateway.routingGateways, 'routing-gateway', routingGateways, findings);
  }
  for (const gateway of routingGateways.all) {
    const vendor = checkAccount(gateway.clearingAccount, 'vendor', accounts, findings);
    checkNames(gateway.mappingGateways, 'mapping-gateway', mappingGateways, findings);
    if (vendor !== null) checkRateCheck(gateway, vendor, findings);
  }
  for (const account of accounts.all) checkPrices(account, directory, findings);
  checkRouting(directory, findings);
  checkIngress(mappingGateways.all, findings);
  checkPrefixModes(routingGateways.all, findings);
}

/** The account when it is there and of the right kind. */
function checkAccount(
  reference: TextAt | null,
  kind: 'customer' | 'vendor',
  accounts: Named<ParsedAccount>,
  findings: Findings,
): ParsedAccount | null {
  if (reference === null) return null;
  const account = named(reference, 'account', accounts, findings);
  if (account === null) return null;
  if (account.kind === null || account.kind === kind) return account.kind === null ? null : account;
  const related = [{ ...account.kindPlace, message: `it is a ${account.kind} here` }];
  const message = `"${account.name}" is a ${account.kind} account and a ${kind} account is needed`;
  findings.add('C4302', reference.place, message, { related });
  return null;
}

function checkNames(
  filter: ParsedNames | null,
  kind: Kind,
  known: Named<ParsedObject>,
  findings: Findings,
): void {
  for (const reference of filter?.names ?? []) named(reference, kind, known, findings);
}

function checkRateCheck(gateway: ParsedRoutingGateway, vendor: ParsedAccount, findings: Findings): void {
  if (!gateway.checkRate || vendor.rateTable !== null || vendor.incomplete) return;
  const related = [{ ...vendor.place, message: 'this account has no rateTable' }];
  const message = `checkRate is on, but the clearing account "${vendor.name}" has no rate table`;
  findings.add('C4306', gateway.checkRatePlace, message, { related });
}
