/** Plays again whenever a file changes. */
import { join } from 'node:path';
import { scenarioFolder } from '../config/kinds.ts';
import { realTimers } from '../live/clock.ts';
import { createTextLog } from '../live/text-log.ts';
import { watchConfiguration } from '../live/watch.ts';
import { watchPaths } from '../live/watch-paths.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type Io } from './io.ts';
import type { RunRequest } from './simulate-run.ts';

/** Editors save in several steps, and checkouts write many files. */
const quietMs = 150;
const clearScreen = '\u001b[2J\u001b[3J\u001b[H';

/** Plays until a signal ends it; the exit code is that of the last time. */
export async function repeatOnChange(
  { directory, paths }: RunRequest,
  io: Io,
  play: () => number,
): Promise<number> {
  let code: number = exitCodes.ok;
  let cancel = (): void => {};
  const playAgain = (): void => {
    code = playOrSay(play, io);
    io.err('watching for changes; ctrl-c ends it\n');
  };
  const onChange = (): void => {
    cancel();
    cancel = realTimers.after(quietMs, () => {
      io.out(io.colour ? clearScreen : '\n');
      playAgain();
    });
  };
  const ended = signal();
  const log = createTextLog({ write: io.err, now: Date.now });
  const onError = (error: unknown): void =>
    log.warn('Watching the scenarios failed', { error: String(error) });
  const scenarios = paths.length === 0 ? [join(directory, scenarioFolder)] : paths;
  const watching = await Promise.all([
    watchConfiguration({ directory, onChange, log, timers: realTimers }),
    watchPaths(scenarios, onChange, onError),
  ]);
  playAgain();
  await ended;
  cancel();
  await Promise.all(watching.map(one => one.close()));
  return code;
}

/** What a person has yet to finish typing does not end the watch. */
function playOrSay(play: () => number, io: Io): number {
  try {
    return play();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.err(`class4 simulate: ${error.message}\n`);
    return exitCodes.wrong;
  }
}

function signal(): Promise<void> {
  return new Promise(resolve => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
