/** A configuration directory with one customer and one vendor, to be changed by tests. */

import { createSocket } from 'node:dgram';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Network {
  readonly address?: string;
  readonly port?: number;
  /** Price the customer pays for a minute, decimal text. */
  readonly customerRate?: string;
  readonly vendorRate?: string;
  readonly storePath?: string;
}

/** Files are written one after the other, as an editor would. */
export function writeNetwork(directory: string, network: Network = {}): void {
  const { address = '127.0.6.1', port = 5060, storePath = 'var/class4.db' } = network;
  write(directory, 'switch.yaml', [
    'name: test',
    'currency: EUR',
    'sip:',
    '  listen:',
    `    - { transport: udp, address: ${address}, port: ${port} }`,
    `store: { path: ${storePath} }`,
  ]);
  write(directory, 'gateways/mapping/retail.yaml', [
    'account: northwind',
    'authentication: ip',
    'addresses: [127.0.6.10]',
  ]);
  write(directory, 'gateways/routing/acme.yaml', [
    'clearingAccount: acme-telecom',
    'address: 127.0.6.20:5060',
    'prefixes: ["44"]',
  ]);
  write(directory, 'accounts/northwind.yaml', [
    'kind: customer',
    'rateTable: retail',
    'overdraftLimit: 1000',
  ]);
  write(directory, 'accounts/acme-telecom.yaml', ['kind: vendor', 'rateTable: acme', 'overdraftLimit: 1000']);
  writeRates(directory, 'retail', network.customerRate ?? '0.60');
  writeRates(directory, 'acme', network.vendorRate ?? '0.30');
}

export function writeRates(directory: string, table: string, rate: string): void {
  write(directory, `rates/${table}.yaml`, [
    'defaults: { increments: 1/1 }',
    `rows: [{ prefix: "44", rate: ${rate} }]`,
  ]);
}

export function write(directory: string, path: string, lines: readonly string[]): void {
  const file = join(directory, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${lines.join('\n')}\n`);
}

/** A UDP port that nobody uses at the moment. */
export function freePort(address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', reject);
    socket.bind(0, address, () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
