/** How the configuration of a reload differs. */
import type { Located } from '../../config/read/located.ts';
import type { ConfigurationChange } from '../scenario/configuration-change.ts';
import type { NameKind } from './names.ts';
import { type Context, childOf, itemsOf, numberAt, pairsOf } from './nodes.ts';

/** Every price as it is. */
const allOfIt = 100;

/** Names that are none are left out, with a finding. */
export function parseChange(node: Located, context: Context): ConfigurationChange {
  const { names, findings } = context;
  const without = itemsOf(childOf(node, 'without')).filter(
    ({ value, place }) => names.find('routing-gateway', String(value), place, findings) !== null,
  );
  return {
    without: without.map(({ value }) => String(value)),
    lines: linesOf(childOf(node, 'lines'), 'routing-gateway', context),
    mappingLines: linesOf(childOf(node, 'mappingLines'), 'mapping-gateway', context),
    pricePercent: numberAt(node, 'prices') ?? allOfIt,
  };
}

function linesOf(
  node: Located | null,
  kind: NameKind,
  { names, findings }: Context,
): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const [name, child] of pairsOf(node)) {
    if (names.find(kind, name, child.keyPlace, findings) !== null)
      lines.set(name, child.node.value as number);
  }
  return lines;
}
