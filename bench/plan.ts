/**
 * What it costs to tell the effect of a change in a whole carrier, against loading both sides; and `class4 plan`, as it
 * is typed, after a change of one gateway in a clone of the example network. One JSON object a line.
 * `node dist/bench/plan.js [rows] [change …]`
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultLimits } from '../src/config/limits.ts';
import { loadConfiguration } from '../src/config/load.ts';
import type { Snapshot } from '../src/config/snapshot.ts';
import { comparePlans } from '../src/plan/compare-plans.ts';
import type { Plan } from '../src/plan/plan.ts';
import { printPlanText } from '../src/plan/report/print-text.ts';
import { summarise } from '../src/plan/report/summary.ts';
import { namedSymbolsOf } from '../src/plan/space/symbols.ts';
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

/** `configuration` is the directory of the file's configuration. */
type Edit = (text: string, configuration: string) => string;

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
  ['one vendor asks 1 % more for everything', 'rates/vendor-3.csv', text => onePercentMore(text)],
  [
    'one vendor asks 1 % more for one prefix',
    'rates/vendor-3.csv',
    (text, configuration) => onePercentMore(text, carriedRow(text, configuration)),
  ],
  ['one customer deck is 1 % dearer', 'rates/retail-3.csv', text => onePercentMore(text)],
  [
    'one customer pays by another deck',
    'accounts/customer-40.yaml',
    text => text.replace(/rateTable: retail-\d+/, 'rateTable: retail-5'),
  ],
  [
    'one customer has another policy',
    'gateways/mapping/customer-20.yaml',
    text => `${text}firstRoutePolicy: rate\n`,
  ],
  [
    'three seconds of every call are free',
    'switch.yaml',
    text => `${text}parameters: { SERVER_BILLING_FREE_TIME: 3 }\n`,
  ],
  ['one gateway is closed at night', 'gateways/routing/vendor-11.yaml', closedAtNight],
  // The last one: it has a carrier of its own.
  [
    'three gateways are closed an hour earlier',
    'calendars/night.yaml',
    text => text.replace('from: "22:00"', 'from: "21:00"'),
  ],
];

function closedAtNight(gateway: string): string {
  return `${gateway}periods:\n  - { calendar: night, available: false }\n`;
}

/** Of all rows, or of the one on this line. */
function onePercentMore(deck: string, only?: number): string {
  const dearer = (line: string) =>
    line.replace(/,0\.(\d{6}),/, (_, millionths: string) => {
      const raised = Math.round(Number(millionths) * 1.01);
      return `,0.${String(raised).padStart(6, '0')},`;
    });
  const lines = deck.split('\n');
  return lines.map((line, at) => (at > 0 && (only ?? at) === at ? dearer(line) : line)).join('\n');
}

/** The line of a row of this vendor that one of its gateways carries. */
function carriedRow(deck: string, configuration: string): number {
  const gateway = readFileSync(join(configuration, 'gateways/routing/vendor-2.yaml'), 'utf8');
  if (!gateway.includes('clearingAccount: vendor-3\n'))
    throw new Error('vendor-2 is cleared by another vendor');
  const carried = [...gateway.matchAll(/"(\d+)"/g)].map(([, prefix]) => prefix!);
  return deck.split('\n').findIndex((row, at) => at > 0 && carried.some(prefix => row.startsWith(prefix)));
}

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
  let old = load(before);
  const asked = process.argv.slice(3).join(' ');
  for (const [what, file, edit] of changes) {
    if (!what.includes(asked)) continue;
    if (file.startsWith('calendars/')) {
      for (const side of [before, after]) closeThreeAtNight(side);
      old = load(before);
    }
    const path = join(after, file);
    const text = readFileSync(path, 'utf8');
    const edited = edit(text, before);
    writeFileSync(path, edited);
    if (edited.includes('calendar: night')) addNight(after);
    // Both sides anew, for the figure to hold whatever has been loaded before.
    const [, loadMs] = timed(() => load(before));
    const [now, againMs] = timed(() => load(after));
    writeFileSync(path, text);
    report(what, old, now, loadMs + againMs);
  }
}

/** For this change and those behind it. */
function addNight(directory: string): void {
  mkdirSync(join(directory, 'calendars'), { recursive: true });
  const periods = 'periods:\n  - { from: "22:00", to: "06:00" }\n';
  writeFileSync(join(directory, 'calendars/night.yaml'), `timeZone: UTC\n${periods}`);
}

function closeThreeAtNight(directory: string): void {
  addNight(directory);
  for (const gateway of [11, 12, 13]) {
    const path = join(directory, `gateways/routing/vendor-${gateway}.yaml`);
    writeFileSync(path, closedAtNight(readFileSync(path, 'utf8')));
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

/** As a user types it, in a clone. */
function example(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const clone = join(directory, 'example');
  for (const part of ['switch.yaml', 'gateways', 'accounts', 'rates', 'calendars']) {
    cpSync(join(root, part), join(clone, part), { recursive: true });
  }
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com', ...args], {
      cwd: clone,
    });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'example');
  const path = join(clone, load(clone).routingGateways[0]!.source.file);
  writeFileSync(path, `${readFileSync(path, 'utf8')}locked: true\n`);
  const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
  for (let run = 1; run <= 3; run++) {
    const cpu = processorMsOfChildren(clone);
    const [result, ms] = timed(() => spawnSync(process.execPath, [main, 'plan'], { cwd: clone }));
    print({
      bench: 'plan',
      what: '`class4 plan` after one gateway of the example network is locked',
      run,
      ms: Math.round(ms),
      cpuMs: processorMsOfChildren(clone) - cpu,
      load: loadavg()[0],
      limitMs: 1000,
      met: result.status === 0 && ms <= 1000,
    });
  }
}

/** Of all processes that this one started and that have ended so far. */
function processorMsOfChildren(cwd: string): number {
  const { stdout } = spawnSync('cat', [`/proc/${process.pid}/stat`], { cwd, encoding: 'utf8' });
  const fields = stdout.slice(stdout.lastIndexOf(')') + 2).split(' ');
  // cutime and cstime are the 16th and 17th fields, in ticks of 10 ms.
  return 10 * (Number(fields[13]) + Number(fields[14]));
}

function report(what: string, before: Snapshot, after: Snapshot, loadMs: number): void {
  const cpu = process.cpuUsage();
  const symbols = namedSymbolsOf(before, after);
  const [plan, ms] = timed(() => comparePlans(before, after, { nowMs: Date.UTC(2026, 2, 2, 10), symbols }));
  const { user, system } = process.cpuUsage(cpu);
  const [text, textMs] = timed(() => textOf(plan));
  print({
    bench: 'plan',
    what,
    loadBothMs: Math.round(loadMs),
    planMs: Math.round(ms),
    planCpuMs: Math.round((user + system) / 1000),
    textMs: Math.round(textMs),
    totalMs: Math.round(loadMs + ms + textMs),
    timesLoad: Math.round((10 * (loadMs + ms + textMs)) / loadMs) / 10,
    differences: plan.differences.length,
    times: plan.times.length,
    limits: plan.limits.length,
    textKiB: Math.round(text.length / 1024),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    load: loadavg()[0],
    limitMs: 10_000,
    met: loadMs + ms + textMs <= 10_000 && loadMs + ms + textMs <= 3 * loadMs,
  });
}

function textOf(plan: Plan): string {
  const side = { kind: 'directory', name: 'side', label: 'side' } as const;
  const report = {
    ...{ from: side, to: side, plan, summary: summarise(plan) },
    ...{ guards: [], allowances: [], traffic: null },
  };
  return printPlanText(report, { colour: false, most: 10 });
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
