/** Decisions about what serves, in the shapes that operators see, and the words that they must say. */
import { printable } from '../diagnostics/printable.ts';
import type { HoldStatus } from './configuration/hold-state.ts';
import { type HoldReport, OperationError } from './operations.ts';
import { isoTime } from './reports.ts';

const reasonLengthMax = 500;
const nameLengthMax = 200;

export function heldReport({ sinceMs, ...hold }: HoldStatus): HoldReport {
  return { ...hold, since: isoTime(sinceMs) };
}

export function holdReport(hold: HoldStatus | null): HoldReport | null {
  return hold === null ? null : heldReport(hold);
}

/**
 * Everybody else learns from the reason what happened at night.
 * @throws OperationError for one that says nothing, or too much
 */
export function decisionReason(text: string): string {
  const reason = oneLine(text);
  if (!/[\p{L}\p{N}]/u.test(reason)) {
    throw new OperationError(
      'wrong',
      'the reason is missing',
      'say in a few words what went wrong: --reason "UK mobile fails since the last merge"',
    );
  }
  if (reason.length <= reasonLengthMax) return reason;
  throw new OperationError('wrong', 'the reason is too long', `it may have ${reasonLengthMax} characters`);
}

/** @throws OperationError */
export function operatorName(text: string): string {
  const name = oneLine(text);
  if (name !== '' && name.length <= nameLengthMax) return name;
  throw new OperationError('wrong', `by must say who asks, in at most ${nameLengthMax} characters`, null);
}

/** It goes into logs, tables and commit messages, where it must neither begin a line nor move a cursor. */
function oneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}
