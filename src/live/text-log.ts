/** One line for each event, for people and for grep: `2026-01-31T12:00:00.000Z info  Message key=value`. */
import type { LogFields, Logger } from '../diagnostics/logger.ts';
import { printable } from '../diagnostics/printable.ts';

export interface TextLogOptions {
  readonly write: (line: string) => void;
  /** ms since 1970 UTC */
  readonly now: () => number;
}

export function createTextLog({ write, now }: TextLogOptions): Logger {
  function line(level: string, message: string, fields: LogFields = {}): void {
    const values = Object.entries(fields).map(([name, value]) => ` ${name}=${formatValue(value)}`);
    write(`${new Date(now()).toISOString()} ${level} ${message}${values.join('')}\n`);
  }
  return {
    info: (message, fields) => line('info ', message, fields),
    warn: (message, fields) => line('warn ', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
}

/** Text from the network may hold anything; JSON's quotes keep one event on one line, but not all that terminals act on. */
function formatValue(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  return /^[\w.:;/@+-]+$/.test(value) ? value : printable(JSON.stringify(value));
}
