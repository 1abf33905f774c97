/**
 * `class4 validate` of a whole carrier, against merely parsing its files; and what one edited file costs a running
 * switch. Each measurement is a process of its own, which tells its peak of memory. One JSON object a line.
 * `node dist/bench/validate.js [runs] [rows]`
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCarrier, writeCarrier } from './support/carrier.ts';

const runs = Number(process.argv[2] ?? 5);
const size = { ...largeCarrier, rows: Number(process.argv[3] ?? largeCarrier.rows) };
const subject = fileURLToPath(new URL('./support/validate-subject.js', import.meta.url));

interface Measured {
  readonly ms: number;
  readonly peakMiB: number;
}

const subjects = ['parse', 'validate', 'reload after one edit'] as const;

const directory = mkdtempSync(join(tmpdir(), 'class4-bench-validate-'));
try {
  writeCarrier(directory, size);
  print({ bench: 'validate', ...size, runs });
  const measured = new Map(subjects.map(name => [name, [] as Measured[]]));
  // Turn and turn about, so that a busy machine is busy for all.
  for (let run = 0; run < runs; run++) {
    for (const name of subjects) measured.get(name)!.push(measure(name));
  }
  const medians = new Map(subjects.map(name => [name, report(name, measured.get(name)!)]));
  const parse = medians.get('parse')!;
  const validate = medians.get('validate')!;
  const reload = medians.get('reload after one edit')!;
  print({ bench: 'validate', ratioToParse: ratio(validate, parse), limit: 3, met: validate <= 3 * parse });
  print({
    bench: 'validate',
    ratioOfReload: ratio(reload, validate),
    limit: 0.1,
    met: reload <= validate / 10,
  });
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function measure(name: (typeof subjects)[number]): Measured {
  const output = execFileSync(process.execPath, [subject, name, directory], { encoding: 'utf8' });
  return JSON.parse(output) as Measured;
}

function report(what: string, measured: readonly Measured[]): number {
  const ms = median(measured.map(each => each.ms));
  const peakMiB = Math.round(median(measured.map(each => each.peakMiB)));
  const allMs = measured.map(each => Math.round(each.ms));
  print({ bench: 'validate', what, medianMs: Math.round(ms), peakMiB, allMs });
  return ms;
}

function ratio(a: number, b: number): number {
  return Number((a / b).toFixed(3));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
