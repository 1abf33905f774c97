/** The switch under demonstration: a child process, and its control socket, which the commands of `class4` use too. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { askSwitch } from '../src/control/client.ts';
import type { BalanceReport, CdrReport, StatusReport } from '../src/live/operations.ts';

const main = fileURLToPath(new URL('../src/main.js', import.meta.url));
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
    const serving = eventually('the switch serves', () => started.snapshotHash());
    const ended = started.#ended.then(() => {
      throw new Error(`the switch did not start\n${started.log}`);
    });
    await Promise.race([serving, ended]);
    return started;
  }

  get log(): string {
    return this.#log;
  }

  async snapshotHash(): Promise<string> {
    const { snapshot } = (await askSwitch(this.#directory, 'GET', '/status')) as StatusReport;
    return snapshot.hash;
  }

  /** The one record that is none of those seen before, once it is written. */
  newCdr(seen: ReadonlySet<string>): Promise<CdrReport> {
    return eventually('the record of the call is written', async () => {
      const cdrs = await this.cdrs();
      return cdrs.find(({ callId }) => !seen.has(callId)) ?? null;
    });
  }

  /** Newest first. */
  async cdrs(): Promise<readonly CdrReport[]> {
    return (await askSwitch(this.#directory, 'GET', '/cdrs')) as readonly CdrReport[];
  }

  async pay(account: string, amount: string): Promise<void> {
    await askSwitch(this.#directory, 'POST', '/pay', { account, amount, note: '' });
  }

  async balance(account: string): Promise<string> {
    const report = await askSwitch(this.#directory, 'GET', `/balance?account=${account}`);
    return (report as BalanceReport).balance;
  }

  /** Asks it to drain and end; resolves with its exit code. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    return this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
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
