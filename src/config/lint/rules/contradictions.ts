/** C4540: settings of which one takes away the effect of another. */
import type { Place, RelatedPlace } from '../../../diagnostics/diagnostic.ts';
import type { Stated } from '../../resolve/stated.ts';
import type { RoutingGateway } from '../../snapshot.ts';
import { counted, type LintContext, type LintFinding, single } from '../finding.ts';

/** The server gives a request up this long after the last transmission (RFC 3261 §17.1.1.1, T1). */
const lastWaitMs = 500;

export function contradictions(context: LintContext): LintFinding[] {
  return [
    ...timeouts(context),
    ...durations(context),
    ...protectDelays(context),
    ...switchLimit(context),
    ...untilConnect(context),
  ];
}

const systemTimeout = 'parameters.SS_SIP_TIMEOUT_INVITE';
const systemTrying = 'parameters.SS_SIP_TIMEOUT_TRYING';
const systemResend = 'parameters.SS_SIP_RESEND_INTERVAL';

function timeouts({ directory, snapshot }: LintContext): LintFinding[] {
  const { parameters } = snapshot;
  const stated = directory.switch.stated;
  const findings: LintFinding[] = [];
  const embedded = snapshot.switch.sip.server.kind === 'embedded';
  const coveredMs = parameters.resendIntervalsMs.reduce((sum, wait) => sum + wait, lastWaitMs);
  const check = (
    inviteMs: number,
    tryingMs: number,
    invite: Place | null,
    trying: Place | null,
    resend: Place | null,
  ) => {
    const first = invite ?? resend;
    if (embedded && inviteMs > coveredMs && first !== null) {
      const message = `the INVITE timeout of ${seconds(inviteMs)} s is never reached: SS_SIP_RESEND_INTERVAL gives the attempt up after ${seconds(coveredMs)} s`;
      findings.push(single('C4540', first, message, related(resend, first, 'the waits')));
    }
    const either = trying ?? invite;
    if (tryingMs < inviteMs && either !== null) {
      const message = `a gateway that answers 100 Trying is given up after ${seconds(tryingMs)} s, one that answers nothing after ${seconds(inviteMs)} s`;
      findings.push(single('C4540', either, message, related(invite, either, 'the INVITE timeout')));
    }
  };
  const at = (path: string) => stated.get(path)?.place ?? null;
  const { timeouts: system } = parameters;
  check(system.inviteMs, system.tryingMs, at(systemTimeout), at(systemTrying), at(systemResend));
  for (const gateway of snapshot.routingGateways) {
    const own = directory.routingGateways.all[gateway.index]!.stated;
    const invite = own.get('timeouts.inviteSeconds')?.place ?? null;
    const trying = own.get('timeouts.tryingSeconds')?.place ?? null;
    // Without one of its own it is the system's matter.
    if (invite === null && trying === null) continue;
    const { inviteMs, tryingMs } = gateway.timeouts;
    check(invite === null ? 0 : inviteMs, tryingMs, invite, trying, null);
    if (invite === null && tryingMs < inviteMs) check(inviteMs, tryingMs, null, trying, null);
  }
  return findings;
}

function durations({ directory, snapshot }: LintContext): LintFinding[] {
  const system = snapshot.parameters.maxCallDurationSeconds;
  const systemPlace = directory.switch.stated.get('parameters.SS_MAX_CALL_DURATION')?.place ?? null;
  const key = 'maxCallDurationSeconds';
  const findings: LintFinding[] = [];
  const check = (
    own: number | null,
    stated: Stated,
    limit: number | null,
    whose: string,
    place: Place | null,
  ) => {
    const at = stated.get(key)?.place;
    if (own === null || limit === null || own <= limit || at === undefined) return false;
    const message = `${key} ${own} is never reached: ${whose} ends calls after ${limit} s`;
    findings.push(single('C4540', at, message, related(place, at, whose)));
    return true;
  };
  const ofAccount = (index: number) => {
    const { maxCallDurationSeconds, name } = snapshot.accounts[index]!;
    const place = directory.accounts.all[index]!.stated.get(key)?.place ?? null;
    return [maxCallDurationSeconds, `the account "${name}"`, place] as const;
  };
  for (const [index, account] of snapshot.accounts.entries()) {
    const { stated } = directory.accounts.all[index]!;
    check(account.maxCallDurationSeconds, stated, system, 'SS_MAX_CALL_DURATION', systemPlace);
  }
  const gateways = [
    ...snapshot.mappingGateways.map(
      gateway => [gateway, directory.mappingGateways.all[gateway.index]!, gateway.account] as const,
    ),
    ...snapshot.routingGateways.map(
      gateway => [gateway, directory.routingGateways.all[gateway.index]!, gateway.clearingAccount] as const,
    ),
  ];
  for (const [{ maxCallDurationSeconds: own }, { stated }, account] of gateways) {
    if (check(own, stated, system, 'SS_MAX_CALL_DURATION', systemPlace)) continue;
    check(own, stated, ...ofAccount(account));
  }
  return findings;
}

function protectDelays({ directory, snapshot }: LintContext): LintFinding[] {
  const open = snapshot.routingGateways.filter(({ locked }) => !locked);
  const findings: LintFinding[] = [];
  const check = (
    delayMs: number,
    place: Place | undefined,
    usable: readonly RoutingGateway[],
    who: string,
  ) => {
    if (place === undefined || delayMs === 0) return;
    const normal = usable.filter(({ protectRoute }) => !protectRoute);
    if (normal.length === usable.length) {
      findings.push(
        single('C4540', place, `a delay for protect routes has no effect: ${who} has no protect route`),
      );
      return;
    }
    const attempts = Math.min(normal.length, snapshot.parameters.gatewaySwitchLimit ?? Infinity);
    const longest = Math.max(0, ...normal.map(longestAttemptMs));
    if (delayMs <= attempts * longest) return;
    const message = `protect routes are never waited for so long: ${counted(attempts, 'attempt', 'attempts')} before them last ${seconds(attempts * longest)} s at most`;
    findings.push(single('C4540', place, message));
  };
  const system = directory.switch.stated.get('parameters.SS_TRY_PROTECT_ROUTE_DELAY')?.place;
  check(snapshot.parameters.protectRouteDelayMs, system, open, 'this switch');
  for (const gateway of snapshot.mappingGateways) {
    const place = directory.mappingGateways.all[gateway.index]!.stated.get('protectRouteDelaySeconds')?.place;
    if (place === undefined) continue;
    const { routingGateways: own, index: caller, protectRouteDelayMs: delayMs } = gateway;
    const usable = open.filter(
      ({ index, mappingGateways: theirs }) =>
        (own.kind === 'any' || own.indexes.includes(index) === (own.kind === 'allow')) &&
        (theirs.kind === 'any' || theirs.indexes.includes(caller) === (theirs.kind === 'allow')),
    );
    check(delayMs, place, usable, `"${gateway.name}"`);
  }
  return findings;
}

/** All stages of an attempt one after the other. */
function longestAttemptMs({ timeouts }: RoutingGateway): number {
  const { inviteMs, tryingMs, progressMs, progressSdpMs, ringingMs } = timeouts;
  return inviteMs + tryingMs + progressMs + progressSdpMs + ringingMs;
}

function switchLimit({ directory, snapshot }: LintContext): LintFinding[] {
  const place = directory.switch.stated.get('parameters.SS_GATEWAY_SWITCH_LIMIT')?.place;
  if (place === undefined || snapshot.parameters.gatewaySwitchLimit !== 1) return [];
  const protect = snapshot.routingGateways.find(({ protectRoute, locked }) => protectRoute && !locked);
  if (protect === undefined) return [];
  const message = `with one attempt a call, a protect route such as "${protect.name}" never takes over from another gateway`;
  return [single('C4540', place, message)];
}

const overridden = ['stopAfterUserBusy', 'stopAfterSdp', 'stopAfterRinging'].map(key => `hunting.${key}`);
const overriddenParameters = [
  'parameters.SS_GATEWAY_SWITCH_STOP_AFTER_USER_BUSY',
  'parameters.SS_SIP_STOP_SWITCH_AFTER_SDP',
  'hunting.stopAfterRinging',
];

function untilConnect({ directory }: LintContext): LintFinding[] {
  const findings: LintFinding[] = [];
  const check = (stated: Stated, until: string, stops: readonly string[]) => {
    const on = stated.get(until);
    if (on?.value !== true) return;
    for (const stop of stops) {
      const statement = stated.get(stop);
      if (statement?.value !== true) continue;
      const name = (path: string) => path.slice(path.indexOf('.') + 1);
      const message = `${name(stop)} has no effect: ${name(until)} overrides it`;
      findings.push(
        single('C4540', statement.place, message, related(on.place, statement.place, name(until))),
      );
    }
  };
  check(directory.switch.stated, 'parameters.SS_GATEWAY_SWITCH_UNTIL_CONNECT', overriddenParameters);
  for (const { stated } of directory.routingGateways.all) check(stated, 'hunting.untilConnect', overridden);
  return findings;
}

function related(
  place: Place | null,
  first: Place,
  message: string,
): { readonly related?: readonly RelatedPlace[] } {
  return place === null || place === first ? {} : { related: [{ ...place, message }] };
}

function seconds(ms: number): string {
  return String(ms / 1000);
}
