/** Comments of one pull or merge request, over HTTP. */

export interface Comment {
  readonly id: number;
  readonly body: string;
}

export interface Comments {
  list(): Promise<readonly Comment[]>;
  create(body: string): Promise<unknown>;
  update(id: number, body: string): Promise<unknown>;
}

/** It cannot be posted; nothing else is wrong. */
export class CommentError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'CommentError';
    this.hint = hint;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Endpoint {
  /** Without a slash at its end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What to do when the service says no. */
  readonly permissionHint: string;
}

const timeoutMs = 30_000;
const perPage = 100;
/** A request with more comments than these is none that anybody reads. */
const mostPages = 30;

/** All pages of comments, the oldest first; without bodies that are no text. */
export async function listComments(endpoint: Endpoint, path: string): Promise<readonly Comment[]> {
  const found: Comment[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const answer = await send(endpoint, 'GET', `${path}?per_page=${perPage}&page=${page}`);
    if (!Array.isArray(answer))
      throw new CommentError('the service answers with no list', endpoint.permissionHint);
    for (const item of answer as readonly { readonly id?: unknown; readonly body?: unknown }[]) {
      if (typeof item.id === 'number' && typeof item.body === 'string')
        found.push({ id: item.id, body: item.body });
    }
    if (answer.length < perPage) break;
  }
  return found;
}

/** @throws CommentError; what is secret in a request is in none of its messages */
export async function send(
  { url, headers, permissionHint }: Endpoint,
  method: 'GET' | 'POST' | 'PATCH' | 'PUT',
  path: string,
  body?: string,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'class4' },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify({ body }) }),
    });
    if (response.ok) return await response.json();
  } catch (error) {
    const cause = (error as { cause?: { code?: unknown } }).cause?.code;
    const reason = typeof cause === 'string' ? cause : (error as Error).message;
    throw new CommentError(`${new URL(url).host} does not answer: ${reason}`, 'run the job again');
  }
  await response.body?.cancel();
  const denied = [401, 403, 404].includes(response.status);
  throw new CommentError(
    `${new URL(url).host} answers ${response.status} to ${method}`,
    denied ? permissionHint : 'run the job again',
  );
}
