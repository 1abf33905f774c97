import { bareHost } from '../message/uri.ts';

/** Requests a second that one unknown source may send, and how many at once. */
const RATE_PER_SECOND = 10;
const BURST = 20;
/** The same for all unknown sources together. */
const TOTAL_PER_SECOND = 200;
const TOTAL_BURST = 400;
const MAX_TRACKED = 4096;

interface Bucket {
  tokens: number;
  at: number;
}

interface Block {
  readonly bytes: Uint8Array;
  readonly bits: number;
}

/**
 * Which sources the configuration names, and how much the others may say. The addresses that were seen are kept in
 * a bounded table; beyond it the oldest are forgotten, which only lets a flood from very many addresses use the
 * common allowance.
 */
export class Sources {
  #exact: Set<string> | null = null;
  #blocks: Block[] = [];
  readonly #verdicts = new Map<string, boolean>();
  readonly #buckets = new Map<string, Bucket>();
  readonly #total: Bucket = { tokens: TOTAL_BURST, at: 0 };

  /** Addresses or CIDR blocks; null makes every source known. An entry that is neither is ignored. */
  set(sources: readonly string[] | null): void {
    this.#verdicts.clear();
    this.#blocks = [];
    this.#exact = sources === null ? null : new Set();
    if (sources === null || this.#exact === null) return;
    for (const source of sources) {
      const slash = source.indexOf('/');
      const bytes = addressBytes(slash < 0 ? source : source.slice(0, slash));
      if (bytes === null) continue;
      const bits = slash < 0 ? bytes.length * 8 : Number(source.slice(slash + 1));
      if (!Number.isInteger(bits) || bits < 0 || bits > bytes.length * 8) continue;
      this.#blocks.push({ bytes, bits });
      if (bits === bytes.length * 8) this.#exact.add(source);
    }
  }

  isKnown(address: string): boolean {
    if (this.#exact === null || this.#exact.has(address)) return true;
    const verdict = this.#verdicts.get(address);
    if (verdict !== undefined) return verdict;
    const bytes = addressBytes(address);
    const known = bytes !== null && this.#blocks.some(block => contains(block, bytes));
    if (this.#verdicts.size >= MAX_TRACKED) this.#verdicts.clear();
    this.#verdicts.set(address, known);
    return known;
  }

  /** Takes one request of an unknown source from its allowance; false when it has none left. */
  admit(address: string, now: number): boolean {
    let bucket = this.#buckets.get(address);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_TRACKED) this.#forgetOldest();
      bucket = { tokens: BURST, at: now };
      this.#buckets.set(address, bucket);
    }
    return take(bucket, now, RATE_PER_SECOND, BURST) && take(this.#total, now, TOTAL_PER_SECOND, TOTAL_BURST);
  }

  #forgetOldest(): void {
    const oldest = this.#buckets.keys().next();
    if (oldest.done !== true) this.#buckets.delete(oldest.value);
  }
}

function take(bucket: Bucket, now: number, perSecond: number, burst: number): boolean {
  bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

function contains(block: Block, bytes: Uint8Array): boolean {
  if (bytes.length !== block.bytes.length) return false;
  const whole = block.bits >> 3;
  for (let i = 0; i < whole; i++) if (bytes[i] !== block.bytes[i]) return false;
  const rest = block.bits & 7;
  if (rest === 0) return true;
  const mask = (0xff << (8 - rest)) & 0xff;
  return ((bytes[whole] ?? 0) & mask) === ((block.bytes[whole] ?? 0) & mask);
}

/** The octets of an IPv4 or IPv6 address; an IPv4-mapped one counts as IPv4; null when it is no address. */
export function addressBytes(text: string): Uint8Array | null {
  const address = bareHost(text).replace(/%.*$/, '');
  if (!address.includes(':')) return ipv4Bytes(address);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return ipv4Bytes(mapped[1]!);
  return ipv6Bytes(address);
}

function ipv4Bytes(address: string): Uint8Array | null {
  const parts = address.split('.');
  if (parts.length !== 4) return null;
  const bytes = new Uint8Array(4);
  for (let i = 0; i < 4; i++) {
    const part = parts[i]!;
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return null;
    bytes[i] = Number(part);
  }
  return bytes;
}

function ipv6Bytes(address: string): Uint8Array | null {
  const halves = address.split('::');
  if (halves.length > 2) return null;
  const head = groups(halves[0]!);
  const rest = halves.length === 2 ? groups(halves[1]!) : [];
  if (head === null || rest === null) return null;
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...new Array<number>(halves.length === 1 ? 0 : missing).fill(0), ...rest];
  const bytes = new Uint8Array(16);
  all.forEach((group, i) => {
    bytes[i * 2] = group >> 8;
    bytes[i * 2 + 1] = group & 0xff;
  });
  return bytes;
}

function groups(text: string): number[] | null {
  if (text === '') return [];
  const result: number[] = [];
  for (const part of text.split(':')) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      result.push(Number.parseInt(part, 16));
      continue;
    }
    const four = ipv4Bytes(part);
    if (four === null) return null;
    result.push((four[0]! << 8) | four[1]!, (four[2]! << 8) | four[3]!);
  }
  return result;
}
