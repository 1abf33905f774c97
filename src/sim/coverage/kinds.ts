/** What of a configuration can be exercised, in the order in which reports tell it. */

export interface CoverageKind {
  /** Of many, for reports. */
  readonly title: string;
  /** What must happen for one of them to count as exercised. */
  readonly coveredWhen: string;
  /** Whether it is part of the percentage of the whole. */
  readonly counts: boolean;
}

export const coverageKinds = {
  mappingGateway: {
    title: 'mapping gateways',
    coveredWhen: 'a call came from one of its addresses',
    counts: true,
  },
  account: {
    title: 'accounts',
    coveredWhen: 'a call that it pays or is paid for was answered',
    counts: true,
  },
  routingGateway: { title: 'routing gateways, tried', coveredWhen: 'it was sent an INVITE', counts: true },
  answeringGateway: {
    title: 'routing gateways, answered',
    coveredWhen: 'it answered a call',
    counts: true,
  },
  protectRoute: { title: 'protect routes', coveredWhen: 'it was sent an INVITE', counts: true },
  prefix: { title: 'prefixes', coveredWhen: 'its gateway was sent an INVITE for it', counts: true },
  gatewayGroup: { title: 'gateway groups', coveredWhen: 'one of its members had a call', counts: true },
  routeShare: { title: 'route shares', coveredWhen: 'a call was one of its percentage', counts: true },
  callerPool: { title: 'caller pools', coveredWhen: 'a number of it was sent', counts: true },
  dialPlanRule: { title: 'dial-plan rules', coveredWhen: 'a number was rewritten by it', counts: true },
  numberRule: {
    title: 'number rules',
    coveredWhen: 'it let a number pass that others did not, or turned one away',
    counts: true,
  },
  routeRule: {
    title: 'rules between gateways',
    coveredWhen: 'it kept a gateway or a call out',
    counts: true,
  },
  period: {
    title: 'periods and timed settings',
    coveredWhen: 'it counted for somebody who had a call',
    counts: true,
  },
  calendar: {
    title: 'calendar periods and exceptions',
    coveredWhen: 'a call that the calendar decides about came in it',
    counts: true,
  },
  lrn: { title: 'LRN outcomes', coveredWhen: 'a query ended so', counts: true },
  failurePath: { title: 'failure paths', coveredWhen: 'an attempt failed so', counts: true },
  limit: { title: 'limits', coveredWhen: 'it was reached', counts: true },
  rateTable: { title: 'rate tables', coveredWhen: 'one of its rows is covered', counts: true },
  rateStage: { title: 'rate stages', coveredWhen: 'a talk that was charged reached it', counts: true },
  rateRow: {
    title: 'rate rows',
    coveredWhen: 'it charged a call, turned one away, or kept a vendor out',
    counts: false,
  },
} as const satisfies Readonly<Record<string, CoverageKind>>;

export type CoverageKindName = keyof typeof coverageKinds;

export const coverageKindNames = Object.keys(coverageKinds) as readonly CoverageKindName[];
