/**
 * The embedded SIP server of a world: on the world's own address, either in this thread with the world's time, or in
 * its worker thread as in service.
 */

import { type Edge, type EdgeOptions, startEdge } from '../../../src/edge/edge.ts';
import { DEFAULT_RESEND_INTERVALS_MS, type EdgeCore } from '../../../src/edge/edge-core.ts';
import { type DriverTime, startDriver } from '../../../src/edge/sockets/driver.ts';
import { Sources } from '../../../src/edge/user-agent/sources.ts';
import type { SocketAddress } from '../peers/endpoint.ts';

export interface WorldEdgeOptions {
  readonly address: string;
  /** null for the worker thread. */
  readonly driver: DriverTime | null;
  /** Addresses of guests: as the configuration has them, and as they are here. */
  readonly guests: () => ReadonlyMap<string, string>;
}

/** Of the counters, those that grow and shrink. */
const sizes: ReadonlySet<string> = new Set([
  'dialogs',
  'server_transactions',
  'client_transactions',
  'timers',
]);

export class WorldEdge {
  readonly #options: WorldEdgeOptions;
  #port = 0;
  #edge: Edge | null = null;
  #core: EdgeCore | null = null;
  #crash: (error: Error) => void = () => {};

  constructor(options: WorldEdgeOptions) {
    this.#options = options;
  }

  get address(): SocketAddress {
    return { address: this.#options.address, port: this.#port };
  }

  /** False from a crash until the switch has started it again. */
  get isUp(): boolean {
    return this.#edge !== null;
  }

  /** Grows with whatever it hears or does by itself; 0 always in the worker thread. */
  get movement(): number {
    let total = 0;
    for (const [name, value] of Object.entries(this.#core?.counters() ?? {})) {
      if (!sizes.has(name)) total += value;
    }
    return total;
  }

  get isInTransaction(): boolean {
    const { server_transactions = 0, client_transactions = 0 } = this.#core?.counters() ?? {};
    return server_transactions + client_transactions > 0;
  }

  /** In place of `startEdge`: the same port again after a restart, since the peers know it. */
  readonly start = async (options: EdgeOptions): Promise<Edge> => {
    const { address, driver, guests } = this.#options;
    const listen = [{ transport: 'udp', address, port: this.#port } as const];
    const started =
      driver === null ? await startEdge({ ...options, listen }) : await this.#inThread(options, driver);
    this.#port = started.listening[0]!.port;
    const edge: Edge = {
      ...started,
      listening: started.listening,
      control: started.control,
      failed: started.failed,
      counters: () => started.counters(),
      close: () => started.close(),
      setKnownSources(sources) {
        const known = new Sources();
        known.set(sources);
        const here = [...guests()]
          .filter(([original]) => known.isKnown(original))
          .map(([, mapped]) => mapped);
        started.setKnownSources(here);
      },
    };
    this.#edge = edge;
    return edge;
  };

  /** Its sockets are closed without a farewell, and its owner hears that it is dead. */
  async crash(): Promise<void> {
    const edge = this.#edge;
    this.#edge = null;
    await edge?.close();
    this.#crash(new Error('the SIP server of this world was made to crash'));
  }

  async #inThread(options: EdgeOptions, driver: DriverTime): Promise<Edge> {
    const { secret, resendIntervalsMs = DEFAULT_RESEND_INTERVALS_MS } = options;
    const control = options.control ?? { address: '127.0.0.1', port: 0 };
    const listen = [{ transport: 'udp', address: this.#options.address, port: this.#port } as const];
    const running = await startDriver({ listen, control, secret, resendIntervalsMs }, driver);
    const { core } = running;
    this.#core = core;
    return {
      control: running.control,
      listening: running.listening,
      setKnownSources: sources => core.setKnownSources(sources),
      counters: () => Promise.resolve(core.counters()),
      close: () => running.stop(),
      failed: new Promise(resolve => {
        this.#crash = resolve;
      }),
    };
  }
}
