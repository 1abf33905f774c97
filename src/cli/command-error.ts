/** Turns what went wrong with a command into words and an exit code. Nobody loads it before something goes wrong. */
import { RefusedError, UnreachableError } from '../control/client.ts';
import { ControlSocketError } from '../control/control-socket-error.ts';
import { ExplainError } from '../explain/explain-error.ts';
import { HistoryError } from '../history/history-error.ts';
import { OperationError } from '../live/operations.ts';
import { SideError } from '../plan/sides/side-error.ts';
import { StoreError } from '../store/store-error.ts';
import { UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { ConfigurationError } from './configuration-error.ts';
import { exitCodes, type Io } from './io.ts';
import { paint } from './table.ts';

/**
 * Tells an error that an operator can do something about, and returns the exit code.
 * @throws anything else: it is a bug
 */
export async function explainError(error: unknown, command: Command, io: Io): Promise<number> {
  const say = (message: string, hint: string | null): void => {
    io.err(`${paint(`class4 ${command.name}:`, 'red', io.colour)} ${message}\n`);
    if (hint !== null) io.err(`  → ${hint}\n`);
  };
  if (error instanceof UsageError) {
    say(error.message, `class4 ${command.name} ${command.usage}`);
    return exitCodes.wrong;
  }
  if (error instanceof UnreachableError) {
    say(error.message, error.hint);
    return exitCodes.unreachable;
  }
  if (error instanceof ConfigurationError) {
    const { findingsText } = await import('./findings-text.ts');
    io.err(findingsText(error.diagnostics, error.directory, io));
    say(error.message, 'see `class4 validate`');
    return exitCodes.wrong;
  }
  if (
    error instanceof RefusedError ||
    error instanceof OperationError ||
    error instanceof StoreError ||
    error instanceof SideError ||
    error instanceof HistoryError ||
    error instanceof ExplainError ||
    error instanceof ControlSocketError
  ) {
    say(error.message, error.hint);
    return exitCodes.wrong;
  }
  throw error;
}
