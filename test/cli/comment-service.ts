/**
 * What GitHub and GitLab do with comments of pull and merge requests, as a process of its own: the pipelines under test
 * hold up the process that runs them. The token `reader` may not write.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

interface Note {
  readonly id: number;
  body: string;
}

export interface CommentService {
  readonly url: string;
  /** Method and path of every request but those of tests, and the comments that there are. */
  state(): Promise<{ readonly requests: readonly string[]; readonly comments: readonly Note[] }>;
  stop(): void;
}

export async function startCommentService(): Promise<CommentService> {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the comment service ended')));
    child.stdout!.once('data', (data: Buffer) => resolve(data.toString('utf8').trim()));
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    state: async () =>
      (await (await fetch(`${url}/state`)).json()) as Awaited<ReturnType<CommentService['state']>>,
    stop: () => {
      child.kill();
    },
  };
}

function serve(): void {
  const comments: Note[] = Array.from({ length: 120 }, (_, id) => ({
    id,
    body: `comment ${id} of somebody`,
  }));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    readText(request).then(text => {
      const [status, body] = answer(request, text, comments, requests);
      // A connection that is kept would be gone when the tests come back to it.
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const lists = /^\/(?:repos\/team\/voice\/issues\/7\/comments|projects\/42\/merge_requests\/7\/notes)$/;
const single = /^\/(?:repos\/team\/voice\/issues\/comments|projects\/42\/merge_requests\/7\/notes)\/(\d+)$/;

type Answer = readonly [status: number, body: unknown];

function answer(
  { method, url, headers }: IncomingMessage,
  text: string,
  comments: Note[],
  requests: string[],
): Answer {
  const { pathname, searchParams } = new URL(url!, 'http://service');
  if (pathname === '/state') return [200, { requests, comments }];
  requests.push(`${method} ${pathname}`);
  const token = headers['private-token'] ?? headers.authorization?.replace('Bearer ', '');
  const may = token === 'writer' || (token === 'reader' && method === 'GET');
  if (!may) return [403, { message: `no, ${token}` }];
  const { body } = (text === '' ? {} : JSON.parse(text)) as { readonly body?: string };
  if (lists.test(pathname) && method === 'GET') {
    const [page, size] = [Number(searchParams.get('page')), Number(searchParams.get('per_page'))];
    return [200, comments.slice((page - 1) * size, page * size)];
  }
  if (lists.test(pathname) && method === 'POST') {
    comments.push({ id: 1000 + comments.length, body: body! });
    return [201, comments.at(-1)];
  }
  const found = comments.find(({ id }) => id === Number(single.exec(pathname)?.[1]));
  const edits = pathname.startsWith('/repos') ? 'PATCH' : 'PUT';
  if (found === undefined || method !== edits) return [404, { message: 'not found' }];
  found.body = body!;
  return [200, found];
}

if (process.argv[2] === 'serve' && process.argv[1] === fileURLToPath(import.meta.url)) serve();
