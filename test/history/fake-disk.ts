/** A disk in memory that fills up, fails, or loses its power at any step. */
import type { Disk } from '../../src/history/disk.ts';

/** The power went out in the middle of something. */
export class PowerCut extends Error {}

export interface Fault {
  /** Counted over all operations that change the disk, from 0. */
  readonly step: number;
  readonly kind: 'full' | 'power';
}

/**
 * Bytes of files are durable when they are created; names are when their directory was synced. What was not synced
 * survives a power cut or not, as `survives` says.
 */
export class FakeDisk implements Disk {
  #names = new Map<string, Uint8Array>();
  #durable = new Map<string, Uint8Array>();
  #steps = 0;
  #fault: Fault | null = null;
  bytesWritten = 0;

  get steps(): number {
    return this.#steps;
  }

  failAt(fault: Fault | null): void {
    this.#steps = 0;
    this.#fault = fault;
  }

  /** What is there when the machine starts again. */
  restart(survives: (name: string) => boolean): void {
    const after = new Map(this.#durable);
    for (const [name, bytes] of this.#names) {
      if (!this.#durable.has(name) && survives(name)) after.set(name, bytes);
    }
    for (const name of this.#durable.keys()) {
      if (!this.#names.has(name) && survives(name)) after.delete(name);
    }
    this.#names = new Map(after);
    this.#durable = new Map(after);
    this.#fault = null;
  }

  /** Changes one byte of a file, as a bad disk does. */
  damage(path: string, at: number): void {
    const bytes = Uint8Array.from(this.#names.get(path)!);
    bytes[at % bytes.length]! ^= 0x40;
    this.#names.set(path, bytes);
  }

  paths(): readonly string[] {
    return [...this.#names.keys()];
  }

  makeDirectory(): void {}

  list(path: string): readonly string[] {
    return [...this.#names.keys()]
      .filter(name => name.startsWith(`${path}/`))
      .map(name => name.slice(path.length + 1));
  }

  size(path: string): number | null {
    return this.#names.get(path)?.length ?? null;
  }

  create(path: string, parts: readonly Uint8Array[]): void {
    const bytes = new Uint8Array(Buffer.concat(parts.map(part => Uint8Array.from(part))));
    const half = bytes.slice(0, bytes.length >> 1);
    this.#names.set(path, half);
    this.#step();
    this.#names.set(path, bytes);
    this.bytesWritten += bytes.length;
  }

  rename(from: string, to: string): void {
    this.#step();
    this.#names.set(to, this.#names.get(from)!);
    this.#names.delete(from);
  }

  syncDirectory(): void {
    this.#step();
    this.#durable = new Map(this.#names);
  }

  read(path: string, into: Uint8Array): boolean {
    const bytes = this.#names.get(path);
    if (bytes === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    if (bytes.length !== into.length) return false;
    into.set(bytes);
    return true;
  }

  remove(path: string): void {
    this.#step();
    this.#names.delete(path);
  }

  #step(): void {
    const isFault = this.#fault?.step === this.#steps;
    this.#steps += 1;
    if (!isFault) return;
    if (this.#fault!.kind === 'power') throw new PowerCut();
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  }
}
