/** Requests of the control socket → operations of the switch. */

import { OperationError, type SwitchOperations } from '../live/operations.ts';
import { explainQuestion } from './explain-question.ts';
import { metricsText, metricsType } from './metrics.ts';

export interface Answer {
  readonly status: number;
  /** Sent as JSON unless `textType` says that it is text. */
  readonly body: unknown;
  readonly textType?: string;
  /** In the place of a body: what is too large for JSON, in pieces. */
  readonly pieces?: Iterable<Uint8Array>;
}

type Handler = (operations: SwitchOperations) => Answer | Promise<Answer>;
type Route = (query: URLSearchParams, body: Readonly<Record<string, unknown>>) => Handler;

const cdrLimitMax = 10_000;
const ledgerLimitMax = 1000;
/** The last moment that a date can name. */
const latestMs = 8.64e15;

const routes: Readonly<Record<string, Route>> = {
  'GET /status': () => async operations => ok(await operations.status()),
  'GET /metrics': () => async operations => ({
    ...ok(metricsText(await operations.status())),
    textType: metricsType,
  }),
  'GET /calls': () => operations => ok(operations.calls()),
  'GET /gateways': () => operations => ok(operations.gateways()),
  'GET /quality': query => operations => ok(operations.quality(query.get('gateway'), query.get('prefix'))),
  'GET /accounts': () => operations => ok(operations.accounts()),
  'GET /balance': query => async operations => {
    const limit = wholeNumber(query, 'limit', 0, ledgerLimitMax) ?? 10;
    return ok(await operations.balance(query.get('account') ?? '', limit));
  },
  'GET /cdrs': query => async operations => ok(await operations.cdrs(cdrQuery(query))),
  'GET /snapshot': () => operations => ({ status: 200, body: null, pieces: operations.snapshot() }),
  'POST /pay': (_, body) => async operations =>
    ok(await operations.pay(textOf(body, 'account'), textOf(body, 'amount'), textOf(body, 'note'))),
  'POST /explain': (_, body) => operations => ok(operations.explain(explainQuestion(body))),
  'POST /reload': () => async operations => ok(await operations.reload()),
  'POST /rollback': (_, body) => async operations =>
    ok(await operations.rollback(textOrNull(body, 'version'), textOf(body, 'reason'), textOf(body, 'by'))),
  'POST /resume': (_, body) => async operations =>
    ok(await operations.resume(textOrNull(body, 'reason'), textOf(body, 'by'))),
  'POST /rollout/promote': (_, body) => decideRollout('promote', body),
  'POST /rollout/abort': (_, body) => decideRollout('abort', body),
  'POST /release': (_, body) => operations => {
    operations.release(textOf(body, 'callId'));
    return ok({});
  },
};

function decideRollout(decision: 'promote' | 'abort', body: Readonly<Record<string, unknown>>): Handler {
  const [version, reason] = [textOrNull(body, 'version'), textOrNull(body, 'reason')];
  const by = textOf(body, 'by');
  return async operations => ok(await operations.decideRollout(decision, version, reason, by));
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** @throws OperationError for a request that is none of ours. */
export function findRoute(method: string, url: string, body: string): Handler {
  const { pathname, searchParams } = new URL(url, 'http://switch');
  const route = Object.hasOwn(routes, `${method} ${pathname}`) ? routes[`${method} ${pathname}`] : undefined;
  if (route === undefined) throw new OperationError('notFound', `there is no ${method} ${pathname}`);
  return route(searchParams, jsonObject(body));
}

function jsonObject(body: string): Readonly<Record<string, unknown>> {
  if (body === '') return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw new OperationError('wrong', 'the body is no JSON object');
}

function textOf(body: Readonly<Record<string, unknown>>, key: string): string {
  const value = body[key];
  if (typeof value === 'string') return value;
  throw new OperationError('wrong', `${key} must be text`);
}

function textOrNull(body: Readonly<Record<string, unknown>>, key: string): string | null {
  return (body[key] ?? null) === null ? null : textOf(body, key);
}

/** Brought into the range from `least` to `most`: SQLite takes a negative limit for none at all. */
function wholeNumber(query: URLSearchParams, key: string, least: number, most: number): number | undefined {
  const text = query.get(key);
  if (text === null) return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw new OperationError('wrong', `${key} must be a whole number`);
  return Math.min(Math.max(Number(text), least), most);
}

function cdrQuery(query: URLSearchParams): Parameters<SwitchOperations['cdrs']>[0] {
  const texts = ['account', 'number', 'callId', 'endReason'].flatMap(key => {
    const value = query.get(key);
    return value === null ? [] : [[key, value]];
  });
  const numbers = ['sinceMs', 'untilMs', 'limit'].flatMap(key => {
    const [least, most] = key === 'limit' ? [0, cdrLimitMax] : [-latestMs, latestMs];
    const value = wholeNumber(query, key, least, most);
    return value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries([...texts, ...numbers]);
}
