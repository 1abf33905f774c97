/** Why a call is turned away before any gateway is looked for, in words and with the line that caused it. */
import { type CallLimit, exceededLimit, hasCredit } from '../call/admission.ts';
import { type AuthorisationRefusal, type Rejection, receivedNumbers } from '../call/authorise.ts';
import { causeOf } from '../call/end-cause.ts';
import type { SnapshotView } from '../call/gateway-state.ts';
import type { Price } from '../call/prices.ts';
import { callerTalkLimitSeconds, talkLimitSeconds } from '../call/talk-limit.ts';
import type { EndReason } from '../cdr/record.ts';
import type {
  Account,
  CallRate,
  MappingGateway,
  RoutingGateway,
  Snapshot,
  Source,
} from '../config/snapshot.ts';
import { findAccountRate, rateTablesAt } from '../rating/account-rate.ts';
import { moneyText } from '../rating/money.ts';
import { isLockedRow, levelOfRow } from '../rating/rate-table.ts';
import { explainNumberRefusal } from '../routing/explain-numbers.ts';
import { explainGroupRefusal, groupRefusalOf } from '../routing/group-lines.ts';
import { callRateText, noLineLeftOf } from '../routing/lines-text.ts';
import { numberRefusal } from '../routing/number-rules.ts';
import type { PreparedNumbers, RefusedNumbers } from '../routing/prepare-numbers.ts';
import { decidingPlace, parameterPlace } from '../routing/setting-place.ts';
import { mappingPeriodAt, settingsAt } from '../routing/timed-settings.ts';
import type { Circumstances } from './circumstances.ts';
import type { ExplainedExclusion, ExplainedRejection, NumbersOfCall } from './explanation.ts';
import { placeText } from './place-text.ts';

export function rejection(reason: EndReason, detail: string, source: Source | null): ExplainedRejection {
  const { status } = causeOf(reason);
  return { reason, status, detail, source: source === null ? null : placeText(source) };
}

/** What the checks of an arriving call said. `prepared` are its numbers, with what was done to them. */
export function explainRefusal(
  snapshot: Snapshot,
  { reason, gateway }: Rejection,
  prepared: PreparedNumbers | RefusedNumbers,
  received: NumbersOfCall,
  atMs: number,
): ExplainedRejection {
  if (gateway === null) return rejection(reason, 'no mapping gateway has this address', null);
  if (prepared.kind === 'refused' && prepared.reason === reason) {
    return rejection(reason, prepared.detail, prepared.source ?? gateway.source);
  }
  const toRate = prepared.kind === 'prepared' ? prepared.calleeToRate : received.callee;
  const { detail, source } = wordsOf(snapshot, reason, gateway, received, toRate, atMs);
  return rejection(reason, detail, source);
}

interface Words {
  readonly detail: string;
  readonly source: Source;
}

function wordsOf(
  snapshot: Snapshot,
  reason: AuthorisationRefusal,
  gateway: MappingGateway,
  received: NumbersOfCall,
  toRate: string,
  atMs: number,
): Words {
  const account = snapshot.accounts[gateway.account]!;
  switch (reason) {
    case 'IllegalCall':
      return { detail: 'no mapping gateway has this address', source: gateway.source };
    case 'InvalidNumber':
      return { detail: `"${received.callee}" is no number that can be called`, source: gateway.source };
    case 'LrnQueryFailed':
      return { detail: 'the LRN of the callee is not known', source: gateway.lrn?.source ?? gateway.source };
    case 'NumberNotAllowed':
      return numberNotAllowed(snapshot, gateway, received, atMs);
    case 'GatewayLocked':
      return gatewayLocked(snapshot, gateway, atMs);
    case 'Shutdown':
      return { detail: 'the switch is ending and takes no new calls', source: gateway.source };
    case 'AccountLocked':
      return { detail: `${account.name} is locked`, source: decidingPlace(account, 'locked') };
    case 'AccountExpired':
      return { detail: `${account.name} has expired`, source: decidingPlace(account, 'validUntil') };
    case 'NoSuchRate':
      return missingRate(snapshot, account, toRate, atMs);
    case 'NoCallPermission':
      return noPermission(snapshot, gateway, account, toRate, atMs);
  }
}

function noPermission(
  snapshot: Snapshot,
  gateway: MappingGateway,
  account: Account,
  toRate: string,
  atMs: number,
): Words {
  const found = findAccountRate(snapshot, account, toRate, atMs);
  const level = found === null ? null : levelOfRow(found.table, found.row);
  return {
    detail: `${gateway.name} may make ${gateway.callLevel} calls, and the rate for ${toRate} is ${level ?? 'of no'} level`,
    source: decidingPlace(gateway, 'callLevel'),
  };
}

function numberNotAllowed(
  snapshot: Snapshot,
  gateway: MappingGateway,
  { caller, callee, forwarding }: NumbersOfCall,
  atMs: number,
): Words {
  const period = mappingPeriodAt(snapshot, gateway.index, atMs);
  const numbers = receivedNumbers(snapshot, caller, callee, forwarding);
  const refusal = numberRefusal(snapshot, gateway.numbers, period, numbers);
  if (refusal === null) return { detail: 'it does not take these numbers', source: gateway.source };
  const { detail, source } = explainNumberRefusal(gateway, period, numbers, refusal);
  return { detail: `${gateway.name}: ${detail}`, source };
}

function gatewayLocked(snapshot: Snapshot, gateway: MappingGateway, atMs: number): Words {
  const period = mappingPeriodAt(snapshot, gateway.index, atMs);
  if (gateway.locked || period === null) {
    return { detail: `${gateway.name} is locked`, source: decidingPlace(gateway, 'locked') };
  }
  const { name } = snapshot.calendars[period.calendar]!;
  return { detail: `${gateway.name} takes no calls while ${name} counts`, source: period.source };
}

function missingRate(snapshot: Snapshot, account: Account, callee: string, atMs: number): Words {
  const found = findAccountRate(snapshot, account, callee, atMs);
  if (found === null || !isLockedRow(found.table, found.row)) {
    const tables = rateTablesAt(snapshot, account, atMs);
    const names = tables.map(({ name }) => name).join(' nor ');
    const have = tables.length === 1 ? `${names} has no rate` : `neither ${names} has a rate`;
    return { detail: `${have} for ${callee}`, source: tables.at(-1)?.source ?? account.source };
  }
  const { table, row } = found;
  const source = { file: table.rowFile, line: table.line[row]!, column: 1 };
  return { detail: `the rate of ${table.name} for ${callee} is locked`, source };
}

/** What the switch would say to a call that may begin by the files: lines, call rates and credit. */
export function refusedByState(
  { view, live }: Circumstances,
  gateway: MappingGateway,
  account: Account,
  price: Price | null,
  atMs: number,
): ExplainedRejection | null {
  const limit = exceededLimit(view, gateway, atMs);
  if (limit !== null) return explainLimit(view, limit, gateway, account, atMs);
  if (!live || price === null) return null;
  const { parameters } = view.snapshot;
  const longest = callerTalkLimitSeconds(parameters, account, gateway, true);
  const seconds = Math.min(parameters.creditHoldStepSeconds, longest);
  if (hasCredit(view, account, price.rate, seconds)) return null;
  return rejection(
    'AccountBalanceNotEnough',
    noCredit(view, account),
    decidingPlace(account, 'overdraftLimit'),
  );
}

/** Why the hunt passes a gateway over whose vendor cannot be held to the beginning of a call, or null. */
export function vendorWithoutCredit(
  { view, live }: Circumstances,
  from: MappingGateway,
  gateway: RoutingGateway,
  vendor: Account,
  price: Price | null,
): Pick<ExplainedExclusion, 'reason' | 'detail' | 'source'> | null {
  const { parameters, accounts } = view.snapshot;
  if (!live || price === null || !parameters.verifyVendorCredit) return null;
  const callerLimit = callerTalkLimitSeconds(parameters, accounts[from.account]!, from, true);
  const longest = talkLimitSeconds(callerLimit, gateway, vendor);
  if (hasCredit(view, vendor, price.rate, Math.min(parameters.creditHoldStepSeconds, longest))) return null;
  const source = placeText(decidingPlace(vendor, 'overdraftLimit'));
  return { reason: 'vendorCreditExhausted', detail: noCredit(view, vendor), source };
}

function noCredit(view: SnapshotView, { index, name, overdraftLimit }: Account): string {
  const usable = moneyText(view.accounts[index]!.free(overdraftLimit));
  return `${name} has ${usable} to use, which does not pay for the beginning of a call`;
}

function explainLimit(
  view: SnapshotView,
  limit: CallLimit,
  gateway: MappingGateway,
  account: Account,
  atMs: number,
): ExplainedRejection {
  const { parameters } = view.snapshot;
  switch (limit) {
    case 'gatewayLines':
      return gatewayLinesFull(view, gateway, atMs);
    case 'groupLines':
      return groupLinesFull(view, gateway, atMs);
    case 'accountLines':
      return rejection(
        'LineLimit',
        noLineLeftOf(account.name, account.lines ?? 0),
        decidingPlace(account, 'lines'),
      );
    case 'gatewayCallRate':
      return rateReached(gateway.name, gateway.callRate, decidingPlace(gateway, 'callRate.calls'));
    case 'accountCallRate':
      return rateReached(account.name, account.callRate, decidingPlace(account, 'callRate.calls'));
    case 'switchCallRate':
      return rateReached(
        'the switch (SS_MAX_CPS)',
        parameters.callRate,
        parameterPlace(parameters, 'SS_MAX_CPS'),
      );
  }
}

function gatewayLinesFull(
  { snapshot }: SnapshotView,
  gateway: MappingGateway,
  atMs: number,
): ExplainedRejection {
  const settings = settingsAt(snapshot, atMs);
  const period = settings.mappingPeriod(gateway.index);
  return rejection(
    'LineLimit',
    noLineLeftOf(gateway.name, settings.mappingLines[gateway.index] ?? 0),
    period !== null && period.lines !== null ? period.source : decidingPlace(gateway, 'lines'),
  );
}

function groupLinesFull(view: SnapshotView, gateway: MappingGateway, atMs: number): ExplainedRejection {
  const settings = settingsAt(view.snapshot, atMs);
  const refusal = groupRefusalOf(gateway, settings, view)!;
  const { detail, source } = explainGroupRefusal(view.snapshot, settings, view, refusal, gateway.name);
  return rejection('LineLimit', detail, source);
}

function rateReached(name: string, rate: CallRate | null, source: Source): ExplainedRejection {
  const text = rate === null ? 'its calls' : callRateText(rate);
  return rejection('CallRateLimit', `${name} has had ${text} already`, source);
}
