/** switch.yaml → the settings of the process and the system parameters. */
import { parseAddress } from '../../routing/ip-address.ts';
import type { Findings } from '../findings.ts';
import type { ParsedSwitch } from '../parsed.ts';
import { type Stated, statedIn } from '../resolve/stated.ts';
import { shortened } from '../schema/findings.ts';
import type {
  CallRate,
  Parameters,
  Places,
  QualitySettings,
  RolloutSettings,
  SecretReference,
  SwitchSettings,
  Transport,
} from '../snapshot.ts';
import { formatAddress, isHost } from './address.ts';
import type { Fields } from './fields.ts';

export function parseSwitch(fields: Fields, findings: Findings): ParsedSwitch {
  const stated = statedIn(fields.node, fields.shape);
  return {
    settings: {
      name: fields.text('name') ?? '',
      currency: fields.text('currency') ?? '',
      sip: { listen: parseListeners(fields, findings), server: parseServer(fields, findings) },
      store: { path: fields.within('store').text('path')! },
      history: parseHistory(fields.within('history')),
      ...parsePlan(fields),
      ...parseRollout(fields),
    },
    parameters: parseParameters(fields, stated, findings),
    onNetNumbers: fields.texts('onNetNumbers'),
    stated,
  };
}

/** A configuration without it keeps the hash that it had before there was such a thing, as with `rollout`. */
function parsePlan(fields: Fields): Pick<SwitchSettings, 'plan'> {
  const allow = fields.within('plan').within('allow');
  const [routes, rates] = [allow.text('routes'), allow.text('rates')];
  return routes === null && rates === null ? {} : { plan: { allow: { routes, rates } } };
}

function parseRollout(fields: Fields): Pick<SwitchSettings, 'rollout'> {
  const rollout = fields.within('rollout');
  const canaryPercent = rollout.number('canaryPercent');
  if (canaryPercent === null) return {};
  const abort = rollout.within('abort');
  const settings: RolloutSettings = {
    canaryPercent,
    forMs: Math.round(rollout.number('forMinutes')! * 60_000),
    asrDropPoints: abort.number('asrDropPoints')!,
    pddRiseMs: Math.round(abort.number('pddRiseSeconds')! * 1000),
    minimumCalls: abort.number('minimumCalls')!,
  };
  return { rollout: settings };
}

function parseListeners(fields: Fields, findings: Findings): SwitchSettings['sip']['listen'] {
  const known = new Map<string, Fields>();
  const listeners: { transport: Transport; address: string; port: number }[] = [];
  for (const entry of fields.within('sip').entries('listen')) {
    const [transport, address, port] = [entry.text('transport'), entry.text('address'), entry.number('port')];
    if (transport === null || address === null || port === null) continue;
    const bytes = parseAddress(address);
    if (bytes === null) {
      const message = `address must be an IPv4 or IPv6 address of this machine, not "${shortened(address)}"`;
      const hint = 'Write 0.0.0.0 or :: to listen on all addresses; IPv6 stands without brackets.';
      findings.add('C4308', entry.place('address'), message, { hint });
      continue;
    }
    const identity = `${transport} ${formatAddress(bytes)} ${port}`;
    const first = known.get(identity);
    if (first !== undefined) {
      const related = [{ ...first.place(), message: 'the first listener' }];
      findings.add('C4309', entry.place(), `${transport} on ${address}:${port} is listened on already`, {
        related,
      });
    }
    known.set(identity, entry);
    listeners.push({ transport: transport as Transport, address, port });
  }
  return listeners;
}

function parseServer(fields: Fields, findings: Findings): SwitchSettings['sip']['server'] {
  const sip = fields.within('sip');
  const server = sip.within('server');
  const [host, port, secret] = [server.text('host'), server.number('port'), parseSecret(server)];
  if (host !== null && !isHost(host)) {
    findings.add(
      'C4308',
      server.place('host'),
      `host must be an address or a host name, not "${shortened(host)}"`,
    );
  }
  if (host === null || port === null || secret === null) return { kind: 'embedded' };
  return { kind: 'drachtio', host, port, secret };
}

function parseSecret(server: Fields): SecretReference | null {
  const secret = server.within('secret');
  const [env, file] = [secret.text('env'), secret.text('file')];
  if (env !== null) return { env };
  return file === null ? null : { file };
}

function parseHistory(history: Fields): SwitchSettings['history'] {
  return {
    versions: history.number('versions')!,
    days: history.number('days')!,
    compiledVersions: history.number('compiledVersions')!,
    megabytes: history.number('megabytes')!,
  };
}

/** Parameters by their names, everything else by its path: `sip.listen`. */
function placesOf(stated: Stated): Places {
  return {
    settings: [...stated.keys()].map(path => path.replace(/^parameters\./, '')),
    at: [...stated.values()].flatMap(({ place }) => [place.line, place.column]),
    inherited: {},
  };
}

function parseParameters(fields: Fields, stated: Stated, findings: Findings): Parameters {
  const parameters = fields.within('parameters');
  const hunting = fields.within('hunting');
  const number = (key: string) => parameters.number(key)!;
  const ms = (key: string) => Math.round(number(key) * 1000);
  return {
    places: placesOf(stated),
    timeouts: {
      inviteMs: ms('SS_SIP_TIMEOUT_INVITE'),
      tryingMs: ms('SS_SIP_TIMEOUT_TRYING'),
      progressMs: ms('SS_SIP_TIMEOUT_SESSION_PROGRESS'),
      progressSdpMs: ms('SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP'),
      ringingMs: ms('SS_SIP_TIMEOUT_RINGING'),
    },
    resendIntervalsMs: parseResendIntervals(parameters, findings),
    hunting: {
      stopAfterInviteTimeout: parameters.boolean('SS_SIP_USER_AGENT_STOP_SWITCH_AFTER_INVITE_TIMEOUT'),
      stopAfterUserBusy: parameters.boolean('SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY'),
      stopAfterSdp: parameters.boolean('SS_SIP_STOP_SWITCH_AFTER_SDP'),
      stopAfterRinging: hunting.boolean('stopAfterRinging'),
      stopOn6xx: hunting.boolean('stopOn6xx'),
      untilConnect: parameters.boolean('SS_GATEWAY_SWITCH_UNTIL_CONNECT'),
    },
    gatewaySwitchLimit: countOrNone(parameters, 'SS_GATEWAY_SWITCH_LIMIT'),
    protectRouteDelayMs: ms('SS_TRY_PROTECT_ROUTE_DELAY'),
    maxCallDurationSeconds: countOrNone(parameters, 'SS_MAX_CALL_DURATION'),
    noTimerCapSeconds: number('SS_SIP_NO_TIMER_REINVITE_INTERVAL'),
    replyUnauthorized: parameters.boolean('SS_REPLY_UNAUTHORIZED'),
    recordIllegalCalls: parameters.boolean('SERVER_BILLING_RECORD_ILLEGAL_CALL'),
    holdTimePrecisionMs: number('SERVER_BILLING_HOLD_TIME_PRECISION'),
    feePrecision: number('SERVER_BILLING_FEE_PRECISION'),
    freeSeconds: number('SERVER_BILLING_FREE_TIME'),
    freeNumbers: parameters.texts('SERVER_BILLING_FREE_E164S').map(({ text }) => text),
    creditHoldStepSeconds: number('SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME') * 60,
    callRate: callsPerSecond(parameters.number('SS_MAX_CPS')),
    recordUnanswered: parameters.boolean('SERVER_BILLING_RECORD_ZERO_HOLD_TIME'),
    recordServerHangUp: parameters.boolean('SERVER_BILLING_RECORD_SERVER_HANG_UP'),
    routeTags: parameters.listed('SERVER_GATEWAY_ROUTE_PREFIX').map(({ text }) => text),
    quality: parseQuality(parameters, findings),
    optionsPeriodMs: ms('SS_SIP_OPTIONS_CHECK_PERIOD'),
    verifyVendorCredit: parameters.boolean('SERVER_VERIFY_CLEARING_CUSTOMER_REMAIN_MONEY_LIMIT'),
  };
}

/** More slices would cost memory for every gateway and say nothing more. */
const mostSlices = 1440;

function parseQuality(parameters: Fields, findings: Findings): QualitySettings {
  const [window, slice] = ['SS_GATEWAY_QUALITY_RESERVE_TIME', 'SS_GATEWAY_QUALITY_RESERVE_SEPARATE'] as const;
  const windowSeconds = parameters.number(window)!;
  const sliceSeconds = parameters.number(slice)!;
  const slices = windowSeconds / sliceSeconds;
  if (slices < 1 || slices > mostSlices) {
    const key = parameters.has(slice) ? slice : window;
    const problem =
      slices < 1
        ? `slices of ${sliceSeconds} s are longer than the ${windowSeconds} s that they divide`
        : `${windowSeconds} s have ${Math.ceil(slices)} slices of ${sliceSeconds} s; at most ${mostSlices} are kept`;
    const related =
      parameters.has(window) && key !== window ? [{ ...parameters.place(window), message: window }] : [];
    findings.add('C4228', parameters.place(key), problem, { related });
  }
  return { enabled: parameters.boolean('SS_GATEWAY_ASR_CALCULATE'), windowSeconds, sliceSeconds };
}

function callsPerSecond(calls: number | null): CallRate | null {
  return calls === null ? null : { calls, perSeconds: 1 };
}

/** null for no limit, which is written None, 0, or not at all. */
function countOrNone(parameters: Fields, key: string): number | null {
  const count = parameters.number(key);
  return count === 0 ? null : count;
}

function parseResendIntervals(parameters: Fields, findings: Findings): readonly number[] {
  const key = 'SS_SIP_RESEND_INTERVAL';
  const seconds = parameters.numbers(key);
  if (seconds.some(wait => !(wait > 0 && wait <= 60))) {
    const message = `${key} must be waits of more than 0 and at most 60 seconds, not "${seconds.join(',')}"`;
    findings.add('C4204', parameters.place(key), message);
  }
  const most = parameters.number('SS_SIP_SEND_RETRY') ?? seconds.length;
  return seconds.slice(0, most).map(wait => Math.round(wait * 1000));
}
