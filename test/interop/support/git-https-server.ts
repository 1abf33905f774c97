/** Git's own server program behind a small https server that wants a user and a token. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import type { Endpoint } from './ports.ts';

export interface HttpsOptions {
  /** What the repositories stand in. */
  readonly root: string;
  readonly endpoint: Endpoint;
  readonly certificate: Certificate;
  /** null lets everybody in. */
  readonly token: string | null;
}

export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export class GitHttpsServer {
  readonly origin: string;
  /** As they came, oldest first. */
  readonly requests: { readonly url: string; readonly authorization: string | null }[] = [];
  /** Where to send whoever asks, in place of an answer. */
  redirectTo: string | null = null;
  /** Answers nobody, and hangs up on nobody. */
  silent = false;
  readonly #options: HttpsOptions;
  readonly #server: Server;

  private constructor(options: HttpsOptions) {
    this.#options = options;
    this.origin = `https://${options.endpoint.address}:${options.endpoint.port}`;
    this.#server = createServer({ ...options.certificate }, (request, response) =>
      this.#answer(request, response),
    );
    // Whoever does not trust the certificate hangs up.
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(options: HttpsOptions): Promise<GitHttpsServer> {
    const started = new GitHttpsServer(options);
    const { address, port } = options.endpoint;
    await new Promise<void>((resolve, reject) => {
      started.#server.once('error', reject).listen({ host: address, port, exclusive: true }, () => resolve());
    });
    return started;
  }

  close(): Promise<void> {
    return new Promise(resolve => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { token, root } = this.#options;
    const { url = '/', headers } = request;
    const authorization = headers.authorization ?? null;
    this.requests.push({ url, authorization });
    if (this.silent) return;
    if (this.redirectTo !== null) {
      response.writeHead(302, { location: this.redirectTo + url }).end();
      return;
    }
    if (token !== null && authorization !== basic('git', token)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    serve(root, request, response);
  }
}

export function basic(user: string, token: string): string {
  return `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
}

/** The program speaks CGI (RFC 3875). */
function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'https://here');
  const { headers } = request;
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      REMOTE_USER: 'git',
      REMOTE_ADDR: request.socket.remoteAddress,
      CONTENT_TYPE: headers['content-type'],
      CONTENT_LENGTH: headers['content-length'],
      HTTP_CONTENT_ENCODING: headers['content-encoding'],
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.once('close', () => {
    const said = Buffer.concat(parts);
    const end = said.indexOf('\r\n\r\n');
    const fields = said.subarray(0, end).toString('latin1').split('\r\n');
    const named = new Map(fields.map(field => field.split(/: ?(.*)/s, 2) as [string, string]));
    const status = Number.parseInt(named.get('Status') ?? '200', 10);
    named.delete('Status');
    response.writeHead(status, Object.fromEntries(named)).end(said.subarray(end + 4));
  });
}

/** An authority of one's own, as a carrier has it. */
export class Authority {
  readonly caFile: string;
  readonly #directory: string;

  /** @throws with what to install when there is no openssl. */
  constructor(directory: string, name: string) {
    this.#directory = directory;
    this.caFile = join(directory, `${name}.pem`);
    const key = join(directory, `${name}.key`);
    const subject = ['-subj', `/CN=${name}`, '-days', '2'];
    openssl(['req', '-x509', '-nodes', ...newKey(key), ...subject, '-out', this.caFile]);
  }

  /** Of a server on that address; one with no days left has expired. */
  certificate(address: string, days = 2): Certificate {
    const [key, request, cert, extensions] = ['key', 'csr', 'crt', 'ext'].map(kind =>
      join(this.#directory, `server-${days}.${kind}`),
    ) as [string, string, string, string];
    writeFileSync(extensions, `subjectAltName=IP:${address}\n`);
    openssl(['req', '-new', '-nodes', ...newKey(key), '-subj', `/CN=${address}`, '-out', request]);
    const issuer = ['-CA', this.caFile, '-CAkey', this.caFile.replace(/pem$/, 'key'), '-CAcreateserial'];
    const lasting = ['-days', String(days), '-extfile', extensions];
    openssl(['x509', '-req', '-in', request, ...issuer, ...lasting, '-out', cert]);
    return { cert: readFileSync(cert), key: readFileSync(key) };
  }
}

function newKey(path: string): readonly string[] {
  return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', path];
}

function openssl(args: readonly string[]): void {
  try {
    execFileSync('openssl', args, { stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(
      'the interop tests make certificates with openssl, which is not installed: install it with `sudo apt-get install openssl`',
    );
  }
}
