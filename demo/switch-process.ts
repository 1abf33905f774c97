/** The switch under demonstration: a child process, and its commands as an operator types them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BalanceReport, CdrReport, StatusReport } from '../src/live/operations.ts';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
const run = promisify(execFile);
const patienceMs = 20_000;

export class SwitchProcess {
  readonly #directory: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #log = '';

  private constructor(directory: string) {
    this.#directory = directory;
    this.#child = spawn(process.execPath, [main, 'run', '--config', directory], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    const collect = (chunk: Buffer) => {
      this.#log += chunk;
    };
    this.#child.stdout?.on('data', collect);
    this.#child.stderr?.on('data', collect);
    this.#ended = new Promise(resolve => this.#child.once('close', resolve));
  }

  static async start(directory: string): Promise<SwitchProcess> {
    const started = new SwitchProcess(directory);
    await eventually('the switch serves', async () => {
      if (started.#child.exitCode !== null) throw new Error(`the switch did not start\n${started.log}`);
      await started.snapshotHash();
      return true;
    });
    return started;
  }

  get log(): string {
    return this.#log;
  }

  async snapshotHash(): Promise<string> {
    const { snapshot } = (await this.#command('status')) as StatusReport;
    return snapshot.hash;
  }

  /** The record of the newest call once there are `count` of them. */
  async newestCdr(count: number): Promise<CdrReport> {
    const cdrs = await eventually(`record ${count} is written`, async () => {
      const found = await this.cdrs();
      return found.length >= count ? found : null;
    });
    return cdrs[0]!;
  }

  /** Newest first. */
  async cdrs(): Promise<readonly CdrReport[]> {
    return (await this.#command('cdr', 'list')) as readonly CdrReport[];
  }

  async pay(account: string, amount: string): Promise<void> {
    await this.#command('account', 'pay', account, amount);
  }

  async balance(account: string): Promise<string> {
    const { balance } = (await this.#command('account', 'balance', account)) as BalanceReport;
    return balance;
  }

  /** Asks it to drain and end; resolves with its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #command(...args: readonly string[]): Promise<unknown> {
    const { stdout } = await run(process.execPath, [main, ...args, '--config', this.#directory, '--json'], {
      env: { ...process.env, NO_COLOR: '1' },
    });
    return JSON.parse(stdout);
  }
}

/** Asks again until the answer is neither null nor an error. */
export async function eventually<Found>(what: string, ask: () => Promise<Found | null>): Promise<Found> {
  const giveUpAtMs = performance.now() + patienceMs;
  for (;;) {
    let problem: unknown = null;
    const found = await ask().catch((error: unknown) => {
      problem = error;
      return null;
    });
    if (found !== null) return found;
    if (performance.now() > giveUpAtMs) throw new Error(`gave up waiting until ${what}`, { cause: problem });
    await wait(50);
  }
}
