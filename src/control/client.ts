/** Asks the switch that runs for a configuration directory. */
import { request } from 'node:http';
import { socketAddress } from './socket.ts';

/** Nothing runs there, or it does not answer. */
export class UnreachableError extends Error {
  /**
   * `absent`: there is none. `busy`: there is one, and it has not taken the request. `lost`: the request has left and
   * may have been carried out.
   */
  readonly kind: 'absent' | 'busy' | 'lost';
  readonly hint: string;

  constructor(directory: string, reason: string, kind: UnreachableError['kind'], hint: string = startHint) {
    super(`no switch answers for ${directory}: ${reason}`);
    this.name = 'UnreachableError';
    this.kind = kind;
    this.hint = hint;
  }
}

const startHint = 'start it with `class4 run`, or name its directory with --config';

/** The switch said no. */
export class RefusedError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null) {
    super(message);
    this.name = 'RefusedError';
    this.hint = hint;
  }
}

/** A reload of a large configuration takes its time. */
const answerTimeoutMs = 150_000;

/**
 * Sends one request and returns the answer's JSON.
 * @throws UnreachableError, RefusedError
 */
export async function askSwitch(
  directory: string,
  method: 'GET' | 'POST',
  path: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const { bytes } = await ask(directory, method, path, body);
  return JSON.parse(bytes.toString('utf8')) as unknown;
}

/**
 * As `askSwitch`, for an answer that is no JSON.
 * @throws UnreachableError, RefusedError
 */
export async function askSwitchForBytes(directory: string, path: string): Promise<Buffer> {
  return (await ask(directory, 'GET', path, undefined)).bytes;
}

async function ask(
  directory: string,
  method: 'GET' | 'POST',
  path: string,
  body: Readonly<Record<string, unknown>> | undefined,
): Promise<{ readonly bytes: Buffer }> {
  const address = socketAddress(directory);
  if (address === null) throw new UnreachableError(directory, 'there is no control socket', 'absent');
  try {
    const { status, bytes } = await send(directory, address.path, method, path, body);
    if (status === 200) return { bytes };
    const answer = JSON.parse(bytes.toString('utf8')) as {
      readonly error?: string;
      readonly hint?: string | null;
    };
    if (status === 503) {
      throw new UnreachableError(directory, answer.error ?? 'it is busy', 'busy', 'try again in a moment');
    }
    throw new RefusedError(answer.error ?? `status ${status}`, answer.hint ?? null);
  } finally {
    address.release();
  }
}

function send(
  directory: string,
  socket: string,
  method: string,
  path: string,
  body: Readonly<Record<string, unknown>> | undefined,
): Promise<{ readonly status: number; readonly bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: socket, method, path, timeout: answerTimeoutMs }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', fail);
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(chunks) });
      });
    });
    function fail(error: Error): void {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ECONNREFUSED') {
        reject(new UnreachableError(directory, 'none is running', 'absent'));
      } else if (code === 'EACCES' || code === 'EPERM') {
        const hint = `run the command as the user that runs the switch: ${socket} is private to it`;
        reject(new UnreachableError(directory, 'this user may not ask it', 'busy', hint));
      } else {
        reject(new UnreachableError(directory, error.message, 'lost', 'see the log of the switch'));
      }
    }
    outgoing.once('timeout', () => outgoing.destroy(new Error('it does not answer in time')));
    outgoing.once('error', fail);
    outgoing.end(body === undefined ? '' : JSON.stringify(body));
  });
}
