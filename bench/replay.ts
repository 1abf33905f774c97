/**
 * How many recorded calls a second are played again with two configurations, on the example network: each is read three
 * times and played on both sides, and counted once. One JSON object. `node dist/bench/replay.js [calls]`
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ReplayProgress } from '../src/cli/replay/replay-progress.ts';
import { runReplay } from '../src/cli/replay/replay-run.ts';
import { networkIn, recordDay, writeDay } from '../test/replay/recorded-day.ts';

const [first, second] = process.argv.slice(2);
if (first === 'write') await writeCalls(second!, Number(process.argv[4]));
else await measure(Number(first ?? 400_000));

/** In batches, so that memory holds few of them. */
async function writeCalls(path: string, calls: number): Promise<void> {
  const network = networkIn();
  const batch = 50_000;
  for (let written = 0; written < calls; written += batch) {
    const records = recordDay(network, { calls: Math.min(batch, calls - written), seed: 1 + written });
    // One batch after the other.
    const laterMs = (written / batch) * 3 * 3_600_000;
    await writeDay(
      path,
      records.map(record => ({
        ...record,
        startedAtMs: record.startedAtMs + laterMs,
        answeredAtMs: record.answeredAtMs === null ? null : record.answeredAtMs + laterMs,
        endedAtMs: record.endedAtMs + laterMs,
      })),
    );
  }
}

async function measure(calls: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'class4-bench-replay-'));
  try {
    const path = join(directory, 'class4.db');
    // In a process of its own, which takes its memory with it.
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), 'write', path, String(calls)]);
    const before = networkIn();
    const after = networkIn(changed(join(directory, 'after')));
    const cpuBefore = process.cpuUsage();
    const startedAt = performance.now();
    const io = { out: () => {}, err: () => {}, colour: false, env: {}, workingDirectory: directory };
    const { comparison, extent, parts } = await runReplay(
      {
        ...{
          before,
          after,
          path,
          sinceMs: 0,
          untilMs: null,
          asOfMs: null,
          seed: 1,
          fresh: true,
          least: null,
        },
        workDirectory: join(directory, 'work'),
      },
      {
        progress: new ReplayProgress(io, () => performance.now()),
        nowMs: Date.now(),
        begun: () => {},
        interrupted: new Promise(() => {}),
      },
    );
    const elapsedMs = performance.now() - startedAt;
    const cpu = process.cpuUsage(cpuBefore);
    const attempts = Object.values(comparison.after.levels).reduce((sum, many) => sum + many, 0);
    const line = {
      bench: 'replay',
      calls: extent.calls,
      parts,
      seconds: Number((elapsedMs / 1000).toFixed(1)),
      callsPerSecond: Math.round((extent.calls / elapsedMs) * 1000),
      cpuMicrosecondsPerCall: Number(((cpu.user + cpu.system) / extent.calls).toFixed(1)),
      answered: comparison.before.all.answered,
      attemptsOfNewSide: attempts,
      maxRssMb: Math.round(process.resourceUsage().maxRSS / 1000),
      node: process.version,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The example network with the two main vendors the other way round. */
function changed(directory: string): string {
  const project = fileURLToPath(new URL('../../', import.meta.url));
  for (const path of ['switch.yaml', 'gateways', 'accounts', 'rates', 'calendars']) {
    cpSync(join(project, path), join(directory, path), { recursive: true });
  }
  const northlink = join(directory, 'gateways/routing/northlink.yaml');
  writeFileSync(northlink, readFileSync(northlink, 'utf8').replace('priority: 10', 'priority: 30'));
  return directory;
}
