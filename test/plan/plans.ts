/** Plans made by hand, for tests of what is told of them. */
import type { ChangeKind, Difference, Outcome, Plan, PlannedAttempt, Scope } from '../../src/plan/plan.ts';
import type { GuardFinding } from '../../src/plan/report/guards.ts';
import type { PlanReport } from '../../src/plan/report/report.ts';
import { summarise } from '../../src/plan/report/summary.ts';
import type { PlanTraffic } from '../../src/plan/report/traffic.ts';

const always: Scope = { customer: 0, times: [0], suppositions: [0], callers: null };

export function difference(
  prefix: string,
  kinds: readonly ChangeKind[],
  more: Partial<Difference> = {},
): Difference {
  return {
    scopes: [always],
    prefix,
    except: [],
    lengths: null,
    before: [carried('0.2')],
    after: [carried('0.1')],
    kinds,
    causes: [{ what: 'priority 5', before: null, after: { file: 'gateways/routing/acme.yaml', line: 7 } }],
    example: `${prefix}00`,
    ...more,
  };
}

export function scope(more: Partial<Scope>): Scope {
  return { ...always, ...more };
}

/** With this margin of 60 s. */
export function carried(margin: string | null, gateway = 'acme'): Outcome {
  const attempt: PlannedAttempt = {
    ...{ gateway, account: gateway, protect: false, rank: 0, rate: null, rateMissing: false },
    sent: { callee: { drop: 0, put: '', whole: false, choices: [] }, caller: '', forwarding: null },
    margin,
    marginPercent: null,
  };
  return { refusal: null, rate: null, attempts: [attempt], chance: null };
}

export const refused: Outcome = { refusal: 'NoAvailableRouter', rate: null, attempts: [], chance: null };

const nothing = { before: 100, after: 100, added: 0, removed: 0, changed: 0 };

export function planOf(differences: readonly Difference[], more: Partial<Plan> = {}): Plan {
  const side = { hash: 'a', commit: null, currency: 'EUR' };
  return {
    before: side,
    after: { ...side, hash: 'b' },
    space: { symbols: '0123456789', longest: 32 },
    times: [{ at: '2029-06-01T12:00:00.000Z', calendars: [], label: 'now' }],
    suppositions: [{ down: [] }],
    customers: [
      { gateways: ['bell-gw'], accounts: ['bell'], on: 'both' },
      { gateways: ['gray-gw'], accounts: ['gray'], on: 'both' },
    ],
    differences,
    settings: [],
    limits: [],
    extent: { routes: nothing, rates: nothing },
    ...more,
  };
}

export function reportOf(
  plan: Plan,
  guards: readonly GuardFinding[] = [],
  traffic: PlanTraffic | null = null,
): PlanReport {
  return {
    from: { kind: 'commit', name: 'main', label: 'main (1234567890ab)' },
    to: { kind: 'directory', name: '.', label: 'the files in this directory' },
    plan,
    summary: summarise(plan),
    guards,
    allowances: [],
    traffic,
  };
}
