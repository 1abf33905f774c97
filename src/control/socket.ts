/** Where the control socket of a configuration directory is. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** The longest path that fits into `sockaddr_un` everywhere, without its final zero. */
const pathBytesMax = 103;

export function runtimeDirectory(directory: string): string {
  return join(resolve(directory), 'var');
}

export function socketPath(directory: string): string {
  return join(runtimeDirectory(directory), 'class4.sock');
}

export interface SocketAddress {
  /** What to give to listen() or connect(). */
  readonly path: string;
  /** Call it when the address is not used any more. */
  release(): void;
}

/**
 * A path for the socket that the system takes: as it is, relative to where we are, or (Linux) through an open
 * descriptor of its directory. Returns null when none is short enough.
 */
export function socketAddress(directory: string): SocketAddress | null {
  const path = socketPath(directory);
  for (const candidate of [path, relative(process.cwd(), path)]) {
    if (Buffer.byteLength(candidate) <= pathBytesMax) return { path: candidate, release() {} };
  }
  if (!existsSync('/proc/self/fd') || !existsSync(runtimeDirectory(directory))) return null;
  const descriptor = openSync(runtimeDirectory(directory), 'r');
  return { path: `/proc/self/fd/${descriptor}/class4.sock`, release: () => closeSync(descriptor) };
}
