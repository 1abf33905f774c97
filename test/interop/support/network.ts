/**
 * A small carrier network as a configuration directory: customers blue and green, vendors alpha and beta, and gamma
 * as the protect route, all on loopback addresses. Each file is written as JSON, which is YAML too.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Endpoint, freeEndpoint, hostPort } from './ports.ts';

export type VendorName = 'alpha' | 'beta' | 'gamma';
type Keys = Readonly<Record<string, unknown>>;

export interface NetworkOptions {
  /** System parameters under their VOS3000 names. */
  readonly parameters?: Keys;
  /** More keys for a vendor's routing gateway. */
  readonly vendors?: Partial<Readonly<Record<VendorName, Keys>>>;
  /** More keys for the customer's mapping gateway. */
  readonly mappingGateway?: Keys;
  /** More keys for the customer's account. */
  readonly customerAccount?: Keys;
  /** `sip.server`; default the embedded one. */
  readonly server?: Keys;
  /** Listen on, and have the vendors at, ::1 instead of 127.0.8.x. */
  readonly ipv6?: boolean;
}

/** Prices of the network, per minute: what blue pays, and what each vendor is owed. */
export const rates = { blue: '0.0234', alpha: '0.0101', beta: '0.0155', gamma: '0.0199' } as const;
/** Blue pays whole minutes, vendors are paid by the second. */
export const increments = { blue: '60/60', alpha: '1/1', beta: '1/1', gamma: '1/1' } as const;
export const vendorNames = ['alpha', 'beta', 'gamma'] as const satisfies readonly VendorName[];

export interface Network {
  readonly directory: string;
  /** Where the switch listens. */
  readonly sip: Endpoint;
  readonly vendors: Readonly<Record<VendorName, Endpoint>>;
  /** Loopback address of each customer, and of somebody the switch does not know. */
  readonly callers: Readonly<Record<'blue' | 'green' | 'stranger', string>>;
}

export async function writeNetwork(directory: string, options: NetworkOptions = {}): Promise<Network> {
  const at = (address: string) => freeEndpoint(options.ipv6 === true ? '::1' : address);
  const network: Network = {
    directory,
    sip: await at('127.0.8.1'),
    vendors: {
      alpha: await at('127.0.8.11'),
      beta: await at('127.0.8.12'),
      gamma: await at('127.0.8.13'),
    },
    callers:
      options.ipv6 === true
        ? { blue: '::1', green: '127.0.8.22', stranger: '127.0.8.99' }
        : { blue: '127.0.8.21', green: '127.0.8.22', stranger: '127.0.8.99' },
  };
  writeFiles(network, options);
  return network;
}

function writeFiles(network: Network, options: NetworkOptions): void {
  const write = (file: string, content: Keys) => writeDocument(network.directory, file, content);
  write('switch.yaml', {
    name: 'interop',
    currency: 'EUR',
    sip: {
      listen: (['udp', 'tcp'] as const).map(transport => ({ transport, ...network.sip })),
      server: options.server ?? 'embedded',
    },
    parameters: options.parameters ?? {},
  });
  for (const customer of ['blue', 'green'] as const) {
    write(`accounts/${customer}.yaml`, {
      kind: 'customer',
      rateTable: 'blue',
      overdraftLimit: '1000',
      ...(customer === 'blue' ? options.customerAccount : {}),
    });
    write(`gateways/mapping/${customer}-pbx.yaml`, {
      account: customer,
      authentication: 'ip',
      addresses: [network.callers[customer]],
      ...(customer === 'blue' ? options.mappingGateway : {}),
    });
  }
  for (const [index, vendor] of vendorNames.entries()) {
    write(`accounts/${vendor}.yaml`, { kind: 'vendor', rateTable: vendor, overdraftLimit: '1000' });
    write(`gateways/routing/${vendor}.yaml`, {
      clearingAccount: vendor,
      address: hostPort(network.vendors[vendor]),
      prefixes: ['44'],
      priority: (index + 1) * 10,
      protectRoute: vendor === 'gamma',
      ...options.vendors?.[vendor],
    });
  }
  for (const table of ['blue', ...vendorNames] as const) {
    write(`rates/${table}.yaml`, {
      rows: [{ prefix: '44', rate: rates[table], increments: increments[table] }],
    });
  }
}

function writeDocument(directory: string, file: string, content: Keys): void {
  const path = join(directory, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** Changes some keys of one file of the configuration, as an operator's editor would. */
export function edit(network: Network, file: string, change: Keys): void {
  const path = join(network.directory, file);
  writeDocument(network.directory, file, { ...(JSON.parse(readFileSync(path, 'utf8')) as Keys), ...change });
}
