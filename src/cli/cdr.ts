import { askSwitch, UnreachableError } from '../control/client.ts';
import { printable } from '../diagnostics/printable.ts';
import type { CdrReport, ChargeReport } from '../live/operations.ts';
import { cdrReport } from '../live/reports.ts';
import type { CdrQuery } from '../store/store.ts';
import { type Arguments, UsageError } from './arguments.ts';
import { type Command, commonHelp, commonOptions, configurationDirectory, printJson } from './command.ts';
import { exitCodes, type Io } from './io.ts';
import { formatDuration, formatTable, shortTime } from './table.ts';

const limitMax = 10_000;

export const cdrList: Command = {
  name: 'cdr list',
  usage: '[--since TIME] [--until TIME] [--account NAME] [--number PREFIX] [--reason NAME] [--limit N]',
  summary: 'call detail records, newest first',
  help: `Lists call detail records, newest first: of the running switch, else directly from its database.

  --since TIME      calls that came at this time or later: 2026-01-31 or 2026-01-31T12:00:00Z
  --until TIME      calls that came before this time
  --account NAME    calls that this account pays for or is owed for
  --number PREFIX   calls whose caller or callee starts with this, as received, as rated or as sent
  --reason NAME     calls that ended for this reason, such as CallerHangup
  --limit N         at most so many (default 50, at most ${limitMax})
${commonHelp}
Exit codes: 0, 2 when the configuration or the command line is wrong.`,
  arguments: {
    options: {
      ...commonOptions,
      since: 'value',
      until: 'value',
      account: 'value',
      number: 'value',
      reason: 'value',
      limit: 'value',
    },
    required: [],
  },
  async run(args, io) {
    const records = await findCdrs(args, io, queryOf(args));
    if (args.flag('json')) printJson(io, records);
    else if (records.length === 0) io.out('no records\n');
    else io.out(cdrTable(records));
    return exitCodes.ok;
  },
};

export const cdrShow: Command = {
  name: 'cdr show',
  usage: 'CALL [--config DIR] [--json]',
  summary: 'everything about one call',
  help: `Shows one call detail record: every attempt, who ended the call and why, and the charges with the rate rows
that made them.

  CALL           the id that \`class4 cdr list\` shows
${commonHelp}
Exit codes: 0, 1 when there is no such record, 2 when the configuration or the command line is wrong.`,
  arguments: { options: commonOptions, required: ['the id of the call'] },
  async run(args, io) {
    const callId = args.positionals[0]!;
    const [record] = await findCdrs(args, io, { callId });
    if (record === undefined) {
      io.err(`There is no record of the call ${printable(callId)}.\n`);
      return exitCodes.unexpected;
    }
    if (args.flag('json')) printJson(io, record);
    else io.out(cdrText(record));
    return exitCodes.ok;
  },
};

function queryOf(args: Arguments): CdrQuery {
  const texts = {
    account: args.value('account'),
    number: args.value('number'),
    endReason: args.value('reason'),
  };
  const numbers = {
    sinceMs: args.time('since'),
    untilMs: args.time('until'),
    limit: args.wholeNumber('limit', 1, limitMax),
  };
  if (texts.number === '') throw new UsageError('--number needs at least one digit');
  const given = Object.entries({ ...texts, ...numbers }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** Of the running switch, else of its database. */
export async function findCdrs(args: Arguments, io: Io, query: CdrQuery): Promise<readonly CdrReport[]> {
  const directory = configurationDirectory(args, io);
  const parameters = new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  );
  try {
    return (await askSwitch(directory, 'GET', `/cdrs?${parameters}`)) as readonly CdrReport[];
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
  }
  const { withOfflineStore } = await import('./offline-store.ts');
  return withOfflineStore(
    directory,
    io,
    false,
    async ({ store }) => (await store.cdrs(query)).map(cdrReport),
    () => [],
  );
}

function cdrTable(records: readonly CdrReport[]): string {
  return formatTable(
    [
      { title: 'started (UTC)' },
      { title: 'call' },
      { title: 'from' },
      { title: 'caller' },
      { title: 'callee' },
      { title: 'tried' },
      { title: 'talk', align: 'right' },
      { title: 'end' },
      { title: 'status', align: 'right' },
      { title: 'charge', align: 'right' },
      { title: 'cost', align: 'right' },
      { title: 'profit', align: 'right' },
    ],
    records.map(record => [
      shortTime(record.startedAt),
      record.callId,
      record.mappingGateway ?? record.sourceAddress,
      changedNumber(record.caller, record.billingCaller, record.sentCaller),
      changedNumber(record.callee, record.billingCallee, record.sentCallee),
      record.attempts.map(({ gateway, status }) => `${gateway} ${status}`).join(', '),
      formatDuration(record.talkSeconds),
      record.endReason,
      String(record.status),
      record.customerCharge?.amount ?? '',
      record.vendorCharge?.amount ?? '',
      record.profit,
    ]),
  );
}

/** A number as it was received, and behind it what was sent, where that differs; rated, where nothing was sent. */
function changedNumber(received: string, billing: string, sent: string | null): string {
  const last = sent ?? billing;
  return last === received ? received : `${received} > ${last}`;
}

function numbersText(caller: string, callee: string): string {
  return `${callee} from ${caller === '' ? 'nobody' : caller}`;
}

function cdrText(record: CdrReport): string {
  const facts: readonly (readonly [string, string])[] = [
    ['call', record.callId],
    ['caller', record.caller],
    ['callee', record.callee],
    ['forwarded by', record.forwarding ?? '-'],
    ['rated as', numbersText(record.billingCaller, record.billingCallee)],
    ['sent as', record.sentCallee === null ? '-' : numbersText(record.sentCaller ?? '', record.sentCallee)],
    ['from', `${record.mappingGateway ?? 'unknown'} (${record.sourceAddress})`],
    ['to', record.routingGateway ?? '-'],
    ['started', record.startedAt],
    ['answered', record.answeredAt ?? '-'],
    ['ended', `${record.endedAt}, by ${record.endedBy}: ${record.endReason} (${record.status})`],
    ['talk', formatDuration(record.talkSeconds)],
    ['post-dial', record.postDialDelayMs === null ? '-' : `${record.postDialDelayMs} ms`],
    ['charge', chargeText(record.customerCharge)],
    ['cost', chargeText(record.vendorCharge)],
    ['profit', record.profit],
    [
      'snapshot',
      `${record.snapshotHash}${record.snapshotCommit === null ? '' : ` ${record.snapshotCommit}`}`,
    ],
    ['SIP call-id', record.sipCallId],
  ];
  const lines = facts.map(([name, value]) => `${name.padEnd(14)}${printable(value)}\n`).join('');
  return record.attempts.length === 0 ? lines : `${lines}\n${attemptsTable(record)}`;
}

function attemptsTable({ attempts }: CdrReport): string {
  return formatTable(
    [
      { title: 'attempt' },
      { title: 'address' },
      { title: 'caller' },
      { title: 'callee' },
      { title: 'started' },
      { title: 'ms', align: 'right' },
      { title: 'ring ms', align: 'right' },
      { title: 'status', align: 'right' },
      { title: 'reason' },
      { title: 'outcome' },
    ],
    attempts.map(attempt => [
      attempt.gateway,
      attempt.address,
      attempt.caller,
      attempt.callee,
      attempt.startedAt.slice(11, 23),
      String(attempt.delayMs),
      attempt.ringDelayMs === null ? '' : String(attempt.ringDelayMs),
      attemptStatus(attempt),
      attempt.reason,
      attempt.outcome,
    ]),
  );
}

/** `486 (was 503)` where the mapping gateway had the code of the gateway replaced. */
function attemptStatus({ status, receivedStatus }: CdrReport['attempts'][number]): string {
  return receivedStatus === undefined ? String(status) : `${status} (was ${receivedStatus})`;
}

function chargeText(charge: ChargeReport | null): string {
  if (charge === null) return '-';
  const increments = `${charge.firstIncrementSeconds}/${charge.nextIncrementSeconds}`;
  const fee = charge.connectFee === undefined ? '' : `, ${charge.connectFee} to connect`;
  const free = charge.freeSeconds === undefined ? '' : `, ${charge.freeSeconds} s free`;
  const stages = charge.stages === undefined ? '' : `, stages ${charge.stages}`;
  return `${charge.amount} to ${charge.account}: ${charge.billedSeconds} s at ${charge.rate} per ${charge.unitSeconds} s, ${increments}${fee}${free}${stages}, prefix ${charge.prefix} (${charge.rateSource})`;
}
