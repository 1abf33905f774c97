/** Small networks that most tests of the switch share. */
import type { Snapshot } from '../../src/config/snapshot.ts';
import {
  type AccountDescription,
  buildSnapshot,
  type MappingGatewayDescription,
  type RateDescription,
  type RoutingGatewayDescription,
  type SnapshotDescription,
} from '../support/snapshot-builder.ts';

export interface NetworkDescription {
  readonly hash?: string;
  readonly parameters?: SnapshotDescription['parameters'];
  readonly customer?: Partial<AccountDescription>;
  readonly mapping?: Partial<MappingGatewayDescription>;
  /** In the order they are tried. */
  readonly gateways?: readonly (Partial<RoutingGatewayDescription> & { readonly name: string })[];
  readonly vendor?: Partial<AccountDescription>;
  readonly retail?: readonly RateDescription[];
  readonly wholesale?: readonly RateDescription[];
  /** Beside retail and wholesale. */
  readonly rates?: SnapshotDescription['rates'];
  readonly calendars?: SnapshotDescription['calendars'];
  readonly lrnTables?: SnapshotDescription['lrnTables'];
}

/**
 * One customer `alice` behind mapping gateway `alice-in`, the vendor `victor` behind all routing gateways, which
 * carry `44`. Alice pays 0.06 a minute by the second, Victor gets 0.03.
 */
export function network(description: NetworkDescription = {}): Snapshot {
  const gateways = description.gateways ?? [{ name: 'one' }, { name: 'two' }, { name: 'three' }];
  return buildSnapshot({
    ...(description.hash === undefined ? {} : { hash: description.hash }),
    parameters: description.parameters ?? {},
    mappingGateways: [
      { name: 'alice-in', account: 'alice', addresses: ['192.0.2.1'], ...description.mapping },
    ],
    routingGateways: gateways.map((gateway, i) => ({
      clearingAccount: 'victor',
      prefixes: ['44'],
      priority: i,
      ...gateway,
    })),
    accounts: [
      { name: 'alice', rateTable: 'retail', overdraftLimit: '100', ...description.customer },
      { name: 'victor', rateTable: 'wholesale', overdraftLimit: '100', ...description.vendor },
    ],
    rates: [
      { name: 'retail', rows: description.retail ?? [{ prefix: '44', rate: '0.06', increments: '1/1' }] },
      {
        name: 'wholesale',
        rows: description.wholesale ?? [{ prefix: '44', rate: '0.03', increments: '1/1' }],
      },
      ...(description.rates ?? []),
    ],
    calendars: description.calendars ?? [],
    lrnTables: description.lrnTables ?? [],
  });
}
