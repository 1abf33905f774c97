/** The switch as an operator meets it: a process in the foreground, and commands beside it. */
import { fileURLToPath } from 'node:url';
import { askSwitch } from '../../../src/control/client.ts';
import type { BalanceReport, CallReport, CdrReport, StatusReport } from '../../../src/live/operations.ts';
import { Child } from './child.ts';
import { until } from './until.ts';

const main = fileURLToPath(new URL('../../../src/main.js', import.meta.url));
const commandTimeoutMs = 30_000;
const stopTimeoutMs = 60_000;

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Class4 {
  readonly directory: string;
  #process: Child | null = null;

  constructor(directory: string) {
    this.directory = directory;
  }

  get pid(): number {
    return this.#process!.pid;
  }

  get log(): string {
    return this.#process === null ? '' : this.#process.stdout + this.#process.stderr;
  }

  get running(): boolean {
    return this.#process !== null && this.#process.exit === null;
  }

  /** Resolves once the switch takes calls. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const process_ = new Child('class4 run', {
      command: process.execPath,
      args: ['--enable-source-maps', main, 'run', '--config', this.directory],
      cwd: this.directory,
      env,
    });
    this.#process = process_;
    await until('the switch serves', async () => {
      if (process_.exit !== null) throw new Error(`the switch ended with ${process_.exit.code}\n${this.log}`);
      return this.#ask('/status').catch(() => undefined);
    });
  }

  /** Asks it to end and waits for the exit code. */
  async stop(): Promise<number | null> {
    this.#process!.signal('SIGTERM');
    return (await this.#process!.ended(stopTimeoutMs)).code;
  }

  terminate(): void {
    this.#process!.signal('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async command(...args: readonly string[]): Promise<CommandResult> {
    const child = new Child(`class4 ${args.join(' ')}`, {
      command: process.execPath,
      args: [main, ...args, '--config', this.directory],
      cwd: this.directory,
    });
    const { code } = await child.ended(commandTimeoutMs);
    return { code, stdout: child.stdout, stderr: child.stderr };
  }

  /** @throws when the command fails. */
  async json(...args: readonly string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.command(...args, '--json');
    if (code !== 0) throw new Error(`class4 ${args.join(' ')} exited with ${code}\n${stdout}${stderr}`);
    return JSON.parse(stdout);
  }

  /** Waits until the switch serves another snapshot than this one, and returns its hash. */
  reloadedFrom(hash: string): Promise<string> {
    return until('the switch serves another snapshot', async () => {
      const { snapshot } = (await this.#ask('/status')) as StatusReport;
      return snapshot.hash === hash ? undefined : snapshot.hash;
    });
  }

  async status(): Promise<StatusReport> {
    return (await this.json('status')) as StatusReport;
  }

  async openCalls(): Promise<readonly CallReport[]> {
    return (await this.json('calls')) as readonly CallReport[];
  }

  /** Waits until exactly this many calls are up. */
  hasOpenCalls(count: number): Promise<true> {
    return until(`${count} calls are up`, async () => {
      const calls = (await this.#ask('/calls')) as readonly CallReport[];
      return calls.length === count ? true : undefined;
    });
  }

  /** Waits for the records of `count` calls; oldest first. */
  async cdrs(count: number): Promise<readonly CdrReport[]> {
    let seen = -1;
    await until(
      `there are ${count} records`,
      async () => {
        const cdrs = (await this.json(
          'cdr',
          'list',
          '--limit',
          String(count + 1000),
        )) as readonly CdrReport[];
        seen = cdrs.length;
        return seen >= count ? cdrs : undefined;
      },
      15_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}: there are ${seen}`);
    });
    const found = (await this.json('cdr', 'list', '--limit', String(count + 1000))) as readonly CdrReport[];
    if (found.length !== count) throw new Error(`there are ${found.length} records instead of ${count}`);
    return found.toReversed();
  }

  /** For asking again and again: the commands do no more, but start a process each time. */
  #ask(path: string): Promise<unknown> {
    return askSwitch(this.directory, 'GET', path);
  }

  /** Balance in money units, 10⁻⁸ of the currency. */
  async balance(account: string): Promise<bigint> {
    const { balance } = (await this.json('account', 'balance', account)) as BalanceReport;
    return moneyUnits(balance);
  }
}

/** Decimal text to money units, 10⁻⁸ of the currency. */
export function moneyUnits(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,8}))?$/.exec(text);
  if (match === null) throw new Error(`no money: ${text}`);
  const units = BigInt(match[2]! + (match[3] ?? '').padEnd(8, '0'));
  return match[1] === '-' ? -units : units;
}
