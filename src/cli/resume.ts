import { askSwitch, UnreachableError } from '../control/client.ts';
import { decisionReason } from '../live/decision-reports.ts';
import type { ResumeResult } from '../live/operations.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { warningsText } from './decision-text.ts';
import { exitCodes, type Io } from './io.ts';
import { operatorOf } from './operator.ts';
import { uncertain } from './rollback.ts';

export const resume: Command = {
  name: 'resume',
  usage: '[--reason TEXT] [--config DIR] [--json]',
  summary: 'end the hold of a rollback',
  help: `Ends the hold of a rollback: the files are read, must be good, and serve; from then on their changes are applied
again. When they have errors nothing changes and the hold stays.

  --reason TEXT  stands in the history and the log
${commonHelp}
While no switch runs, the hold is ended when the files are good, and the next start serves them.
Exit codes: 0, 1 they serve, but the disk has not taken the decision (a restart would undo it), 2 the files have
errors or keep changing, or nothing is held, 4 the switch may not be asked by this user, or did not answer.`,
  arguments: { options: { ...commonOptions, reason: 'value' }, required: [] },
  async run(args, io) {
    const directory = configurationDirectory(args, io);
    const given = args.value('reason');
    const reason = given === undefined ? null : decisionReason(given);
    const result = await decide(directory, reason, operatorOf(io));
    if (args.flag('json')) printJson(io, result);
    else {
      const findings = result.diagnostics.length === 0 ? '' : await findingsOf(result, directory, io);
      io.out(`${findings}${resumeText(result, io.colour)}`);
    }
    if (result.decision === null) return exitCodes.wrong;
    return result.decision.durable ? exitCodes.ok : exitCodes.unexpected;
  },
};

async function findingsOf({ diagnostics }: ResumeResult, directory: string, io: Io): Promise<string> {
  const { findingsText } = await import('./findings-text.ts');
  return findingsText(diagnostics, directory, io);
}

interface Decided extends ResumeResult {
  /** False when the decision is for the next start. */
  readonly running: boolean;
}

async function decide(directory: string, reason: string | null, by: string): Promise<Decided> {
  try {
    const answer = await askSwitch(directory, 'POST', '/resume', { reason, by });
    return { ...(answer as ResumeResult), running: true };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    if (error.kind === 'lost') throw uncertain(error);
    if (error.kind === 'busy') throw error;
  }
  const { resumeAtNextStart } = await import('./offline-decisions.ts');
  return { ...(await resumeAtNextStart(directory, { reason, by })), running: false };
}

function resumeText({ outcome, failure, decision, running }: Decided, colour: boolean): string {
  if (outcome === 'moving')
    return 'The files keep changing, and the hold stays. Try again when they are still.\n';
  if (decision === null) return `${failure ?? 'The files have errors'}, and the hold stays.\n`;
  const { from, to } = decision;
  const what = !running
    ? `The hold is ended; the next start serves the files (${to}).`
    : from === to
      ? `Resumed: ${to} goes on serving, which the files mean, too.`
      : `Resumed: new calls use ${to} (before: ${from}).`;
  return `${what}\n${warningsText(decision, colour)}`;
}
