/**
 * What it costs to tell the effect of a change in a whole carrier, against loading both sides; and of a change of one
 * gateway in the example network. One JSON object a line. `node dist/bench/plan.js [rows]`
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultLimits } from '../src/config/limits.ts';
import { loadConfiguration } from '../src/config/load.ts';
import type { Snapshot } from '../src/config/snapshot.ts';
import { comparePlans } from '../src/plan/compare-plans.ts';
import { type CarrierSize, writeCarrier } from './support/carrier.ts';

const size: CarrierSize = {
  mappingGateways: 200,
  routingGateways: 500,
  customers: 200,
  vendors: 200,
  customerDecks: 20,
  rows: Number(process.argv[2] ?? 1_000_000),
  seed: 20_260_101,
};

type Edit = (text: string) => string;

const changes: readonly (readonly [what: string, file: string, edit: Edit])[] = [
  [
    'one gateway has another priority',
    'gateways/routing/vendor-7.yaml',
    text => text.replace(/priority: \d+/, 'priority: 5'),
  ],
  ['one gateway is locked', 'gateways/routing/vendor-9.yaml', text => `${text}locked: true\n`],
  [
    'one gateway gets a prefix',
    'gateways/routing/vendor-9.yaml',
    text => text.replace('prefixes: [', 'prefixes: ["1234567", '),
  ],
  ['one vendor has other prices', 'rates/vendor-3.csv', text => text.replaceAll(',0.0', ',0.1')],
  ['one customer deck has other prices', 'rates/retail-3.csv', text => text.replaceAll(',0.0', ',0.1')],
  [
    'one customer has another policy',
    'gateways/mapping/customer-20.yaml',
    text => `${text}firstRoutePolicy: rate\n`,
  ],
];

const directory = mkdtempSync(join(tmpdir(), 'class4-bench-plan-'));
try {
  example();
  carrier();
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function carrier(): void {
  const before = join(directory, 'before');
  const after = join(directory, 'after');
  writeCarrier(before, size);
  for (let gateway = 1; gateway <= size.mappingGateways; gateway++) {
    const file = join(before, `gateways/mapping/customer-${gateway}.yaml`);
    const text = readFileSync(file, 'utf8').replace(/deny: \[.*\]/, `deny: [vendor-${1 + (gateway % 20)}]`);
    writeFileSync(file, text);
  }
  for (let gateway = 1; gateway <= size.routingGateways; gateway++)
    thin(join(before, `gateways/routing/vendor-${gateway}.yaml`));
  cpSync(before, after, { recursive: true });
  print({ bench: 'plan', ...size });
  const [old, loadMs] = timed(() => load(before));
  for (const [what, file, edit] of changes) {
    const path = join(after, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, edit(text));
    const [now, againMs] = timed(() => load(after));
    writeFileSync(path, text);
    report(what, old, now, loadMs + againMs, 10_000);
  }
}

/** A vendor carries a few countries and networks, so that a number has some twenty ways, as it has with carriers. */
function thin(file: string): void {
  const text = readFileSync(file, 'utf8').replace(/prefixes: \[(.*)\]/, (_, list: string) => {
    const kept = list.split(', ').filter((_prefix, i) => i % 5 === 0);
    return `prefixes: [${kept.join(', ')}]`;
  });
  writeFileSync(file, text);
}

function example(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const after = join(directory, 'example');
  for (const part of ['switch.yaml', 'gateways', 'accounts', 'rates', 'calendars']) {
    cpSync(join(root, part), join(after, part), { recursive: true });
  }
  const [old, loadMs] = timed(() => load(root));
  const gateway = old.routingGateways[0]!.source.file;
  const path = join(after, gateway);
  writeFileSync(path, `${readFileSync(path, 'utf8')}locked: true\n`);
  const [now, againMs] = timed(() => load(after));
  report('one gateway of the example network is locked', old, now, loadMs + againMs, 1_000);
}

function report(what: string, before: Snapshot, after: Snapshot, loadMs: number, limitMs: number): void {
  const cpu = process.cpuUsage();
  const [plan, ms] = timed(() => comparePlans(before, after, { nowMs: Date.UTC(2026, 2, 2, 10) }));
  const { user, system } = process.cpuUsage(cpu);
  print({
    bench: 'plan',
    what,
    planMs: Math.round(ms),
    planCpuMs: Math.round((user + system) / 1000),
    loadBothMs: Math.round(loadMs),
    differences: plan.differences.length,
    customers: plan.customers.length,
    limits: plan.limits.length,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    limitMs,
    met: ms <= limitMs && (limitMs < 10_000 || ms <= 3 * loadMs),
  });
}

function load(path: string): Snapshot {
  const { snapshot, diagnostics } = loadConfiguration(path, defaultLimits);
  if (snapshot === null)
    throw new Error(
      diagnostics
        .slice(0, 3)
        .map(({ message }) => message)
        .join('; '),
    );
  return snapshot;
}

function timed<T>(work: () => T): readonly [T, number] {
  const startMs = performance.now();
  return [work(), performance.now() - startMs];
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
