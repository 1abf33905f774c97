/** What the file of a secret looks like from outside. The secret itself is not read. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Place } from '../../diagnostics/diagnostic.ts';

export interface SecretFile {
  /** Where the configuration names it. */
  readonly place: Place;
  /** As the configuration writes it. */
  readonly path: string;
  /** Its permissions; null when it is not there, as on a machine that only validates. */
  readonly mode: number | null;
  /** Git keeps it, so that everybody with the repository has it. */
  readonly committed: boolean;
}

export function lookAtSecret(directory: string, path: string, place: Place): SecretFile {
  const absolute = resolve(directory, path);
  return { place, path, mode: modeOf(absolute), committed: isCommitted(absolute) };
}

function modeOf(path: string): number | null {
  try {
    return statSync(path).mode;
  } catch {
    return null;
  }
}

function isCommitted(path: string): boolean {
  try {
    execFileSync('git', ['--no-optional-locks', 'ls-files', '--error-unmatch', '--', path], {
      cwd: dirname(path),
      // A hook or a shell within another repository may point git there.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
      stdio: 'ignore',
      timeout: 2000,
    });
    return true;
  } catch {
    return false;
  }
}
