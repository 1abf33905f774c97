/**
 * All commands by their names, in the order of the help text. Each is loaded when it is asked for: whoever rolls back at
 * night does not wait for what the other commands are made of.
 */
import type { Command } from './command.ts';

export const commands: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['run', async () => (await import('./run.ts')).run],
  ['validate', async () => (await import('./validate.ts')).validate],
  ['fmt', async () => (await import('./fmt.ts')).fmt],
  ['import rates', async () => (await import('./import-rates.ts')).importRates],
  ['init', async () => (await import('./init.ts')).init],
  ['explain', async () => (await import('./explain.ts')).explain],
  ['plan', async () => (await import('./plan.ts')).plan],
  ['replay', async () => (await import('./replay.ts')).replay],
  ['simulate', async () => (await import('./simulate.ts')).simulate],
  ['scenario record', async () => (await import('./scenario-record.ts')).scenarioRecord],
  ['config show', async () => (await import('./config-show.ts')).configShow],
  ['status', async () => (await import('./status.ts')).status],
  ['calls', async () => (await import('./calls.ts')).calls],
  ['calls release', async () => (await import('./calls.ts')).callsRelease],
  ['gateways', async () => (await import('./gateways.ts')).gateways],
  ['quality', async () => (await import('./quality.ts')).quality],
  ['reload', async () => (await import('./reload.ts')).reload],
  ['history', async () => (await import('./history.ts')).history],
  ['history show', async () => (await import('./history-show.ts')).historyShow],
  ['history diff', async () => (await import('./history-diff.ts')).historyDiff],
  ['blame', async () => (await import('./blame.ts')).blame],
  ['rollback', async () => (await import('./rollback.ts')).rollback],
  ['rollout', async () => (await import('./rollout.ts')).rollout],
  ['resume', async () => (await import('./resume.ts')).resume],
  ['cdr list', async () => (await import('./cdr.ts')).cdrList],
  ['cdr show', async () => (await import('./cdr.ts')).cdrShow],
  ['account list', async () => (await import('./account.ts')).accountList],
  ['account balance', async () => (await import('./account.ts')).accountBalance],
  ['account pay', async () => (await import('./account.ts')).accountPay],
]);

export function allCommands(): Promise<readonly Command[]> {
  return Promise.all([...commands.values()].map(load => load()));
}
