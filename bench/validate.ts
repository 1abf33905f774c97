/**
 * `class4 validate` of a configuration with a million rate rows, against merely reading and splitting the deck.
 * One JSON object a line; the last one has the ratio. `node dist/bench/validate.js [rows] [runs]`
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../src/cli/cli.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const runs = Number(process.argv[3] ?? 5);
const seed = 20_260_101;

const directory = mkdtempSync(join(tmpdir(), 'class4-bench-validate-'));
try {
  const deck = writeConfiguration(directory);
  const reading: number[] = [];
  const validating: number[] = [];
  // Turn and turn about, so that a busy machine is busy for both.
  for (let run = 0; run < runs; run++) {
    reading.push(await milliseconds(() => readAndSplit(deck)));
    validating.push(await milliseconds(() => validateOnce(directory)));
  }
  report('read and split', reading);
  report('validate', validating);
  const ratio = median(validating) / median(reading);
  print({ bench: 'validate', rows, seed, runs, ratio: Number(ratio.toFixed(2)), limit: 5, met: ratio <= 5 });
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** A deck as vendors send it: names, prices, increments and dates. Returns its path. */
function writeConfiguration(directory: string): string {
  mkdirSync(join(directory, 'rates'));
  mkdirSync(join(directory, 'accounts'));
  const listen = '{ transport: udp, address: 127.0.0.1, port: 5060 }';
  writeFileSync(
    join(directory, 'switch.yaml'),
    `name: bench\ncurrency: USD\nsip:\n  listen:\n    - ${listen}\n`,
  );
  writeFileSync(join(directory, 'accounts', 'acme.yaml'), 'kind: vendor\nrateTable: acme\n');
  writeFileSync(
    join(directory, 'rates', 'acme.yaml'),
    'deck:\n  file: acme.csv\n  columns: { prefix: Prefix, rate: Rate, increments: Increments, effectiveFrom: From }\n',
  );
  const deck = join(directory, 'rates', 'acme.csv');
  writeFileSync(deck, `Prefix,Destination,Rate,Increments,From\n${deckRows()}`);
  return deck;
}

function deckRows(): string {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const prefixes = new Set<string>();
  const lines: string[] = [];
  while (prefixes.size < rows) {
    const prefix = `${1 + random(9)}${random(10 ** (3 + random(5)))}`;
    if (prefixes.has(prefix)) continue;
    prefixes.add(prefix);
    const rate = `0.${String(random(1_000_000)).padStart(6, '0')}`;
    const increments = ['60/60', '30/6', '1/1'][random(3)];
    lines.push(`${prefix},Somewhere - Mobile ${random(900)},${rate},${increments},2026-01-01`);
  }
  return `${lines.join('\n')}\n`;
}

/** What any program must do at least to see the fields of the deck. */
function readAndSplit(deck: string): void {
  let fields = 0;
  for (const line of readFileSync(deck, 'utf8').split('\n')) fields += line.split(',').length;
  if (fields < rows * 5) throw new Error(`only ${fields} fields`);
}

async function validateOnce(directory: string): Promise<void> {
  let said = '';
  const code = await runCommandLine(['validate', directory], {
    out: text => {
      said += text;
    },
    err: text => {
      said += text;
    },
    colour: false,
    env: {},
    workingDirectory: directory,
  });
  if (code !== 0) throw new Error(said);
}

async function milliseconds(work: () => void | Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function report(what: string, values: readonly number[]): void {
  const all = values.map(value => Math.round(value));
  print({ bench: 'validate', what, rows, medianMs: Math.round(median(values)), allMs: all });
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
