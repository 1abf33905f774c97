/** All that is covered of one snapshot, in the parts that know how. */
import type { RoutingGateway, Snapshot } from '../../config/snapshot.ts';
import { CalendarCoverage } from './calendar-coverage.ts';
import { Elements } from './elements.ts';
import { FailureCoverage } from './failure-coverage.ts';
import { LimitCoverage } from './limit-coverage.ts';
import { NumberCoverage } from './number-coverage.ts';
import { ParticipantCoverage } from './participant-coverage.ts';
import { PrefixCoverage } from './prefix-coverage.ts';
import { RateCoverage } from './rate-coverage.ts';
import { RouteRuleCoverage } from './route-rule-coverage.ts';

export interface Parts {
  readonly snapshot: Snapshot;
  readonly gatewayNamed: ReadonlyMap<string, RoutingGateway>;
  readonly elements: Elements;
  readonly participants: ParticipantCoverage;
  readonly prefixes: PrefixCoverage;
  readonly numbers: NumberCoverage;
  readonly rules: RouteRuleCoverage;
  readonly calendars: CalendarCoverage;
  readonly failures: FailureCoverage;
  readonly limits: LimitCoverage;
  readonly rates: RateCoverage;
}

export function partsOf(snapshot: Snapshot): Parts {
  const elements = new Elements();
  return {
    snapshot,
    gatewayNamed: new Map(snapshot.routingGateways.map(gateway => [gateway.name, gateway])),
    elements,
    participants: new ParticipantCoverage(snapshot, elements),
    prefixes: new PrefixCoverage(snapshot),
    numbers: new NumberCoverage(snapshot, elements),
    rules: new RouteRuleCoverage(snapshot, elements),
    calendars: new CalendarCoverage(snapshot, elements),
    failures: new FailureCoverage(snapshot, elements),
    limits: new LimitCoverage(snapshot, elements),
    rates: new RateCoverage(snapshot, elements),
  };
}
