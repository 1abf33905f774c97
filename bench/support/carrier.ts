/**
 * A large carrier as a configuration directory: the same one for the same size, so that figures can be compared.
 * Customers are priced by a few shared decks, as they are in reality; each vendor has a deck of its own.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CarrierSize {
  readonly mappingGateways: number;
  readonly routingGateways: number;
  readonly customers: number;
  readonly vendors: number;
  /** Decks that customers share. */
  readonly customerDecks: number;
  /** Over all decks. */
  readonly rows: number;
  readonly seed: number;
}

/** 2,000 gateways, 5,000 accounts and a million rate rows. */
export const largeCarrier: CarrierSize = {
  mappingGateways: 1_500,
  routingGateways: 500,
  customers: 4_800,
  vendors: 200,
  customerDecks: 20,
  rows: 1_000_000,
  seed: 20_260_101,
};

/** Returns the paths of all files and of the decks among them. */
export function writeCarrier(
  directory: string,
  size: CarrierSize,
): { readonly files: readonly string[]; readonly decks: readonly string[] } {
  const random = randomNumbers(size.seed);
  const files: string[] = [];
  const write = (path: string, lines: readonly string[]) => {
    const file = join(directory, path);
    writeFileSync(file, `${lines.join('\n')}\n`);
    files.push(file);
  };
  for (const folder of ['gateways/mapping', 'gateways/routing', 'accounts', 'rates']) {
    mkdirSync(join(directory, folder), { recursive: true });
  }
  write('switch.yaml', [
    'name: carrier',
    'currency: USD',
    'sip:',
    '  listen:',
    '    - { transport: udp, address: 127.0.0.1, port: 5060 }',
  ]);
  const destinations = numberPlan(random);
  const decks = writeRates(size, destinations, random, write);
  writeAccounts(size, write);
  writeGateways(size, destinations, random, write);
  return { files, decks: decks.map(path => join(directory, path)) };
}

/** Gives each gateway of the carrier a name that none had before; gateways of others stay. */
export function renameGateways(directory: string, edit: number): void {
  for (const folder of ['gateways/routing', 'gateways/mapping']) {
    for (const file of readdirSync(join(directory, folder))) {
      const [, name] = /^((?:vendor|customer)-\d+)/.exec(file) ?? [];
      if (name === undefined) continue;
      const path = join(directory, folder, file);
      const text = readFileSync(path, 'utf8');
      const renamed = text.replace(/deny: \[(vendor-\d+)[^\]]*\]/, `deny: [$1-edit-${edit}]`);
      if (renamed !== text) writeFileSync(path, renamed);
      renameSync(path, join(directory, folder, `${name}-edit-${edit}.yaml`));
    }
  }
}

/** Changes the price of each row of each deck. */
export function repriceDecks(directory: string, edit: number): void {
  const folder = join(directory, 'rates');
  for (const file of readdirSync(folder).filter(name => name.endsWith('.csv'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const lastDigits = String(edit % 100).padStart(2, '0');
    writeFileSync(join(folder, file), text.replaceAll(/(,0\.\d{4})\d\d,/g, `$1${lastDigits},`));
  }
}

type Random = (below: number) => number;
type Write = (path: string, lines: readonly string[]) => void;

/** A linear congruential generator: small, fast and repeatable. */
function randomNumbers(seed: number): Random {
  let state = seed >>> 0;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Prefixes of countries, and of networks within them. */
function numberPlan(random: Random): readonly string[] {
  const prefixes = new Set<string>();
  for (let country = 0; country < 200; country++) prefixes.add(String(11 + country * 4));
  const countries = [...prefixes];
  while (prefixes.size < 20_000) {
    prefixes.add(`${countries[random(countries.length)]}${random(10 ** (1 + random(4)))}`);
  }
  return [...prefixes];
}

function writeRates(
  size: CarrierSize,
  destinations: readonly string[],
  random: Random,
  write: Write,
): readonly string[] {
  const decks = size.customerDecks + size.vendors;
  const rowsEach = Math.floor(size.rows / decks);
  return Array.from({ length: decks }, (_, deck) => {
    const name = deck < size.customerDecks ? `retail-${deck + 1}` : `vendor-${deck - size.customerDecks + 1}`;
    // What customers pay lies above what vendors ask.
    const floor = deck < size.customerDecks ? 60_000 : 10_000;
    const rows = sample(destinations, rowsEach, random).map(prefix => {
      const rate = `0.${String(floor + random(40_000)).padStart(6, '0')}`;
      return `${prefix},Network ${random(900)},${rate},${deck < size.customerDecks ? '60/60' : '1/1'},2026-01-01`;
    });
    write(`rates/${name}.csv`, ['Prefix,Destination,Rate,Increments,From', ...rows]);
    write(`rates/${name}.yaml`, [
      'deck:',
      `  file: ${name}.csv`,
      '  columns: { prefix: Prefix, rate: Rate, increments: Increments, effectiveFrom: From }',
    ]);
    return `rates/${name}.csv`;
  });
}

/** So many different ones, in random order; longer prefixes are made up when there are not enough. */
function sample(from: readonly string[], count: number, random: Random): readonly string[] {
  const taken = new Set<string>();
  while (taken.size < count) {
    const prefix = from[random(from.length)]!;
    taken.add(taken.has(prefix) ? `${prefix}${random(1000)}` : prefix);
  }
  return [...taken];
}

function writeAccounts(size: CarrierSize, write: Write): void {
  for (let customer = 1; customer <= size.customers; customer++) {
    write(`accounts/customer-${customer}.yaml`, [
      'kind: customer',
      `rateTable: retail-${(customer % size.customerDecks) + 1}`,
      `overdraftLimit: ${customer % 3 === 0 ? 500 : 0}`,
      'maxCallDurationSeconds: 7200',
    ]);
  }
  for (let vendor = 1; vendor <= size.vendors; vendor++) {
    write(`accounts/vendor-${vendor}.yaml`, [
      'kind: vendor',
      `rateTable: vendor-${vendor}`,
      'overdraftLimit: 10000',
    ]);
  }
}

function writeGateways(
  size: CarrierSize,
  destinations: readonly string[],
  random: Random,
  write: Write,
): void {
  for (let gateway = 1; gateway <= size.mappingGateways; gateway++) {
    write(`gateways/mapping/customer-${gateway}.yaml`, [
      `account: customer-${(gateway % size.customers) + 1}`,
      'authentication: ip',
      `addresses: [10.${gateway >> 8}.${gateway & 255}.1, 10.${gateway >> 8}.${gateway & 255}.2]`,
      `lines: ${30 + random(300)}`,
      `routingGateways: { deny: [vendor-${1 + random(size.routingGateways)}] }`,
    ]);
  }
  const countries = destinations.slice(0, 200);
  for (let gateway = 1; gateway <= size.routingGateways; gateway++) {
    const prefixes = [...sample(countries, 40, random), ...sample(destinations, 40, random)];
    write(`gateways/routing/vendor-${gateway}.yaml`, [
      `clearingAccount: vendor-${(gateway % size.vendors) + 1}`,
      `address: 10.200.${gateway >> 8}.${gateway & 255}:5060`,
      `prefixes: [${[...new Set(prefixes)].map(prefix => `"${prefix}"`).join(', ')}]`,
      `priority: ${10 * (1 + random(5))}`,
      `lines: ${100 + random(400)}`,
      'timeouts: { inviteSeconds: 6 }',
    ]);
  }
}
