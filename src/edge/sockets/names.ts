import { promises as dns } from 'node:dns';
import type { Target, Transport } from '../context.ts';

const KEEP_MS = 30_000;
const KEEP_FAILURE_MS = 5_000;
const MAX_NAMES = 1024;
/**
 * The system's resolver keeps a thread of the process for as long as it waits, and the store needs those too: a name
 * server that is away must not stop the calls whose names are known.
 */
const MAX_UNDER_WAY = 2;
const MAX_WAITING = 256;

interface Known {
  readonly target: Target | null;
  readonly until: number;
}

/** Looks host names up and remembers them for a while: SRV when no port is given, then addresses (RFC 3263). */
export class Names {
  readonly #known = new Map<string, Known>();
  readonly #waiting = new Map<string, ((target: Target | null) => void)[]>();

  find(
    host: string,
    port: number,
    transport: Transport,
    family: 4 | 6 | 0,
    now: number,
    done: (target: Target | null) => void,
  ): void {
    const key = `${transport}|${family}|${host.toLowerCase()}|${port}`;
    const known = this.#known.get(key);
    if (known !== undefined && known.until > now) {
      done(known.target);
      return;
    }
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.push(done);
      return;
    }
    if (this.#waiting.size >= MAX_WAITING) {
      done(null);
      return;
    }
    this.#waiting.set(key, [done]);
    void lookUp(host, port, transport, family).then(target => {
      if (this.#known.size >= MAX_NAMES) this.#known.clear();
      this.#known.set(key, { target, until: now + (target === null ? KEEP_FAILURE_MS : KEEP_MS) });
      const waiters = this.#waiting.get(key) ?? [];
      this.#waiting.delete(key);
      for (const waiter of waiters) waiter(target);
    });
  }
}

let underWay = 0;
const queue: (() => void)[] = [];

/** Waits until the resolver may be asked. */
async function turn(): Promise<void> {
  if (underWay < MAX_UNDER_WAY) underWay++;
  else await new Promise<void>(resolve => queue.push(resolve));
}

/** Hands the turn on. */
function endTurn(): void {
  const next = queue.shift();
  if (next === undefined) underWay--;
  else next();
}

async function lookUp(
  host: string,
  port: number,
  transport: Transport,
  family: 4 | 6 | 0,
): Promise<Target | null> {
  if (port === 0 && host !== 'localhost') {
    const served = await lookUpService(host, transport, family);
    if (served !== null) return served;
  }
  return lookUpAddress(host, port === 0 ? 5060 : port, family);
}

async function lookUpService(host: string, transport: Transport, family: 4 | 6 | 0): Promise<Target | null> {
  try {
    const records = await dns.resolveSrv(`_sip._${transport}.${host}`);
    records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
    for (const record of records) {
      const target = await lookUpAddress(record.name, record.port, family);
      if (target !== null) return target;
    }
  } catch {
    // No such record: the name is looked up as it stands.
  }
  return null;
}

async function lookUpAddress(host: string, port: number, family: 4 | 6 | 0): Promise<Target | null> {
  try {
    await turn();
    try {
      const found = await dns.lookup(host, { family });
      return { address: found.address, port };
    } finally {
      endTurn();
    }
  } catch {
    return null;
  }
}
