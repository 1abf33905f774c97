import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/config/snapshot.ts';
import type { Edge, EdgeOptions } from '../../src/edge/edge.ts';
import { knownSources } from '../../src/live/known-sources.ts';
import { readSecret, startSipServer } from '../../src/live/sip-server.ts';
import { StartError } from '../../src/live/start-error.ts';
import { temporaryDirectory } from '../store/records.ts';
import { buildSnapshot } from '../support/snapshot-builder.ts';
import { FakeLog, FakeTime, settle } from './fakes.ts';

const test = suite('live/sip-server');

function network(address: string): Snapshot {
  return buildSnapshot({
    mappingGateways: [{ name: 'retail', addresses: [address] }],
    routingGateways: [
      { name: 'acme', prefixes: ['44'], address: { host: '127.0.6.20' } },
      { name: 'named', prefixes: ['44'], address: { host: 'sip.example.net' } },
    ],
  });
}

/** An edge that lives and dies as the test says. */
class FakeEdge implements Edge {
  readonly control: { readonly address: string; readonly port: number };
  readonly listening = [];
  readonly failed: Promise<Error>;
  readonly sources: (readonly string[] | null)[] = [];
  die!: (error: Error) => void;
  closed = false;

  constructor({ control }: EdgeOptions) {
    this.control = { address: '127.0.0.1', port: control!.port === 0 ? 9022 : control!.port };
    this.failed = new Promise(resolve => {
      this.die = resolve;
    });
  }

  setKnownSources(sources: readonly string[] | null): void {
    this.sources.push(sources);
  }

  counters(): Promise<Readonly<Record<string, number>>> {
    return Promise.resolve({ requests_received: 7 });
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

test('the networks of a snapshot are told apart from everybody else', () => {
  assert.equal(knownSources(network('192.0.2.0/24')), ['192.0.2.0/24', '127.0.6.20']);
  assert.equal(knownSources(network('2001:db8::1'))[0], '2001:db8:0:0:0:0:0:1/128');
});

test('an edge that dies is started again, where it was, with the newest sources, later and later', async () => {
  const time = new FakeTime();
  const log = new FakeLog();
  const edges: FakeEdge[] = [];
  const options: EdgeOptions[] = [];
  let refusals = 0;
  const server = await startSipServer({
    directory: '/',
    snapshot: network('127.0.6.10'),
    env: {},
    log,
    timers: time,
    startEdge: async given => {
      options.push(given);
      if (refusals > 0) {
        refusals -= 1;
        throw new Error('address in use');
      }
      edges.push(new FakeEdge(given));
      return edges.at(-1)!;
    },
  });
  assert.equal(edges[0]!.sources, [['127.0.6.10/32', '127.0.6.20']]);
  const next = network('127.0.6.11');
  const parameters = { ...next.parameters, resendIntervalsMs: [700] };
  server.useSnapshot({ ...next, parameters });
  assert.equal(edges[0]!.sources.at(-1), ['127.0.6.11/32', '127.0.6.20']);

  refusals = 2;
  edges[0]!.die(new Error('out of memory'));
  await settle();
  await time.pass(100);
  await time.pass(200);
  assert.is(edges.length, 1);
  await time.pass(400);

  assert.is(edges.length, 2);
  assert.equal(edges[1]!.sources, [['127.0.6.11/32', '127.0.6.20']]);
  assert.is(options.at(-1)!.control!.port, server.port);
  assert.equal(options.at(-1)!.resendIntervalsMs, [700]);
  assert.is(options.at(-1)!.secret, server.secret);
  assert.equal(await server.counters(), { requests_received: 7, restarts: 1 });
  assert.not(
    log.lines.some(line => line.includes(server.secret)),
    'the secret is never logged',
  );
  await server.close();
  assert.ok(edges[1]!.closed);
  assert.is(time.timerCount, 0, 'nothing keeps the process waiting');
  edges[1]!.die(new Error('closed'));
  await time.pass(60_000);
  assert.is(edges.length, 2, 'a closed one stays closed');
});

test('each edge has a secret of its own', async () => {
  const start = () =>
    startSipServer({
      directory: '/',
      snapshot: network('127.0.6.10'),
      env: {},
      log: new FakeLog(),
      timers: new FakeTime(),
      startEdge: async given => new FakeEdge(given),
    });

  const [one, other] = [await start(), await start()];

  assert.ok(one.secret.length >= 32);
  assert.is.not(one.secret, other.secret);
});

test('the secret of a drachtio-server comes from the environment or a file, and its absence is told', () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory.path, 'secret'), 'cymru\n');
  writeFileSync(join(directory.path, 'empty'), '\n');
  const read = (reference: { readonly env: string } | { readonly file: string }) =>
    readSecret(reference, directory.path, { SECRET: 'cymru', EMPTY: '' });

  assert.is(read({ env: 'SECRET' }), 'cymru');
  assert.is(read({ file: 'secret' }), 'cymru');
  for (const missing of [{ env: 'NONE' }, { env: 'EMPTY' }, { file: 'none' }, { file: 'empty' }]) {
    assert.throws(
      () => read(missing),
      (error: unknown) => error instanceof StartError && error.hint !== null,
    );
  }
  directory.remove();
});

test('the edge is told of sources that changed, and of no others', async () => {
  const edges: FakeEdge[] = [];
  const server = await startSipServer({
    directory: '/nowhere',
    snapshot: network('192.0.2.1'),
    env: {},
    log: new FakeLog(),
    timers: new FakeTime(),
    startEdge: async options => {
      const edge = new FakeEdge(options);
      edges.push(edge);
      return edge;
    },
  });
  const told = () => edges[0]!.sources.length;
  const atStart = told();
  server.useSnapshot(network('192.0.2.1'));
  assert.is(told(), atStart);
  server.useSnapshot(network('192.0.2.9'));
  assert.is(told(), atStart + 1);
  server.useSnapshot(network('192.0.2.1'));
  assert.equal(edges[0]!.sources.at(-1), ['192.0.2.1/32', '127.0.6.20']);
  await server.close();
});

test.run();
