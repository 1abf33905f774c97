/** A real sshd on a loopback address, which lets this user in with one key. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Child } from './child.ts';
import { type Endpoint, freeEndpoint, isBound } from './ports.ts';
import { until } from './until.ts';

/** It wants to be started by its absolute path. */
const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find(path => existsSync(path));

export class SshServer {
  readonly endpoint: Endpoint;
  /** Of somebody who is let in. */
  readonly keyFile: string;
  /** What this server is known by. */
  readonly knownHostsFile: string;
  readonly #child: Child;

  private constructor(directory: string, endpoint: Endpoint, child: Child) {
    this.endpoint = endpoint;
    this.keyFile = join(directory, 'user-key');
    this.knownHostsFile = join(directory, 'known_hosts');
    this.#child = child;
  }

  /** @throws with what to install when there is no sshd. */
  static async start(directory: string, address: string): Promise<SshServer> {
    if (program === undefined) {
      throw new Error(
        'the interop tests follow a repository over ssh, and there is no sshd: install it with `sudo apt-get install openssh-server`',
      );
    }
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const endpoint = await freeEndpoint(address);
    const hostKey = makeKey(directory, 'host-key');
    writeFileSync(join(directory, 'authorized_keys'), makeKey(directory, 'user-key'));
    writeFileSync(join(directory, 'known_hosts'), `[${address}]:${endpoint.port} ${hostKey}`);
    writeFileSync(join(directory, 'sshd_config'), settings(directory, endpoint));
    // Started by root it gives up its rights in this directory, which a service would have made.
    if (process.getuid!() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const child = new Child('sshd', {
      command: program,
      args: ['-D', '-e', '-f', join(directory, 'sshd_config')],
      cwd: directory,
    });
    await until('sshd listens', () => {
      if (child.exit !== null) throw new Error(`sshd ended with ${child.exit.code}\n${child.stderr}`);
      return isBound(endpoint, 'tcp') ? true : undefined;
    });
    return new SshServer(directory, endpoint, child);
  }

  /** Of a repository on this machine. */
  urlOf(path: string): string {
    return `ssh://${userInfo().username}@${this.endpoint.address}:${this.endpoint.port}${path}`;
  }

  kill(): Promise<void> {
    return this.#child.kill();
  }
}

/** Returns the public key. */
export function makeKey(directory: string, name: string): string {
  const path = join(directory, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8');
}

function settings(directory: string, { address, port }: Endpoint): string {
  return [
    `ListenAddress ${address}:${port}`,
    `HostKey ${join(directory, 'host-key')}`,
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    'AuthenticationMethods publickey',
    'PermitRootLogin prohibit-password',
    'PidFile none',
    // The directory of temporary files belongs to everybody.
    'StrictModes no',
    '',
  ].join('\n');
}
