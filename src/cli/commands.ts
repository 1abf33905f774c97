/** All commands, in the order of the help text. */
import { accountBalance, accountList, accountPay } from './account.ts';
import { blame } from './blame.ts';
import { calls, callsRelease } from './calls.ts';
import { cdrList, cdrShow } from './cdr.ts';
import type { Command } from './command.ts';
import { configShow } from './config-show.ts';
import { explain } from './explain.ts';
import { fmt } from './fmt.ts';
import { gateways } from './gateways.ts';
import { history } from './history.ts';
import { historyDiff } from './history-diff.ts';
import { historyShow } from './history-show.ts';
import { importRates } from './import-rates.ts';
import { init } from './init.ts';
import { plan } from './plan.ts';
import { quality } from './quality.ts';
import { reload } from './reload.ts';
import { replay } from './replay.ts';
import { resume } from './resume.ts';
import { rollback } from './rollback.ts';
import { rollout } from './rollout.ts';
import { run } from './run.ts';
import { scenarioRecord } from './scenario-record.ts';
import { simulate } from './simulate.ts';
import { status } from './status.ts';
import { validate } from './validate.ts';

export const commands: readonly Command[] = [
  run,
  validate,
  fmt,
  importRates,
  init,
  explain,
  plan,
  replay,
  simulate,
  scenarioRecord,
  configShow,
  status,
  calls,
  callsRelease,
  gateways,
  quality,
  reload,
  history,
  historyShow,
  historyDiff,
  blame,
  rollback,
  rollout,
  resume,
  cdrList,
  cdrShow,
  accountList,
  accountBalance,
  accountPay,
];
