import { createSocket } from 'node:dgram';
import type { Listener } from '../context.ts';

/** A place that answered within this time is not probed. */
const HEARD_MS = 60_000;
const PROBE_AGAIN_MS = 500;
const PROBE_WAIT_MS = 300;
const MAX_PLACES = 4096;
const MAX_PROBES = 32;

/**
 * Whether anything listens at a UDP address. An unconnected socket never hears that a port is closed, so a connected
 * one sends an empty keep-alive there, which SIP stacks ignore, and waits a moment for the refusal.
 */
export class Probes {
  readonly #heard = new Map<string, number>();
  readonly #probed = new Map<string, number>();
  readonly #onRefused: (address: string, port: number) => void;
  #open = 0;

  constructor(onRefused: (address: string, port: number) => void) {
    this.#onRefused = onRefused;
  }

  heard(address: string, port: number, at: number): void {
    const key = `${address}|${port}`;
    const last = this.#heard.get(key);
    // Exact enough, and most datagrams come from where the last one came from.
    if (last !== undefined && at - last < HEARD_MS / 4) return;
    if (this.#heard.size >= MAX_PLACES) this.#heard.clear();
    this.#heard.set(key, at);
  }

  /** Called with every request that is sent. */
  sent(listener: Listener, address: string, port: number, at: number): void {
    const key = `${address}|${port}`;
    const heard = this.#heard.get(key);
    if (heard !== undefined && at - heard < HEARD_MS) return;
    const probed = this.#probed.get(key);
    if ((probed !== undefined && at - probed < PROBE_AGAIN_MS) || this.#open >= MAX_PROBES) return;
    if (this.#probed.size >= MAX_PLACES) this.#probed.clear();
    this.#probed.set(key, at);
    this.#probe(listener, address, port);
  }

  #probe(listener: Listener, address: string, port: number): void {
    this.#open++;
    const socket = createSocket(listener.family === 6 ? 'udp6' : 'udp4');
    let over = false;
    const finish = (refused: boolean): void => {
      if (over) return;
      over = true;
      this.#open--;
      clearTimeout(patience);
      socket.close();
      if (refused) this.#onRefused(address, port);
    };
    const patience = setTimeout(() => finish(false), PROBE_WAIT_MS);
    socket.on('error', error => finish((error as NodeJS.ErrnoException).code === 'ECONNREFUSED'));
    socket.connect(port, address, () => {
      if (!over) socket.send('\r\n\r\n', () => undefined);
    });
  }
}
