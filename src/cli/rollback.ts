import { askSwitch, UnreachableError } from '../control/client.ts';
import { printable } from '../diagnostics/printable.ts';
import { decisionReason } from '../live/decision-reports.ts';
import { OperationError, type RollbackResult } from '../live/operations.ts';
import type { Arguments } from './arguments.ts';
import { UsageError } from './arguments.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { warningsText } from './decision-text.ts';
import { exitCodes, type Io } from './io.ts';
import { operatorOf } from './operator.ts';
import type { Reverted } from './revert-commit.ts';

export const rollback: Command = {
  name: 'rollback',
  usage: '[VERSION] --reason TEXT [--commit] [--config DIR] [--json]',
  summary: 'serve an older version at once, and hold it',
  help: `Serves a version from the history at once, without a look at the files, and holds it: changes of the files are
checked and told, and not applied, until \`class4 resume\`. It survives a restart. Calls in progress keep what they have.

  VERSION        number or beginning of the hash from \`class4 history\` (default: previous, the version that
                 served before this one)
  --reason TEXT  what went wrong, for everybody else; it stands in the history, the log and \`class4 status\`
  --commit       also write the files of that version back, as a commit on the branch of the work tree; nothing
                 is pushed. When that cannot be done, the rollback stands
${commonHelp}
While no switch runs, the next start serves that version.
Exit codes: 0, 1 it serves, but the disk has not taken the decision (a restart would undo it) or the commit could
not be made, 2 there is no such version, or the command line is wrong; nothing was changed, 4 the switch may not be
asked by this user, or did not answer.`,
  arguments: {
    options: { ...commonOptions, reason: 'value', commit: 'flag' },
    required: [],
    optional: ['the version'],
  },
  async run(args, io) {
    const reason = reasonOf(args);
    const directory = configurationDirectory(args, io);
    const request = { version: args.positionals[0] ?? null, reason, by: operatorOf(io) };
    const result = await decide(directory, request);
    const committed = args.flag('commit') ? await commit(directory, result, request) : null;
    if (args.flag('json')) printJson(io, { ...result, commit: committed });
    else io.out(rollbackText(result, io.colour) + (committed === null ? '' : commitText(committed)));
    if (committed !== null && 'problem' in committed) sayUncommitted(committed, result, io);
    const isWhole = result.durable && (committed === null || !('problem' in committed));
    return isWhole ? exitCodes.ok : exitCodes.unexpected;
  },
};

interface Request {
  readonly version: string | null;
  readonly reason: string;
  readonly by: string;
}

/** `running` is false when the decision is for the next start. */
export interface Decided extends RollbackResult {
  readonly running: boolean;
}

type Committed = Reverted | { readonly problem: string; readonly hint: string };

function reasonOf(args: Arguments): string {
  const reason = args.value('reason');
  if (reason === undefined) throw new UsageError('--reason is missing: say in a few words what went wrong');
  return decisionReason(reason);
}

async function decide(directory: string, request: Request): Promise<Decided> {
  try {
    const answer = await askSwitch(directory, 'POST', '/rollback', { ...request });
    return { ...(answer as RollbackResult), running: true };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    if (error.kind === 'lost') throw uncertain(error);
    if (error.kind === 'busy') throw error;
  }
  const { rollbackAtNextStart } = await import('./offline-decisions.ts');
  return { ...(await rollbackAtNextStart(directory, request)), running: false };
}

/** The decision may be on the disk: then the next start makes it good. */
export function uncertain(error: UnreachableError): OperationError {
  return new OperationError(
    'wrong',
    `${error.message}; whether it was decided is not certain`,
    'look with `class4 status`, or `class4 history` when no switch runs, before you repeat it',
  );
}

async function commit(directory: string, { from, to }: Decided, { reason, by }: Request): Promise<Committed> {
  // Loaded behind the decision, which must not wait for it.
  const [{ commitRevert }, { filesOfVersion }] = await Promise.all([
    import('./revert-commit.ts'),
    import('./version-files.ts'),
  ]);
  try {
    return commitRevert({ directory, ...(await filesOfVersion(directory, to)), from, to, reason, by });
  } catch (error) {
    const { message, hint } = error as { readonly message: string; readonly hint?: string };
    return { problem: message, hint: hint ?? 'see `git status`' };
  }
}

function rollbackText(result: Decided, colour: boolean): string {
  const { from, to, running } = result;
  const what = !running
    ? `The next start serves ${to}.`
    : from === to
      ? `${to} goes on serving.`
      : `Rolled back: new calls use ${to} (before: ${from}).`;
  const held = 'It is held: changes of the files are checked and not applied until `class4 resume`.';
  return `${what}\n${held}\n${warningsText(result, colour)}`;
}

function commitText(committed: Committed): string {
  if ('problem' in committed) return '';
  const { commit: id, branch, paths, takenBack } = committed;
  if (id === null) return `No commit: the files on ${branch} are those of this version already.\n`;
  const files = paths.length === 1 ? '1 file' : `${paths.length} files`;
  const commits = takenBack.length === 1 ? 'this commit' : `these ${takenBack.length} commits`;
  const since =
    takenBack.length === 0
      ? ''
      : `It takes back ${commits}:\n${takenBack.map(line => `  ${printable(line)}\n`).join('')}`;
  return `Committed ${id.slice(0, 12)} on ${branch} (${files}); push it when you are ready.\n${since}`;
}

function sayUncommitted(
  { problem, hint }: Extract<Committed, { readonly problem: string }>,
  { to }: Decided,
  io: Io,
): void {
  io.err(`class4 rollback: the rollback stands, but there is no commit: ${problem}\n`);
  io.err(`  → ${hint}, then: class4 rollback ${to.slice(0, 12)} --commit --reason TEXT\n`);
}
