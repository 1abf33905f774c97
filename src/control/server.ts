/** HTTP over a unix socket: whoever may enter the directory's `var/` may operate the switch, and nobody else. */
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from '../diagnostics/logger.ts';
import { OperationError, type SwitchOperations } from '../live/operations.ts';
import { ControlSocketError } from './control-socket-error.ts';
import { type Answer, findRoute } from './routes.ts';
import { runtimeDirectory, type SocketAddress, socketAddress, socketPath } from './socket.ts';

export interface ControlServer {
  /** From now on requests are answered; before, they are told to wait. */
  serve(operations: SwitchOperations): void;
  close(): Promise<void>;
}

const bodyBytesMax = 65_536;
const connectionsMax = 64;
const requestTimeoutMs = 10_000;
/** How often the socket is looked for: cleaners of old files remove it, and directories are replaced. */
const lookMs = 5000;

/**
 * Takes the control socket of the directory, which makes this process its one switch. A socket that a dead process
 * left behind is replaced.
 * @throws ControlSocketError
 */
export async function openControlServer(
  directory: string,
  log: Logger,
  everyMs: number = lookMs,
): Promise<ControlServer> {
  const state: { operations: SwitchOperations | null } = { operations: null };
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    answerRequest(request, response, state.operations, log).catch((error: unknown) => {
      log.error('A control request failed', { path: request.url ?? '', error: String(error) });
      respond(response, { status: 500, body: { error: 'internal error; see the log of the switch' } });
    });
  };
  let listener: Listener | null = await openListener(directory, handler);
  let renewing: Promise<void> | null = null;
  const looking = setInterval(() => {
    if (existsSync(socketPath(directory)) || !existsSync(directory)) return;
    renewing ??= renew().finally(() => {
      renewing = null;
    });
  }, everyMs);
  looking.unref();
  async function renew(): Promise<void> {
    // Before the new one is there: closing removes whatever stands at its path.
    await listener?.close();
    listener = null;
    try {
      listener = await openListener(directory, handler);
      log.warn('The control socket was gone; there is a new one', { path: socketPath(directory) });
    } catch {
      // It is tried again; a switch without its socket still takes calls.
    }
  }
  return {
    serve(operations) {
      state.operations = operations;
    },
    async close() {
      clearInterval(looking);
      await renewing;
      await listener?.close();
    },
  };
}

interface Listener {
  close(): Promise<void>;
}

async function openListener(
  directory: string,
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Listener> {
  prepareDirectory(directory);
  const address = socketAddress(directory);
  if (address === null) {
    throw new ControlSocketError(
      'unusable',
      `the path ${socketPath(directory)} is too long for a socket`,
      'start class4 in the configuration directory itself, or move it to a shorter path',
    );
  }
  const server = createServer({ requestTimeout: requestTimeoutMs }, handler);
  server.maxConnections = connectionsMax;
  try {
    await listen(server, directory, address);
  } catch (error) {
    address.release();
    throw error;
  }
  return {
    async close() {
      await closeServer(server);
      address.release();
    },
  };
}

function prepareDirectory(directory: string): void {
  const path = runtimeDirectory(directory);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
  } catch (error) {
    throw new ControlSocketError(
      'unusable',
      `cannot use the directory ${path}: ${(error as Error).message}`,
      'give it to the user that runs the switch',
    );
  }
}

async function listen(server: Server, directory: string, address: SocketAddress): Promise<void> {
  try {
    await tryListen(server, address.path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw unusable(directory, error);
    if (await isAnswered(address.path)) {
      throw new ControlSocketError(
        'running',
        `a switch is already running for ${directory}`,
        'ask it with `class4 status`, or end it first',
      );
    }
    try {
      rmSync(socketPath(directory));
      await tryListen(server, address.path);
    } catch (again) {
      throw unusable(directory, again);
    }
  }
  chmodSync(socketPath(directory), 0o600);
}

function unusable(directory: string, error: unknown): ControlSocketError {
  return new ControlSocketError(
    'unusable',
    `cannot listen on ${socketPath(directory)}: ${(error as Error).message}`,
    'check the permissions of the directory, and that its file system supports sockets',
  );
}

function tryListen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Whether a living process listens there. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  operations: SwitchOperations | null,
  log: Logger,
): Promise<void> {
  const body = await readBody(request);
  if (body === null) {
    respond(response, { status: 413, body: { error: 'the request is too large' } });
    return;
  }
  if (operations === null) {
    respond(response, { status: 503, body: { error: 'the switch is starting or stopping' } });
    return;
  }
  try {
    const answer = await findRoute(request.method ?? '', request.url ?? '', body)(operations);
    if (answer.pieces === undefined) respond(response, answer);
    else await stream(response, answer.pieces);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const status = error.kind === 'notFound' ? 404 : 400;
    respond(response, { status, body: { error: error.message, hint: error.hint } });
    log.warn('A control request was refused', { path: request.url ?? '', reason: error.message });
  }
}

/** null when it is larger than any request of ours. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function respond(response: ServerResponse, { status, body, textType }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const text = textType === undefined ? JSON.stringify(body) : String(body);
  response.writeHead(status, {
    'content-type': textType ?? 'application/json',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  });
  response.end(text);
}

/** Piece by piece, as fast as the other side reads: calls are served in between. */
async function stream(response: ServerResponse, pieces: Iterable<Uint8Array>): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/octet-stream', connection: 'close' });
  try {
    await pipeline(Readable.from(pieces, { objectMode: true, highWaterMark: 1 }), response);
  } catch (error) {
    // Whoever asked has gone.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
