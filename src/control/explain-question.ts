/** The body of a request for an explanation → the question. */
import { type LiveQuestion, OperationError } from '../live/operations.ts';

type Body = Readonly<Record<string, unknown>>;

const keys = ['callee', 'caller', 'forwarding', 'via', 'address', 'port', 'at', 'seed', 'down', 'full'];

/** @throws OperationError */
export function explainQuestion(body: Body): LiveQuestion {
  const unknown = Object.keys(body).find(key => !keys.includes(key));
  if (unknown !== undefined) throw wrong(`${unknown} is unknown; there are ${keys.join(', ')}`);
  const callee = text(body, 'callee');
  if (callee === null) throw wrong('callee is missing');
  return {
    callee,
    caller: text(body, 'caller') ?? '',
    forwarding: text(body, 'forwarding'),
    from: senderOf(body),
    atMs: time(body, 'at'),
    seed: wholeNumber(body, 'seed', Number.MAX_SAFE_INTEGER),
    down: names(body, 'down'),
    full: names(body, 'full'),
  };
}

function senderOf(body: Body): LiveQuestion['from'] {
  const via = text(body, 'via');
  const address = text(body, 'address');
  if ((via === null) === (address === null)) throw wrong('one of via and address must be there');
  if (via !== null) return { kind: 'gateway', name: via };
  return { kind: 'address', address: address ?? '', port: wholeNumber(body, 'port', 65_535) ?? 5060 };
}

function text(body: Body, key: string): string | null {
  const value = body[key] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw wrong(`${key} must be text`);
}

function wholeNumber(body: Body, key: string, most: number): number | null {
  const value = body[key] ?? null;
  if (value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw wrong(`${key} must be a whole number up to ${most}`);
}

/** With its zone: without one it would mean something else on every machine. */
const timePattern = /^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:\d{2})$/;

function time(body: Body, key: string): number | null {
  const value = text(body, key);
  if (value === null) return null;
  const atMs = timePattern.test(value) ? Date.parse(value) : Number.NaN;
  const day = value.slice(0, 10);
  // To Date, 30 February is 2 March.
  if (!Number.isNaN(atMs) && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)) return atMs;
  throw wrong(`${key} must be a time such as 2026-01-31T12:00:00Z`);
}

function names(body: Body, key: string): readonly string[] {
  const value = body[key] ?? [];
  if (Array.isArray(value) && value.every(name => typeof name === 'string')) return value;
  throw wrong(`${key} must be a list of names`);
}

function wrong(message: string): OperationError {
  return new OperationError('wrong', message);
}
