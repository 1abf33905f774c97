/** The settings of switch.yaml, accounts, groups and calendars as their files write them, from a Snapshot. */
import type {
  Account,
  Calendar,
  DaySpan,
  GatewayGroup,
  Parameters,
  Snapshot,
} from '../../config/snapshot.ts';
import { money, moneyText } from '../../rating/money.ts';
import { callRateText, seconds, type Written } from './written-gateways.ts';

export const writtenAccount: Written<Account> = {
  kind: ({ kind }) => kind,
  rateTable: ({ rateTable }, { rateTables }) => (rateTable === null ? null : rateTables[rateTable]!.name),
  rateTables: ({ timedRateTables }, { calendars, rateTables }) =>
    timedRateTables.length === 0
      ? null
      : timedRateTables.map(one => ({
          calendar: calendars[one.calendar]!.name,
          rateTable: rateTables[one.rateTable]!.name,
        })),
  privateRateTable: ({ privateRateTable }, { rateTables }) =>
    privateRateTable === null ? null : rateTables[privateRateTable]!.name,
  unrated: ({ unrated }) => unrated,
  overdraftLimit: ({ overdraftLimit }) => moneyText(money(overdraftLimit)),
  locked: ({ locked }) => locked,
  validUntil: ({ validUntilMs }) => (validUntilMs === null ? null : new Date(validUntilMs).toISOString()),
  lines: ({ lines }) => lines,
  callRate: ({ callRate }) => callRateText(callRate),
  maxCallDurationSeconds: ({ maxCallDurationSeconds }) => maxCallDurationSeconds,
};

export const writtenGroup: Written<GatewayGroup> = {
  lines: ({ lines }) => lines,
  timedLines: ({ timedLines }, { calendars }) =>
    timedLines.length === 0
      ? null
      : timedLines.map(({ calendar, lines }) => ({ calendar: calendars[calendar]!.name, lines })),
};

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const writtenCalendar: Written<Calendar> = {
  timeZone: ({ zone }) => zone.name,
  periods: ({ week }) =>
    Object.fromEntries(
      week.flatMap((spans, day) => (spans.length === 0 ? [] : [[dayNames[day]!, spans.map(spanText)]])),
    ),
  exceptions: ({ exceptions }) =>
    exceptions.length === 0
      ? null
      : exceptions.map(({ fromDay, untilDay, spans }) => ({
          firstDate: dateText(fromDay),
          lastDate: dateText(untilDay - 1),
          ...(spans.length === 0 ? { closed: true } : { periods: spans.map(spanText) }),
        })),
};

function spanText({ fromMinute, untilMinute }: DaySpan): string {
  const until = untilMinute > 1440 ? `${clockText(untilMinute - 1440)} the next day` : clockText(untilMinute);
  return `${clockText(fromMinute)}–${until}`;
}

function clockText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

function dateText(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** A secret is never in a Snapshot: only where it is found. */
export const writtenSwitch: Written<null> = {
  name: (_, { switch: { name } }) => name,
  currency: (_, { switch: { currency } }) => currency,
  'sip.listen': (_, { switch: { sip } }) => sip.listen,
  'sip.server': (_, { switch: { sip } }) => {
    if (sip.server.kind === 'embedded') return 'embedded';
    const { host, port, secret } = sip.server;
    return { host, port, secret };
  },
  'store.path': (_, { switch: { store } }) => store.path,
  'rollout.canaryPercent': ofRollout(rollout => rollout.canaryPercent),
  'rollout.forMinutes': ofRollout(rollout => rollout.forMs / 60_000),
  'rollout.abort.asrDropPoints': ofRollout(rollout => rollout.asrDropPoints),
  'rollout.abort.pddRiseSeconds': ofRollout(rollout => seconds(rollout.pddRiseMs)),
  'rollout.abort.minimumCalls': ofRollout(rollout => rollout.minimumCalls),
  'history.versions': (_, { switch: { history } }) => history.versions,
  'history.days': (_, { switch: { history } }) => history.days,
  'history.compiledVersions': (_, { switch: { history } }) => history.compiledVersions,
  'history.megabytes': (_, { switch: { history } }) => history.megabytes,
  'plan.allow.routes': (_, { switch: { plan } }) => plan?.allow.routes ?? null,
  'plan.allow.rates': (_, { switch: { plan } }) => plan?.allow.rates ?? null,
  'hunting.stopOn6xx': (_, { parameters: { hunting } }) => hunting.stopOn6xx,
  'hunting.stopAfterRinging': (_, { parameters: { hunting } }) => hunting.stopAfterRinging,
  onNetNumbers: (_, { onNetNumbers, numberLists }) =>
    onNetNumbers.length === 0 ? null : onNetNumbers.map(list => numberLists[list]!.name),
  ...ofParameters({
    SS_SIP_TIMEOUT_INVITE: ({ timeouts }) => seconds(timeouts.inviteMs),
    SS_SIP_TIMEOUT_TRYING: ({ timeouts }) => seconds(timeouts.tryingMs),
    SS_SIP_TIMEOUT_SESSION_PROGRESS: ({ timeouts }) => seconds(timeouts.progressMs),
    SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP: ({ timeouts }) => seconds(timeouts.progressSdpMs),
    SS_SIP_TIMEOUT_RINGING: ({ timeouts }) => seconds(timeouts.ringingMs),
    SS_SIP_RESEND_INTERVAL: ({ resendIntervalsMs }) => resendIntervalsMs.map(seconds),
    SS_SIP_SEND_RETRY: ({ resendIntervalsMs }) => resendIntervalsMs.length,
    SS_GATEWAY_SWITCH_LIMIT: ({ gatewaySwitchLimit }) => gatewaySwitchLimit,
    SS_GATEWAY_SWITCH_UNTIL_CONNECT: ({ hunting }) => hunting.untilConnect,
    SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY: ({ hunting }) => hunting.stopAfterUserBusy,
    SS_SIP_STOP_SWITCH_AFTER_SDP: ({ hunting }) => hunting.stopAfterSdp,
    SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT: ({ hunting }) => hunting.stopAfterInviteTimeout,
    SS_TRY_PROTECT_ROUTE_DELAY: ({ protectRouteDelayMs }) => seconds(protectRouteDelayMs),
    SERVER_GATEWAY_ROUTE_PREFIX: ({ routeTags }) => (routeTags.length === 0 ? null : routeTags),
    SS_GATEWAY_ASR_CALCULATE: ({ quality }) => quality.enabled,
    SS_GATEWAY_QUALITY_RESERVE_TIME: ({ quality }) => quality.windowSeconds,
    SS_GATEWAY_QUALITY_RESERVE_SEPARATE: ({ quality }) => quality.sliceSeconds,
    SS_SIP_OPTIONS_CHECK_PERIOD: ({ optionsPeriodMs }) => seconds(optionsPeriodMs),
    SS_MAX_CPS: ({ callRate }) => callRate?.calls ?? null,
    SS_MAX_CALL_DURATION: ({ maxCallDurationSeconds }) => maxCallDurationSeconds,
    SS_SIP_NO_TIMER_REINVITE_INTERVAL: ({ noTimerCapSeconds }) => noTimerCapSeconds,
    SS_REPLY_UNAUTHORIZED: ({ replyUnauthorized }) => replyUnauthorized,
    SERVER_BILLING_RECORD_ILLEGAL_CALL: ({ recordIllegalCalls }) => recordIllegalCalls,
    SERVER_BILLING_RECORD_ZERO_HOLD_TIME: ({ recordUnanswered }) => recordUnanswered,
    SERVER_BILLING_RECORD_SERVER_HANG_UP: ({ recordServerHangUp }) => recordServerHangUp,
    SERVER_BILLING_HOLD_TIME_PRECISION: ({ holdTimePrecisionMs }) => holdTimePrecisionMs,
    SERVER_BILLING_FEE_PRECISION: ({ feePrecision }) => feePrecision,
    SERVER_BILLING_FREE_TIME: ({ freeSeconds }) => freeSeconds,
    SERVER_BILLING_FREE_E164S: ({ freeNumbers }) => (freeNumbers.length === 0 ? null : freeNumbers),
    SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME: ({ creditHoldStepSeconds }) => creditHoldStepSeconds / 60,
    SERVER_VERIFY_CLEARING_CUSTOMER_REMAIN_MONEY_LIMIT: ({ verifyVendorCredit }) => verifyVendorCredit,
  }),
};

type Rollout = NonNullable<Snapshot['switch']['rollout']>;

function ofRollout(read: (rollout: Rollout) => unknown): Written<null>[string] {
  return (_, { switch: { rollout } }) => (rollout === undefined ? null : read(rollout));
}

/** They go by their names alone. */
function ofParameters(byName: Readonly<Record<string, (parameters: Parameters) => unknown>>): Written<null> {
  return Object.fromEntries(
    Object.entries(byName).map(([name, read]) => [
      name,
      (_: null, { parameters }: Snapshot) => read(parameters),
    ]),
  );
}
