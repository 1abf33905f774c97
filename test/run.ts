/**
 * Runs the test files of one kind, each in a process of its own, and judges them by their totals.
 *
 *   node dist/test/run.js unit|interop [part of a file name …]
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileRun, judge, summary, type Verdict } from './support/gate.ts';

const compiledTests = fileURLToPath(new URL('.', import.meta.url));
const testSources = join(compiledTests, '..', '..', 'test');

interface Kind {
  readonly belongs: (file: string) => boolean;
  readonly atOnce: number;
  readonly timeoutMs: number;
}

/** Whatever opens sockets to play calls; conformance plays scenarios in the simulator and on the wire. */
const isInterop = (file: string) => /^(interop|conformance)[/\\]/.test(file);

const kinds: Readonly<Record<string, Kind>> = {
  // The longest take a minute on an idle machine, and a busy one is several times slower.
  unit: { belongs: file => !isInterop(file), atOnce: 2, timeoutMs: 300_000 },
  // Real calls share ports, cores and wall-clock time: one file after the other.
  interop: { belongs: isInterop, atOnce: 1, timeoutMs: 600_000 },
};

/** The sources decide what runs, so that a stale compiled file neither runs nor hides a missing one. */
function testFiles(kind: Kind, parts: readonly string[]): readonly string[] {
  return readdirSync(testSources, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.test.ts') && kind.belongs(file))
    .filter(file => parts.length === 0 || parts.some(part => file.includes(part)))
    .map(file => file.replace(/\.ts$/, '.js'))
    .sort();
}

function runFile(file: string, timeoutMs: number): Promise<FileRun> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['--enable-source-maps', join(compiledTests, file)], {
      env: { ...process.env, NO_COLOR: '1' },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', chunk => {
      output += chunk;
    });
    child.stderr.on('data', chunk => {
      output += chunk;
    });
    child.on('close', (exitCode, signal) => resolve({ file, exitCode, signal, output }));
  });
}

function report(run: FileRun, verdict: Verdict, elapsedMs: number): void {
  const seconds = (elapsedMs / 1000).toFixed(1);
  if (verdict.problems.length === 0) {
    process.stdout.write(`ok    ${run.file}  ${verdict.passed} tests, ${seconds} s\n`);
  } else {
    process.stdout.write(`${run.output}\nFAIL  ${run.file}  ${seconds} s: ${verdict.problems.join('; ')}\n`);
  }
  for (const reason of verdict.skipReasons) process.stdout.write(`      skipped ${reason}\n`);
}

async function runAll(kind: Kind, files: readonly string[]): Promise<readonly Verdict[]> {
  const queue = [...files];
  const verdicts: Verdict[] = [];
  async function worker(): Promise<void> {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const startedAt = performance.now();
      const run = await runFile(file, kind.timeoutMs);
      const verdict = judge(run);
      report(run, verdict, performance.now() - startedAt);
      verdicts.push(verdict);
    }
  }
  await Promise.all(Array.from({ length: kind.atOnce }, worker));
  return verdicts;
}

const [kindName = 'unit', ...parts] = process.argv.slice(2);
const kind = kinds[kindName];
if (kind === undefined) {
  process.stderr.write(`unknown kind of tests "${kindName}"; known: ${Object.keys(kinds).join(', ')}\n`);
  process.exitCode = 2;
} else {
  const files = testFiles(kind, parts);
  const verdicts = await runAll(kind, files);
  process.stdout.write(`${files.length} files of ${relative(process.cwd(), testSources) || '.'}\n`);
  process.stdout.write(`${summary(verdicts)}\n`);
  if (files.length === 0 || verdicts.some(verdict => verdict.failed > 0)) process.exitCode = 1;
}
