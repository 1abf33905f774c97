/** Where npm finds the very class4 that makes a repository, for its package.json. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { programVersion } from './version.ts';

export interface PackageSource {
  /** For `dependencies` of package.json. */
  readonly spec: string;
  /** What its user has to know about it, or null. */
  readonly remark: string | null;
}

/**
 * An installed class4 is pinned by its version. A clone is pinned by its commit, since the registry need not have what
 * stands in it.
 */
export function packageSource(): PackageSource {
  const directory = fileURLToPath(new URL('../../../', import.meta.url));
  const version = programVersion();
  if (directory.includes('/node_modules/')) return { spec: version, remark: null };
  const remote = remoteSpec(git(directory, 'remote', 'get-url', 'origin'));
  const commit = git(directory, 'rev-parse', '--verify', 'HEAD');
  if (remote !== null && commit !== null) {
    return { spec: `${remote}#${commit}`, remark: 'package.json pins this clone of class4 by its commit' };
  }
  return {
    spec: version,
    remark: `package.json asks the npm registry for class4 ${version}; if yours comes from elsewhere, put that there (or say --package) before \`npm install\``,
  };
}

/** A remote of git as npm writes it, without a password; null for one that no other machine reaches. */
export function remoteSpec(remote: string | null): string | null {
  const https = /^https:\/\/(?:[^@/]*@)?([^@/\s]+\/\S+)$/.exec(remote ?? '');
  if (https !== null) return `git+https://${https[1]}`;
  const ssh = /^(?:ssh:\/\/)?(?:([\w.-]+)@)([\w.-]+)[:/]([^\s:]+)$/.exec(remote ?? '');
  return ssh === null ? null : `git+ssh://${ssh[1]}@${ssh[2]}/${ssh[3]}`;
}

function git(directory: string, ...args: readonly string[]): string | null {
  try {
    const options = { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', args, { ...options, encoding: 'utf8', timeout: 5000 }).trim();
  } catch {
    return null;
  }
}
