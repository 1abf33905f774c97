/** From what was asked of `class4 plan` to the plan: reads both sides, compares them, and weighs it by traffic. */
import { resolve } from 'node:path';
import { suggest } from '../config/schema/suggest.ts';
import type { Snapshot } from '../config/snapshot.ts';
import { comparePlans } from '../plan/compare-plans.ts';
import type { Plan } from '../plan/plan.ts';
import { allowancesOf } from '../plan/report/allowances.ts';
import type { PlanReport } from '../plan/report/report.ts';
import { summarise } from '../plan/report/summary.ts';
import { type PlanTraffic, TrafficWeigher, timeClassAt } from '../plan/report/traffic.ts';
import { chooseSides } from '../plan/sides/choose-side.ts';
import { namedSymbolsOf } from '../plan/space/symbols.ts';
import { UsageError } from './arguments.ts';
import { type ChosenSides, loadChosenSides, nameSides } from './chosen-sides.ts';
import type { Io } from './io.ts';

export interface PlanQuestion {
  /** The configuration directory: absolute. */
  readonly directory: string;
  readonly from: string | null;
  readonly to: string | null;
  /** ms since 1970 UTC */
  readonly nowMs: number;
  readonly down: readonly string[];
  /** Path of a database as it was typed. */
  readonly traffic: string | null;
  /** ms since 1970 UTC */
  readonly sinceMs: number | null;
}

/** null when a side does not compile, which has been told then. @throws SideError, UsageError, StoreError … */
export async function makePlan(question: PlanQuestion, io: Io): Promise<Omit<PlanReport, 'guards'> | null> {
  const chosen = chooseSides({ ...question, workingDirectory: io.workingDirectory });
  const sides = await nameSides(question.directory, chosen);
  const database = await databaseOf(question, io);
  return planOfSides('plan', sides, { ...question, database }, io);
}

export interface PlanOfSidesOptions {
  /** The configuration directory: absolute. */
  readonly directory: string;
  /** ms since 1970 UTC */
  readonly nowMs: number;
  readonly down: readonly string[];
  /** To weigh it by: absolute; null without. */
  readonly database: string | null;
  /** ms since 1970 UTC */
  readonly sinceMs: number | null;
}

/** As `makePlan`, of sides that were chosen. `command` says what it is for when a side does not compile. */
export async function planOfSides(
  command: string,
  sides: ChosenSides,
  { directory, nowMs, down, database, sinceMs }: PlanOfSidesOptions,
  io: Io,
): Promise<Omit<PlanReport, 'guards'> | null> {
  const loaded = await loadChosenSides(command, directory, sides, io);
  if (loaded === null) return null;
  const { before, after } = loaded;
  refuseUnknown(down, before, after);
  const plan = comparePlans(before, after, { nowMs, down, symbols: namedSymbolsOf(before, after) });
  return {
    from: sides.from.name,
    to: sides.to.name,
    plan,
    summary: summarise(plan),
    allowances: allowancesOf(before, after),
    traffic: database === null ? null : await weigh(plan, loaded, database, sinceMs),
  };
}

async function databaseOf({ traffic }: PlanQuestion, io: Io): Promise<string | null> {
  if (traffic === null) return null;
  const path = resolve(io.workingDirectory, traffic);
  const { databaseExists } = await import('../store/sqlite-store.ts');
  if (!(await databaseExists(path))) throw new UsageError(`there is no database ${traffic}`);
  return path;
}

async function weigh(
  plan: Plan,
  { before, after }: { readonly before: Snapshot; readonly after: Snapshot },
  path: string,
  sinceMs: number | null,
): Promise<PlanTraffic> {
  const known = new Set(after.calendars.map(({ name }) => name));
  const calendars = [...after.calendars, ...before.calendars.filter(({ name }) => !known.has(name))];
  const weigher = new TrafficWeigher(plan, atMs => timeClassAt(plan, calendars, atMs));
  const { readTraffic } = await import('../store/traffic.ts');
  const span = await readTraffic(path, sinceMs, ({ mappingGateway, callee, startedAtMs, talkSeconds }) =>
    weigher.add({ mappingGateway, callee, atMs: startedAtMs, calls: 1, seconds: talkSeconds }),
  );
  const until = span.untilMs ?? sinceMs ?? 0;
  return weigher.finish(span.sinceMs ?? until, until);
}

/** A what-if of a gateway that neither side has would say that all is well. */
function refuseUnknown(down: readonly string[], before: Snapshot, after: Snapshot): void {
  const known = new Set([...before.routingGateways, ...after.routingGateways].map(({ name }) => name));
  for (const name of down) {
    if (known.has(name)) continue;
    const similar = suggest(name, known);
    const meant = similar === null ? '' : ` (did you mean "${similar}"?)`;
    throw new UsageError(`neither side has a routing gateway "${name}"${meant}`);
  }
}
