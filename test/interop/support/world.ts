/** One test's world: a configuration, the switch that serves it, and the peers around it. Nothing outlives the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Class4 } from './class4.ts';
import { Datagrams } from './datagrams.ts';
import { type Network, type NetworkOptions, type VendorName, writeNetwork } from './network.ts';
import { type Endpoint, freeEndpoint } from './ports.ts';
import { requireSipp, Sipp, type SippOptions } from './sipp.ts';

type PeerOptions = Omit<SippOptions, 'local' | 'remote' | 'scenario'>;
export type CallerName = keyof Network['callers'];

export class World {
  readonly directory: string;
  readonly #releases: (() => Promise<void> | void)[] = [];
  readonly #sipps: Sipp[] = [];
  #network: Network | null = null;
  #switch: Class4 | null = null;

  constructor() {
    this.directory = mkdtempSync(join(tmpdir(), 'class4-interop-'));
    this.release(() => rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 }));
  }

  get network(): Network {
    if (this.#network === null) throw new Error('this world has no network yet');
    return this.#network;
  }

  get switch(): Class4 {
    if (this.#switch === null) throw new Error('this world has no switch yet');
    return this.#switch;
  }

  /** Called when the test is over, last one first. */
  release(undo: () => Promise<void> | void): void {
    this.#releases.push(undo);
  }

  async prepare(options: NetworkOptions = {}): Promise<Network> {
    this.#network = await writeNetwork(mkdtempSync(join(this.directory, 'configuration-')), options);
    this.#switch = new Class4(this.#network.directory);
    const started = this.#switch;
    this.release(() => started.kill());
    return this.#network;
  }

  /** Writes the configuration and starts the switch. */
  async start(options: NetworkOptions = {}): Promise<void> {
    await this.prepare(options);
    await this.switch.start();
  }

  vendor(name: VendorName, scenario: string, options: PeerOptions = {}): Promise<Sipp> {
    return this.#sipp({ scenario, local: this.network.vendors[name], ...options });
  }

  async caller(scenario: string, options: PeerOptions & { readonly as?: CallerName } = {}): Promise<Sipp> {
    const { as = 'blue', ...rest } = options;
    const local = await freeEndpoint(this.network.callers[as]);
    return this.#sipp({ scenario, local, remote: this.network.sip, ...rest });
  }

  async datagrams(local: Endpoint): Promise<Datagrams> {
    const socket = await Datagrams.open(local);
    this.release(() => socket.close());
    return socket;
  }

  /** Makes a peer that waits for a MESSAGE in its call go on with its scenario. */
  async tell(peer: Sipp, callId: string): Promise<void> {
    const socket = await this.datagrams(
      await freeEndpoint(peer.local.address.includes(':') ? '::1' : '127.0.8.40'),
    );
    const { address, port } = socket.local;
    await socket.send(
      [
        'MESSAGE sip:peer SIP/2.0',
        `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bKtell`,
        'From: <sip:test@127.0.8.40>;tag=test',
        'To: <sip:peer@127.0.8.40>',
        `Call-ID: ${callId}`,
        'CSeq: 1 MESSAGE',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
      peer.local,
    );
  }

  /** The switch ends in order when the story was a good one. */
  async close(): Promise<void> {
    if (this.#switch?.running !== true) return;
    const code = await this.#switch.stop();
    assert.is(code, 0, `the switch ended with ${code} on SIGTERM\n${this.#switch.log}`);
    assert.not.match(this.#switch.log, /this is a bug/, 'the switch found a bug in itself');
  }

  async releaseAll(): Promise<void> {
    for (const undo of this.#releases.toReversed()) await undo();
  }

  /** What helps to understand a failure. */
  describe(): string {
    const peers = this.#sipps.map(sipp => sipp.complaints()).filter(text => text !== '');
    return [`switch:\n${(this.#switch?.log ?? '').slice(-6000)}`, ...peers].join('\n');
  }

  async #sipp(options: SippOptions): Promise<Sipp> {
    const sipp = await Sipp.start(options, this.directory);
    this.#sipps.push(sipp);
    this.release(() => sipp.kill());
    return sipp;
  }
}

/** Wraps a story into a test: gives it a world, and takes everything away whatever happens. */
export function interop(story: (world: World) => Promise<void>): () => Promise<void> {
  return async () => {
    requireSipp();
    const world = new World();
    try {
      await story(world);
      await world.close();
    } catch (error) {
      process.stderr.write(`${world.describe()}\n`);
      throw error;
    } finally {
      await world.releaseAll();
    }
  };
}
