/** Plays the scenarios of a commit before it serves: in a process of its own, which shares nothing with the calls. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scenarioFolder } from '../../config/kinds.ts';
import { plainEnvironment } from './plain-environment.ts';

export interface ScenarioGateOptions {
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
  /** The compiled class4; a test brings another program. */
  readonly program?: string;
}

const defaultTimeoutMs = 10 * 60_000;
const mostSaid = 65_536;
/** Calls come first. */
const lowPriority = 10;
/** Nothing is known of the commit then. */
const playAgain = '; `class4 reload` plays them again';
/** The same chance each time: whether a commit passes must not depend on when it is asked. */
const seed = '1';

/** null when all scenarios pass; otherwise why the commit does not serve. */
export async function scenarioProblem(options: ScenarioGateOptions): Promise<string | null> {
  const { directory, env, signal, timeoutMs = defaultTimeoutMs } = options;
  if (!existsSync(join(directory, scenarioFolder))) {
    return `scenarios are required, and the commit has none in ${scenarioFolder}`;
  }
  const program = options.program ?? fileURLToPath(new URL('../../main.js', import.meta.url));
  const limit = AbortSignal.timeout(timeoutMs);
  const node = ['--import', new URL(`./end-with-parent.js?${process.pid}`, import.meta.url).href];
  const child = spawn(
    process.execPath,
    [...node, program, 'simulate', '--config', directory, '--seed', seed],
    {
      cwd: directory,
      env: { ...plainEnvironment(env), NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([limit, signal]),
      killSignal: 'SIGKILL',
    },
  );
  let said = '';
  const keep = (part: string): void => {
    said = (said + part).slice(-mostSaid);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  yieldToCalls(child.pid);
  return new Promise(resolve => {
    child.once('error', error => {
      if (child.pid === undefined) resolve(`its scenarios cannot be played: ${error.message}`);
    });
    child.once('close', (code, killedBy) => {
      if (limit.aborted) resolve(`its scenarios did not end within ${timeoutMs / 1000} s`);
      else if (killedBy !== null) resolve(`its scenarios were ended by ${killedBy}${playAgain}`);
      else if (code === 0) resolve(null);
      else resolve(`its scenarios do not pass (exit code ${code ?? 'none'}): ${firstFailures(said)}`);
    });
  });
}

function yieldToCalls(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, lowPriority);
  } catch {
    // It has ended already, or the system knows no priorities.
  }
}

/** The beginning of the report without its heading. */
function firstFailures(said: string): string {
  const lines = said
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('seed'));
  return lines.slice(0, 8).join(' | ').slice(0, 1000);
}
