/**
 * How long a command that asks the running switch takes from its start until its request is there, which is what
 * somebody waits for in any case. Beside it, turn and turn about, a Node that does nothing. One JSON object a line.
 * `node dist/bench/commands.js [runs]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runs = Number(process.argv[2] ?? 20);
const main = fileURLToPath(new URL('../src/main.js', import.meta.url));

const commands: readonly (readonly string[])[] = [
  ['rollback', '--reason', 'bench', '--json'],
  ['resume', '--json'],
  ['reload', '--json'],
  ['status', '--json'],
  ['rollout', '--json'],
  ['calls', '--json'],
  ['account', 'balance', 'globetalk', '--json'],
  ['cdr', 'list', '--json'],
];

interface Times {
  readonly askedMs: number[];
  readonly endedMs: number[];
}

const directory = mkdtempSync(join(tmpdir(), 'class4-bench-commands-'));
mkdirSync(join(directory, 'var'));
let askedAtMs = 0;
// Each command prints what it is told.
const server = createServer((_request, response) => {
  askedAtMs = performance.now();
  response.end(JSON.stringify({ outcome: 'unchanged', durable: true, decision: { durable: true } }));
});
server.listen(join(directory, 'var', 'class4.sock'));
await once(server, 'listening');
try {
  const nothing: Times = { askedMs: [], endedMs: [] };
  const times = new Map(commands.map(command => [command, { askedMs: [], endedMs: [] } as Times]));
  for (let run = 0; run < runs; run++) {
    await time(['-e', '0'], nothing);
    for (const [command, taken] of times) await time([main, ...command, '--config', directory], taken);
  }
  print('node -e 0', nothing);
  for (const [command, taken] of times) print(`class4 ${command[0]}`, taken);
} finally {
  server.close();
  rmSync(directory, { recursive: true, force: true });
}

async function time(args: readonly string[], { askedMs, endedMs }: Times): Promise<void> {
  askedAtMs = Number.NaN;
  const startMs = performance.now();
  const child: ChildProcess = spawn(process.execPath, args, { stdio: 'ignore' });
  await once(child, 'exit');
  endedMs.push(performance.now() - startMs);
  if (!Number.isNaN(askedAtMs)) askedMs.push(askedAtMs - startMs);
}

function print(what: string, { askedMs, endedMs }: Times): void {
  const line = {
    bench: 'commands',
    what,
    runs,
    askedMs: median(askedMs),
    endedMs: median(endedMs),
    load: loadavg()[0],
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  return middle === undefined ? null : Math.round(middle * 10) / 10;
}
