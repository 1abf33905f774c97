import { askSwitch, UnreachableError } from '../control/client.ts';
import { printable } from '../diagnostics/printable.ts';
import {
  type AccountReport,
  type BalanceReport,
  OperationError,
  type PaymentReport,
} from '../live/operations.ts';
import { paymentAmount, paymentNote } from '../live/reports.ts';
import type { Arguments } from './arguments.ts';
import { callRateInUse, linesInUse } from './capacity-text.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { exitCodes, type Io } from './io.ts';
import { formatTable, shortTime } from './table.ts';

export const accountList: Command = {
  name: 'account list',
  usage: '[--config DIR] [--json]',
  summary: 'accounts with their balances',
  help: `Lists the accounts: what they have, what calls in progress hold of it, what they may still use, and their calls against
their limits.

${commonHelp}
Exit codes: 0, 2 when the configuration or the command line is wrong.`,
  arguments: { options: commonOptions, required: [] },
  async run(args, io) {
    const report = await findAccounts(configurationDirectory(args, io), io);
    if (args.flag('json')) printJson(io, report);
    else io.out(accountsTable(report));
    return exitCodes.ok;
  },
};

export const accountBalance: Command = {
  name: 'account balance',
  usage: 'NAME [--limit N] [--config DIR] [--json]',
  summary: 'one account and its newest ledger entries',
  help: `Shows the balance of an account and its newest ledger entries.

  --limit N      so many entries (default 10, at most 1000)
${commonHelp}
Exit codes: 0, 2 when there is no such account or the configuration or command line is wrong.`,
  arguments: { options: { ...commonOptions, limit: 'value' }, required: ['the name of the account'] },
  async run(args, io) {
    const report = await findBalance(args, io);
    if (args.flag('json')) printJson(io, report);
    else io.out(balanceText(report));
    return exitCodes.ok;
  },
};

export const accountPay: Command = {
  name: 'account pay',
  usage: 'NAME AMOUNT [--note TEXT] [--config DIR] [--json]',
  summary: 'record a payment, or a correction with a negative amount',
  help: `Adds an entry to the ledger of an account: a payment, or a correction when the amount is negative. Entries are
never changed or removed; a mistake is put right by another entry.

While a switch runs, calls can use the money at once. While none runs, the entry goes straight into the
database.

  AMOUNT         plain decimals in the currency of the switch, exact to 8 places: 250, -12.50
  --note TEXT    what it was for
${commonHelp}
Exit codes: 0, 2 when there is no such account, the amount is none, or the configuration is wrong, 4 when the switch is
just starting or stopping, or may not be asked by this user; nothing is recorded then.`,
  arguments: {
    options: { ...commonOptions, note: 'value' },
    required: ['the name of the account', 'the amount'],
  },
  async run(args, io) {
    const report = await pay(args, io);
    if (args.flag('json')) printJson(io, report);
    else io.out(`${printable(report.account)}: ${report.amount}, balance ${report.balance}\n`);
    return exitCodes.ok;
  },
};

async function findAccounts(directory: string, io: Io): Promise<readonly AccountReport[]> {
  try {
    return (await askSwitch(directory, 'GET', '/accounts')) as readonly AccountReport[];
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
  }
  const { offlineAccounts } = await import('./offline-accounts.ts');
  return offlineAccounts(directory, io);
}

async function findBalance(args: Arguments, io: Io): Promise<BalanceReport> {
  const directory = configurationDirectory(args, io);
  const name = args.positionals[0]!;
  const limit = args.wholeNumber('limit', 0, 1000) ?? 10;
  try {
    const query = new URLSearchParams({ account: name, limit: String(limit) });
    return (await askSwitch(directory, 'GET', `/balance?${query}`)) as BalanceReport;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
  }
  const { offlineBalance } = await import('./offline-accounts.ts');
  return offlineBalance(directory, name, limit, io);
}

async function pay(args: Arguments, io: Io): Promise<PaymentReport> {
  const directory = configurationDirectory(args, io);
  const [account, amount] = args.positionals as [string, string];
  const note = args.value('note') ?? '';
  const units = paymentAmount(amount);
  paymentNote(note);
  try {
    return (await askSwitch(directory, 'POST', '/pay', { account, amount, note })) as PaymentReport;
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    if (error.kind === 'lost') throw uncertainPayment(account, error);
    if (error.kind === 'busy') throw error;
  }
  const { payOffline } = await import('./offline-accounts.ts');
  return payOffline(directory, { account, units, note }, io);
}

/** Once the request has left, paying again by another way could pay twice. */
function uncertainPayment(account: string, error: UnreachableError): OperationError {
  return new OperationError(
    'wrong',
    `${error.message}; whether the payment was recorded is not certain`,
    `look with \`class4 account balance ${account}\` before you repeat it`,
  );
}

function accountsTable(report: readonly AccountReport[]): string {
  return formatTable(
    [
      { title: 'account' },
      { title: 'kind' },
      { title: 'balance', align: 'right' },
      { title: 'held', align: 'right' },
      { title: 'overdraft', align: 'right' },
      { title: 'usable', align: 'right' },
      { title: 'lines', align: 'right' },
      { title: 'call rate', align: 'right' },
    ],
    report.map(account => [
      account.name,
      account.kind,
      account.balance,
      account.held,
      account.overdraftLimit,
      account.usable,
      linesInUse(account),
      callRateInUse(account),
    ]),
  );
}

function balanceText(report: BalanceReport): string {
  const accounts = accountsTable([report]);
  if (report.ledger.length === 0) return accounts;
  const entries = formatTable(
    [
      { title: 'time (UTC)' },
      { title: 'kind' },
      { title: 'amount', align: 'right' },
      { title: 'call or note' },
    ],
    report.ledger.map(entry => [shortTime(entry.at), entry.kind, entry.amount, entry.callId ?? entry.note]),
  );
  return `${accounts}\n${entries}`;
}
