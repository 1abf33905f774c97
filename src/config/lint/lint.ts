/** Everything that is legal in a configuration and probably not meant. */
import type { SecretFile } from '../read/secret-file.ts';
import type { LintContext, LintFinding } from './finding.ts';
import { networkOf } from './network/network.ts';
import { isAllCertain } from './network/scope.ts';
import { walkNetwork } from './network/walk-network.ts';
import { contradictions } from './rules/contradictions.ts';
import { Margins } from './rules/margins.ts';
import { publicAddresses } from './rules/public-addresses.ts';
import { routePolicies, sharesWithoutRoute } from './rules/route-choice.ts';
import { exposedSecrets } from './rules/secret-files.ts';
import { SoleVendors } from './rules/sole-vendors.ts';
import { UncarriedRates } from './rules/uncarried-rates.ts';
import { uncoveredPrefixes } from './rules/uncovered-prefixes.ts';
import { unlimitedPrepaid } from './rules/unlimited-prepaid.ts';
import { UnreachableRoutes, unusableGateways, uselessMappingGateways } from './rules/unreachable-routes.ts';
import { unusedObjects } from './rules/unused.ts';

/** What lint must know of the world outside the files that were read. */
export interface LintFacts {
  /** The CSV files in rates/, relative to the configuration directory. */
  readonly decks: readonly string[];
  /** The files that hold the secrets of the configuration. */
  readonly secrets: readonly SecretFile[];
}

/**
 * Judges a configuration without errors as of `context.nowMs`. Pure: the same input has the same findings. The work is
 * proportional to the prefixes of all gateways and rate tables together, as long as customers pay more than vendors ask.
 */
export function lintConfiguration(context: LintContext, facts: LintFacts): LintFinding[] {
  const { snapshot, nowMs } = context;
  const network = networkOf(snapshot, nowMs);
  const isOneNetwork = isAllCertain(snapshot);
  const plain = isOneNetwork ? network : networkOf(snapshot, nowMs, 'plain');
  const certain = isOneNetwork ? network : networkOf(snapshot, nowMs, 'certain');
  const soleVendors = new SoleVendors(context);
  const unreachable = new UnreachableRoutes(context, network);
  const margins = new Margins(context, certain);
  const uncarried = new UncarriedRates(context, network);
  if (isOneNetwork) {
    walkNetwork(network, [soleVendors, unreachable, margins, uncarried]);
  } else {
    walkNetwork(network, [unreachable, uncarried]);
    walkNetwork(plain, [soleVendors]);
    walkNetwork(certain, [margins]);
  }
  return [
    ...soleVendors.findings(),
    ...unusableGateways(context, network),
    ...unreachable.findings(),
    ...uselessMappingGateways(context),
    ...margins.findings(),
    ...uncarried.findings(),
    ...uncoveredPrefixes(context),
    ...unlimitedPrepaid(context),
    ...publicAddresses(context),
    ...exposedSecrets(facts.secrets),
    ...contradictions(context),
    ...routePolicies(context),
    ...sharesWithoutRoute(context),
    ...unusedObjects(context, facts.decks),
  ];
}
