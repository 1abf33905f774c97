import { execFileSync } from 'node:child_process';

/**
 * The commit that the git work tree of `directory` has checked out, or null: no work tree, no commit yet, no git on
 * this machine, or one that does not answer within two seconds.
 */
export function gitCommit(directory: string): string | null {
  try {
    const output = execFileSync('git', ['rev-parse', '--verify', '--quiet', 'HEAD'], {
      cwd: directory,
      // A hook or a shell within another repository may point git there.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 2000,
      encoding: 'utf8',
    });
    const commit = output.trim();
    return /^[0-9a-f]{40,64}$/.test(commit) ? commit : null;
  } catch {
    return null;
  }
}
