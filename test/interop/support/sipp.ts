/** Runs sipp with the scenarios beside this folder and tells what it saw. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.ts';
import { type Endpoint, hostPort, isBound } from './ports.ts';
import { until } from './until.ts';

const scenarioDirectory = fileURLToPath(new URL('../../../../test/interop/scenarios/', import.meta.url));

export interface SippOptions {
  /** Base name of a file in scenarios/. */
  readonly scenario: string;
  readonly local: Endpoint;
  /** Where a caller sends its calls. A scenario without it waits for calls. */
  readonly remote?: Endpoint;
  /** How many calls to place or to take before it ends; default 1. */
  readonly calls?: number;
  /** Calls a second; default 10. */
  readonly rate?: number;
  readonly caller?: string;
  readonly callee?: string;
  /** Length of the pauses in the scenario; default 200 ms. */
  readonly pauseMs?: number;
  readonly transport?: 'udp' | 'tcp';
  /** Takes the place of __NAME__ in the scenario. MORE is header lines, each after a line break; none by default. */
  readonly values?: Readonly<Record<string, string>>;
  /** Percentage of its messages, sent and received, that it pretends to lose; default 0. */
  readonly lossPercent?: number;
  /** Begins the Call-ID of each call, which goes on with `-` and the number of the call from 1. */
  readonly callIdPrefix?: string;
  /** The largest number of calls at once. */
  readonly callsAtOnce?: number;
  readonly timeoutSeconds?: number;
}

/** @throws with what to install when there is no sipp. */
export function requireSipp(): void {
  const { error } = spawnSync('sipp', ['-v']);
  if (error === undefined) return;
  throw new Error(
    'the interop tests place real calls with sipp, which is not installed: install it with `sudo apt-get install sip-tester`',
  );
}

export class Sipp {
  readonly local: Endpoint;
  readonly #child: Child;
  readonly #directory: string;
  readonly #timeoutMs: number;

  private constructor(options: SippOptions, directory: string) {
    const { scenario, local, timeoutSeconds = 60 } = options;
    this.local = local;
    this.#directory = directory;
    this.#timeoutMs = (timeoutSeconds + 5) * 1000;
    this.#child = new Child(`sipp ${scenario}`, {
      command: 'sipp',
      args: sippArguments(options, timeoutSeconds),
      cwd: directory,
    });
  }

  /** Resolves once it is listening. `parent` is a directory for its scenario and logs. */
  static async start(options: SippOptions, parent: string): Promise<Sipp> {
    const directory = mkdtempSync(join(parent, `${options.scenario}-`));
    writeFileSync(join(directory, 'scenario.xml'), scenarioText(options.scenario, options.values ?? {}));
    const sipp = new Sipp(options, directory);
    const { transport = 'udp', local, remote } = options;
    if (transport === 'tcp' && remote !== undefined) return sipp;
    await until(`${sipp.#child.name} listens on ${hostPort(local)}`, () => {
      // A caller may have finished before we looked.
      return sipp.#child.exit !== null || isBound(local, transport) ? true : undefined;
    });
    return sipp;
  }

  /** @throws with what sipp itself complained about when a call of it did not go as its scenario says. */
  async succeeded(): Promise<void> {
    const exit = await this.#child.ended(this.#timeoutMs);
    if (exit.code === 0) return;
    throw new Error(`${this.#child.name} ended with ${exit.code ?? exit.signal}\n${this.complaints()}`);
  }

  get running(): boolean {
    return this.#child.exit === null;
  }

  /** Every message it received, in order. */
  received(): readonly string[] {
    return this.#messages('received');
  }

  /** Every message it sent, in order. */
  sent(): readonly string[] {
    return this.#messages('sent');
  }

  /** Messages received whose first line starts so: `INVITE `, `SIP/2.0 200`. */
  heard(start: string): readonly string[] {
    return this.received().filter(message => message.startsWith(start));
  }

  complaints(): string {
    const logs = readdirSync(this.#directory).filter(file => file.endsWith('errors.log'));
    return logs.map(file => readFileSync(join(this.#directory, file), 'utf8').slice(0, 4000)).join('\n');
  }

  kill(): Promise<void> {
    return this.#child.kill();
  }

  #messages(direction: 'sent' | 'received'): readonly string[] {
    const log = join(this.#directory, 'messages.log');
    if (!existsSync(log)) return [];
    return readFileSync(log, 'utf8')
      .split(/^-{20,} .*\n/m)
      .map(entry => /^\S+ message (sent|received)[^\n]*\n\n?([\s\S]*)$/.exec(entry))
      .filter(match => match?.[1] === direction)
      .map(match => match![2]!.trimStart());
  }
}

function scenarioText(name: string, values: Readonly<Record<string, string>>): string {
  let text = readFileSync(join(scenarioDirectory, `${name}.xml`), 'utf8');
  for (const [key, value] of Object.entries({ MORE: '', ...values }))
    text = text.replaceAll(`__${key}__`, value);
  const missing = /__[A-Z]+__/.exec(text.replace(/<!--[\s\S]*?-->/g, ''));
  if (missing !== null) throw new Error(`scenario ${name} needs a value for ${missing[0]}`);
  return text;
}

function sippArguments(options: SippOptions, timeoutSeconds: number): string[] {
  const { local, remote, calls = 1, rate = 10, pauseMs = 200, transport = 'udp' } = options;
  const { lossPercent = 0, callIdPrefix, callsAtOnce } = options;
  const args = ['-sf', 'scenario.xml', '-i', local.address, '-bind_local', '-p', String(local.port)];
  args.push('-mi', local.address, '-t', transport === 'udp' ? 'u1' : 't1', '-nostdin');
  args.push('-m', String(calls), '-d', String(pauseMs));
  args.push('-timeout', String(timeoutSeconds), '-timeout_error', '-trace_err');
  args.push('-trace_msg', '-message_file', 'messages.log');
  if (lossPercent > 0) args.push('-lost', String(lossPercent));
  if (callIdPrefix !== undefined) args.push('-cid_str', `${callIdPrefix}-%u`);
  if (remote === undefined) return args;
  args.push('-r', String(rate), '-s', options.callee ?? '442079460000');
  args.push('-l', String(callsAtOnce ?? Math.max(calls, 1)));
  args.push('-key', 'caller', options.caller ?? '33142685300');
  return [...args, hostPort(remote)];
}
