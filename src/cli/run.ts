import { type Daemon, startDaemon } from '../live/daemon.ts';
import { StartError } from '../live/start-error.ts';
import { createTextLog } from '../live/text-log.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory } from './command.ts';
import { findingsText } from './findings-text.ts';
import { exitCodes, type Io } from './io.ts';

const defaultDrainSeconds = 30;

export const run: Command = {
  name: 'run',
  usage: '[--config DIR] [--drain-limit SECONDS]',
  summary: 'the switch, in the foreground',
  help: `Runs the switch of a configuration directory and logs one line per event to standard output. It reloads the
directory by itself whenever it changes.

SIGTERM or SIGINT drains it: no new calls, those in progress may go on up to the limit and are then ended on
both sides. A second signal ends them at once. SIGHUP has it read its configuration now.

  --drain-limit SECONDS   how long calls may go on after the first signal (default ${defaultDrainSeconds})
${commonHelp}
Exit codes: 0 every call has ended and every record is stored, 2 it cannot start, 4 something was left over.`,
  arguments: { options: { ...commonOptions, 'drain-limit': 'value' }, required: [] },
  async run(args, io) {
    const drainLimitMs = (args.wholeNumber('drain-limit', 0, 86_400) ?? defaultDrainSeconds) * 1000;
    const log = createTextLog({ write: io.out, now: Date.now });
    const onFault = (error: unknown): void => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error('An unexpected error; this is a bug, please report this line', { error: text });
    };
    // A bug in a corner must not take every call down with it.
    process.on('uncaughtException', onFault);
    process.on('unhandledRejection', onFault);
    const signals = listenForSignals();
    let daemon: Daemon | null = null;
    // From the very start: until somebody listens for it, SIGHUP ends a process. What is read now needs no reload.
    const onHangup = (): void => void daemon?.reload();
    process.on('SIGHUP', onHangup);
    try {
      const directory = configurationDirectory(args, io);
      daemon = await startDaemon({ directory, log, env: io.env });
      await signals.first;
      const outcome = await daemon.stop(drainLimitMs, signals.second);
      return outcome === 'drained' ? exitCodes.ok : exitCodes.unreachable;
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      return explainStartError(error, configurationDirectory(args, io), io);
    } finally {
      signals.forget();
      process.off('SIGHUP', onHangup);
      process.off('uncaughtException', onFault);
      process.off('unhandledRejection', onFault);
    }
  },
};

function explainStartError(error: StartError, directory: string, io: Io): number {
  io.err(findingsText(error.diagnostics, directory, io));
  io.err(`class4 run: ${error.message}\n`);
  if (error.hint !== null) io.err(`  → ${error.hint}\n`);
  return exitCodes.wrong;
}

interface Signals {
  readonly first: Promise<void>;
  readonly second: Promise<void>;
  forget(): void;
}

function listenForSignals(): Signals {
  let count = 0;
  let first = (): void => {};
  let second = (): void => {};
  function onSignal(): void {
    count += 1;
    if (count === 1) first();
    else second();
  }
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return {
    first: new Promise(resolve => {
      first = resolve;
    }),
    second: new Promise(resolve => {
      second = resolve;
    }),
    forget() {
      process.off('SIGTERM', onSignal);
      process.off('SIGINT', onSignal);
    },
  };
}
