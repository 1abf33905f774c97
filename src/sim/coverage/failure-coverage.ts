/** In which ways attempts failed: after which the hunt went on, and which of its stops ended it. */
import {
  type AttemptFailure,
  type AttemptProgress,
  type StopRuleName,
  stopRuleFor,
} from '../../call/hunting.ts';
import { type AttemptStage, timeoutReasons } from '../../call/timers.ts';
import type { CdrAttempt } from '../../cdr/record.ts';
import type {
  HuntingRules,
  MappingGateway,
  RoutingGateway,
  Snapshot,
  Source,
} from '../../config/snapshot.ts';
import { decidingPlace, settingPlace } from '../../routing/setting-place.ts';
import type { Elements } from './elements.ts';

type SwitchableStop = Exclude<StopRuleName, 'stopCode' | 'ringingTimeout'>;

const stopTexts: Readonly<Record<SwitchableStop, string>> = {
  stopOn6xx: 'stop on 6xx',
  stopAfterInviteTimeout: 'stop after an INVITE timeout',
  stopAfterUserBusy: 'stop after 486',
  stopAfterSdp: 'stop after SDP',
  stopAfterRinging: 'stop after ringing',
};

const switchableStops = Object.keys(stopTexts) as readonly SwitchableStop[];

/** SS_GATEWAY_SWITCH_UNTIL_CONNECT switches these off. */
const overriddenStops: ReadonlySet<StopRuleName> = new Set([
  'stopAfterUserBusy',
  'stopAfterSdp',
  'stopAfterRinging',
  'ringingTimeout',
]);

/** What is left to its default stands nowhere; it is the business of the switch. */
const defaultsSource: Source = { file: 'switch.yaml', line: 1, column: 1 };
const retryAfterKey = 'failure retryAfter';

/**
 * A stop that a gateway states itself is an element of its own. One that it inherits is an element of the line that it
 * inherits it from, and the defaults are elements of the switch, whoever they stop at.
 */
export class FailureCoverage {
  readonly #elements: Elements;

  constructor(snapshot: Snapshot, elements: Elements) {
    this.#elements = elements;
    for (const gateway of snapshot.routingGateways) this.#defineRouting(gateway);
    for (const gateway of snapshot.mappingGateways) this.#defineReplacements(gateway);
    if (snapshot.routingGateways.length === 0) return;
    elements.define(retryAfterKey, 'failurePath', 'a gateway left alone for Retry-After', defaultsSource);
  }

  /**
   * An attempt that is over, as it is recorded. `unreachable` when the INVITE could not be sent. The end of the
   * caller's patience is no failure of the gateway and counts for nothing here.
   */
  attempt(
    from: MappingGateway,
    gateway: RoutingGateway,
    attempt: CdrAttempt,
    progress: AttemptProgress,
    unreachable: boolean,
  ): void {
    const failure = failureOf(attempt, unreachable);
    if (failure === null) return;
    const stop = stopRuleFor(failure, progress, gateway);
    if (stop === null) this.#elements.hit(`failure ${gateway.index} next`);
    else if (stop === 'stopCode') this.#stoppedByCode(gateway, attempt.status);
    else this.#elements.hit(`failure ${gateway.index} ${stop}`);
    if (attempt.receivedStatus !== undefined) this.#replaced(from, attempt.receivedStatus);
  }

  /** A gateway asked to be left alone. */
  retryAfter(): void {
    this.#elements.hit(retryAfterKey);
  }

  #stoppedByCode({ index, stopCodes }: RoutingGateway, status: number): void {
    for (const [place, { from, to }] of stopCodes.entries()) {
      if (from <= status && status <= to) this.#elements.hit(`failure ${index} code ${place}`);
    }
  }

  #replaced({ index, replaceFailedReason }: MappingGateway, received: number): void {
    const isNamed = replaceFailedReason?.codes.some(({ from }) => from === received) === true;
    this.#elements.hit(`failure replaced ${index} ${isNamed ? received : 'other'}`);
  }

  #defineRouting(gateway: RoutingGateway): void {
    const { index, name, hunting, stopCodes, source } = gateway;
    const goesOn = `${name}: a failure after which the hunt goes on`;
    this.#elements.define(`failure ${index} next`, 'failurePath', goesOn, source);
    for (const [place, { from, to }] of stopCodes.entries()) {
      const text = `${name}: stop on ${from === to ? from : `${from}-${to}`}`;
      const at = decidingPlace(gateway, 'hunting.stopCodes');
      this.#elements.define(`failure ${index} code ${place}`, 'failurePath', text, at);
    }
    for (const stop of switchableStops) {
      if (!isOn(hunting, stop)) continue;
      const at = settingPlace(gateway, `hunting.${stop}`) ?? defaultsSource;
      this.#defineStop(gateway, stop, stopTexts[stop], at);
    }
    if (!hunting.untilConnect)
      this.#defineStop(gateway, 'ringingTimeout', 'stop after a ringing timeout', defaultsSource);
  }

  #defineStop({ index, name, source }: RoutingGateway, stop: string, text: string, at: Source): void {
    const shown = at.file === source.file ? `${name}: ${text}` : text;
    this.#elements.define(`failure ${index} ${stop}`, 'failurePath', shown, at);
  }

  #defineReplacements(gateway: MappingGateway): void {
    const { index, name, replaceFailedReason } = gateway;
    if (replaceFailedReason === null) return;
    const at = decidingPlace(gateway, 'replaceFailedReason');
    const define = (what: number | 'other', to: number) => {
      const key = `failure replaced ${index} ${what}`;
      this.#elements.define(key, 'failurePath', `${name}: ${what} becomes ${to}`, at);
    };
    for (const { from, to } of replaceFailedReason.codes) if (from !== to) define(from, to);
    if (replaceFailedReason.other !== null) define('other', replaceFailedReason.other);
  }
}

function isOn(rules: HuntingRules, stop: SwitchableStop): boolean {
  return rules[stop] && !(rules.untilConnect && overriddenStops.has(stop));
}

const stageOfReason = new Map(
  Object.entries(timeoutReasons).map(([stage, reason]) => [reason, stage as AttemptStage]),
);

function failureOf({ outcome, reason, status }: CdrAttempt, unreachable: boolean): AttemptFailure | null {
  if (outcome === 'timeout') {
    const stage = stageOfReason.get(reason);
    return stage === undefined ? null : { kind: 'timeout', stage };
  }
  if (outcome !== 'failed') return null;
  return unreachable
    ? { kind: 'unreachable', reason }
    : { kind: 'response', status, receivedStatus: null, reason };
}
