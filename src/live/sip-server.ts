/** The SIP server behind us: our own edge in a worker thread, restarted when it dies, or a drachtio-server elsewhere. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SecretReference, Snapshot } from '../config/snapshot.ts';
import type { Logger } from '../diagnostics/logger.ts';
import { type Edge, type EdgeOptions, startEdge } from '../edge/edge.ts';
import type { Timers } from './clock.ts';
import { knownSources } from './known-sources.ts';
import { messageOf } from './performer.ts';
import { StartError } from './start-error.ts';

export interface SipServer {
  readonly kind: 'embedded' | 'drachtio';
  /** Where the SIP adapter connects to, and with which secret. */
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  /** `udp/127.0.0.1:5060`; empty for a server that is not ours. */
  readonly listening: readonly string[];
  /** `candidate` is tried on a share of the calls; null for none. */
  useSnapshot(snapshot: Snapshot, candidate?: Snapshot | null): void;
  counters(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

export interface SipServerOptions {
  readonly directory: string;
  readonly snapshot: Snapshot;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly timers: Timers;
  readonly startEdge?: (options: EdgeOptions) => Promise<Edge>;
}

/** @throws StartError */
export async function startSipServer(options: SipServerOptions): Promise<SipServer> {
  const { server } = options.snapshot.switch.sip;
  if (server.kind === 'embedded') return EmbeddedServer.start(options);
  return {
    kind: 'drachtio',
    host: server.host,
    port: server.port,
    secret: readSecret(server.secret, options.directory, options.env),
    listening: [],
    useSnapshot() {},
    counters: () => Promise.resolve({}),
    close: () => Promise.resolve(),
  };
}

/** @throws StartError naming where the secret was looked for, never the secret. */
export function readSecret(
  reference: SecretReference,
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  if ('env' in reference) {
    const secret = env[reference.env];
    if (secret !== undefined && secret !== '') return secret;
    throw new StartError(`the environment variable ${reference.env} holds no secret`, {
      hint: 'set it to the secret of the drachtio-server named in sip.server of switch.yaml',
    });
  }
  const path = resolve(directory, reference.file);
  let secret: string;
  try {
    secret = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new StartError(`cannot read the secret in ${path}: ${messageOf(error)}`, {
      hint: 'check the path in sip.server of switch.yaml and the permissions of the file',
      cause: error,
    });
  }
  if (secret !== '') return secret;
  throw new StartError(`the secret file ${path} is empty`, {
    hint: 'put the secret of the drachtio-server into it',
  });
}

const restartFirstMs = 100;
const restartLongestMs = 10_000;
/** An edge that ran this long has proved itself: the next restart is quick again. */
const provenMs = 60_000;

class EmbeddedServer implements SipServer {
  readonly kind = 'embedded';
  readonly host = '127.0.0.1';
  readonly port: number;
  readonly secret: string;
  readonly listening: readonly string[];
  readonly #options: SipServerOptions;
  #edge: Edge | null;
  #snapshot: Snapshot;
  #candidate: Snapshot | null = null;
  #restartMs = restartFirstMs;
  #restarts = 0;
  #cancelRestart = (): void => {};
  #cancelProven = (): void => {};
  /** What the edge knows. */
  #toldSources: readonly string[] = [];
  #closed = false;

  private constructor(options: SipServerOptions, edge: Edge, secret: string) {
    this.#options = options;
    this.#edge = edge;
    this.#snapshot = options.snapshot;
    this.secret = secret;
    this.port = edge.control.port;
    this.listening = edge.listening.map(({ transport, address, port }) => {
      return `${transport}/${address.includes(':') ? `[${address}]` : address}:${port}`;
    });
    this.#adopt(edge);
  }

  static async start(options: SipServerOptions): Promise<EmbeddedServer> {
    // Known to this process alone: only our own adapter is to speak to the edge.
    const secret = randomBytes(24).toString('base64url');
    try {
      const edge = await launch(options, secret, 0, options.snapshot);
      return new EmbeddedServer(options, edge, secret);
    } catch (error) {
      throw new StartError(messageOf(error), {
        hint: 'see sip.listen in switch.yaml',
        cause: error,
      });
    }
  }

  useSnapshot(snapshot: Snapshot, candidate: Snapshot | null = null): void {
    this.#snapshot = snapshot;
    this.#candidate = candidate;
    const sources = this.#knownSources();
    if (this.#edge === null || isSameList(sources, this.#toldSources)) return;
    this.#toldSources = sources;
    this.#edge.setKnownSources(sources);
  }

  #knownSources(): readonly string[] {
    const known = knownSources(this.#snapshot);
    if (this.#candidate === null) return known;
    return [...new Set([...known, ...knownSources(this.#candidate)])];
  }

  async counters(): Promise<Readonly<Record<string, number>>> {
    const counters = this.#edge === null ? {} : await this.#edge.counters();
    return { ...counters, restarts: this.#restarts };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRestart();
    this.#cancelProven();
    await this.#edge?.close();
  }

  #adopt(edge: Edge): void {
    this.#edge = edge;
    this.#toldSources = this.#knownSources();
    edge.setKnownSources(this.#toldSources);
    this.#cancelProven = this.#options.timers.after(provenMs, () => {
      this.#restartMs = restartFirstMs;
    });
    void edge.failed.then(error => {
      this.#cancelProven();
      this.#edge = null;
      if (this.#closed) return;
      this.#options.log.error('The embedded SIP server died; it is started again', { error: error.message });
      this.#scheduleRestart();
    });
  }

  /** On the same control port, where the adapter keeps knocking. */
  #scheduleRestart(): void {
    this.#cancelRestart = this.#options.timers.after(this.#restartMs, () => {
      launch(this.#options, this.secret, this.port, this.#snapshot)
        .then(edge => {
          if (this.#closed) return edge.close();
          this.#restarts += 1;
          this.#options.log.info('The embedded SIP server is back', { restarts: this.#restarts });
          this.#adopt(edge);
          return undefined;
        })
        .catch((error: unknown) => {
          this.#options.log.error('The embedded SIP server cannot be started', { error: messageOf(error) });
          if (!this.#closed) this.#scheduleRestart();
        });
    });
    this.#restartMs = Math.min(this.#restartMs * 2, restartLongestMs);
  }
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

/** Listeners are those of the start, since they change with a restart only; parameters are the current ones. */
function launch(
  options: SipServerOptions,
  secret: string,
  controlPort: number,
  current: Snapshot,
): Promise<Edge> {
  return (options.startEdge ?? startEdge)({
    listen: options.snapshot.switch.sip.listen,
    control: { address: '127.0.0.1', port: controlPort },
    secret,
    resendIntervalsMs: current.parameters.resendIntervalsMs,
  });
}
