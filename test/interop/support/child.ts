/** Processes that the tests start, each of which ends with the test at the latest. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

const alive = new Set<ChildProcess>();

// A test process that dies on an error of its own must not leave a switch behind that holds its ports.
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export class Child {
  readonly name: string;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #stdout = '';
  #stderr = '';
  #exit: Exit | null = null;

  constructor(name: string, { command, args, cwd, env }: ChildOptions) {
    this.name = name;
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    alive.add(child);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
    });
    this.#child = child;
    this.exited = new Promise((resolve, reject) => {
      child.on('error', error => {
        alive.delete(child);
        reject(error);
      });
      child.on('close', (code, signal) => {
        alive.delete(child);
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
    // Whoever awaits it sees the error; a child nobody waits for must not end the test process.
    this.exited.catch(() => {});
  }

  get pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error(`${this.name} did not start`);
    return pid;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** null while it runs. */
  get exit(): Exit | null {
    return this.#exit;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits for the end that was asked for otherwise; kills after `timeoutMs`. */
  async ended(timeoutMs: number): Promise<Exit> {
    const late = new AbortController();
    const timeout = wait(timeoutMs, 'late' as const, { signal: late.signal }).catch(() => 'late' as const);
    const first = await Promise.race([this.exited, timeout]);
    late.abort();
    if (first !== 'late') return first;
    this.signal('SIGKILL');
    await this.exited;
    throw new Error(`${this.name} did not end within ${timeoutMs} ms\n${this.#stdout}${this.#stderr}`);
  }

  async kill(): Promise<void> {
    if (this.#exit !== null) return;
    this.signal('SIGKILL');
    await this.exited.catch(() => {});
  }
}
