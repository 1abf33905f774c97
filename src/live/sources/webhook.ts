/**
 * Hears that a followed branch changed. Whoever knows the secret has it looked at, and nothing that is sent is used for
 * anything else. Strangers learn nothing, not even whether this is a webhook.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../../diagnostics/logger.ts';
import type { Clock } from '../clock.ts';

export interface WebhookOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Read for each request, because whoever hands it out renews it. @throws Error when there is none */
  readonly secret: () => string;
  readonly onPoke: () => void;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface Webhook {
  /** `127.0.0.1:9418` */
  readonly listening: string;
  readonly counters: WebhookCounters;
  close(): Promise<void>;
}

export interface WebhookCounters {
  webhookAccepted: number;
  webhookRefused: number;
  /** Not even looked at: one address sends too many, or too many are sent at once. */
  webhookDropped: number;
}

/** GitHub sends up to 25 MB; it is hashed as it comes and kept nowhere. */
const bodyBytes = 25 * 2 ** 20;
const requestMs = 10_000;
/** How late it may be noticed that a request takes too long. */
const checkMs = 1000;
const connections = 32;
/** Somebody who holds connections open keeps nobody else out. */
const connectionsOfOneAddress = 8;
/** One address may send so many at once, and one more each second. */
const burst = 10;
const addressesKnown = 1024;

/** @throws Error of the system when the address cannot be listened on */
export async function openWebhook(options: WebhookOptions): Promise<Webhook> {
  const counters: WebhookCounters = { webhookAccepted: 0, webhookRefused: 0, webhookDropped: 0 };
  const quota = new Quota(options.clock);
  let complained = false;
  const server = createServer({ connectionsCheckingInterval: checkMs }, (request, response) => {
    const from = request.socket.remoteAddress ?? '';
    if (!quota.take(from)) {
      counters.webhookDropped += 1;
      request.socket.destroy();
      return;
    }
    void judge(request, secretOf)
      .then(isGood => {
        counters[isGood ? 'webhookAccepted' : 'webhookRefused'] += 1;
        answer(response, isGood ? 204 : 404);
        if (isGood) options.onPoke();
      })
      .catch(() => request.socket.destroy());
  });
  function secretOf(): string | null {
    try {
      return options.secret();
    } catch (error) {
      if (!complained) options.log.error('The webhook takes nothing', { error: (error as Error).message });
      complained = true;
      return null;
    }
  }
  server.maxConnections = connections;
  server.maxHeadersCount = 100;
  server.requestTimeout = requestMs;
  server.headersTimeout = requestMs / 2;
  server.keepAliveTimeout = 1;
  server.on('drop', () => {
    counters.webhookDropped += 1;
  });
  limitConnections(server, () => {
    counters.webhookDropped += 1;
  });
  // What is no HTTP gets no answer.
  server.on('clientError', (_error, socket) => socket.destroy());
  await listen(server, options);
  // What goes wrong later concerns one connection.
  server.on('error', error => options.log.warn('The webhook had an error', { error: error.message }));
  return {
    listening: listeningText(server),
    counters,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function limitConnections(server: Server, onDrop: () => void): void {
  const open = new Map<string, number>();
  server.prependListener('connection', (socket: Socket) => {
    const from = socket.remoteAddress ?? '';
    const before = open.get(from) ?? 0;
    if (before >= connectionsOfOneAddress) {
      onDrop();
      socket.destroy();
      return;
    }
    open.set(from, before + 1);
    socket.once('close', () => {
      const left = open.get(from)! - 1;
      if (left > 0) open.set(from, left);
      else open.delete(from);
    });
  });
}

function listen(server: Server, { address, port }: WebhookOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function listeningText(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a TCP server listens on an address');
  return bound.family === 'IPv6' ? `[${bound.address}]:${bound.port}` : `${bound.address}:${bound.port}`;
}

async function judge(request: IncomingMessage, secretOf: () => string | null): Promise<boolean> {
  const signature = header(request, 'x-hub-signature-256');
  const token = header(request, 'x-gitlab-token');
  if (request.method !== 'POST' || (signature === null && token === null)) return false;
  const secret = secretOf();
  if (secret === null) return false;
  const hmac = createHmac('sha256', secret);
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > bodyBytes) return false;
    hmac.update(part as Buffer);
  }
  if (signature !== null) return isSame(signature, `sha256=${hmac.digest('hex')}`);
  return isSame(token!, secret);
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

/** Takes as long for every wrong value, whatever its length. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close', 'content-length': '0' });
  response.end();
}

/** How many requests each address may still send. */
class Quota {
  readonly #clock: Clock;
  readonly #left = new Map<string, { requests: number; atMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(address: string): boolean {
    const atMs = this.#clock();
    const before = this.#left.get(address) ?? { requests: burst, atMs };
    const requests = Math.min(burst, before.requests + (atMs - before.atMs) / 1000);
    // The one that was used last goes to the end, so that the first one is the one to forget.
    this.#left.delete(address);
    this.#left.set(address, { requests: requests < 1 ? requests : requests - 1, atMs });
    if (this.#left.size > addressesKnown) this.#left.delete(this.#left.keys().next().value!);
    return requests >= 1;
  }
}
