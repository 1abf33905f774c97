/** Whatever a running switch has seen of its gateways, it does one of the things that a plan says may come. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SwitchOutput } from '../../src/call/outputs.ts';
import { comparePlans } from '../../src/plan/compare-plans.ts';
import type { CallerClass, Outcome, Plan, PlannedAttempt } from '../../src/plan/plan.ts';
import { Draws } from '../../src/routing/draws.ts';
import { World } from '../call/world.ts';
import { buildSnapshot, type SnapshotDescription } from '../support/snapshot-builder.ts';
import { choicePatterns, differenceOf, differencesAt, numbersOf } from './brute-force.ts';
import { hourMs, nowMs } from './network-parts.ts';
import { network } from './networks.ts';

const test = suite('plan/live-order');

const beginMs = nowMs + 2 * hourMs;
const balances = Object.fromEntries(['k0', 'k1', 'v0', 'v1'].map(name => [name, '1000000']));
const count = Number(process.argv[2] ?? 8);
const seed = Number(process.argv[3] ?? 6);
const longest = 3;
const numbers = [...numbersOf('123a', longest)];

type Dialled = Extract<SwitchOutput, { type: 'dialLeg' }>;

/** Nothing changes while it runs but what calls do: no calendar, and no group that few calls fill. */
function steady(description: SnapshotDescription): SnapshotDescription {
  const allDay = [{ fromMinute: 0, untilMinute: 1440 }];
  return {
    ...description,
    calendars: description.calendars!.map(calendar => ({
      ...calendar,
      zone: { name: 'UTC', changesAtMs: [], offsetsMs: [0] },
      week: Array.from({ length: 7 }, () => allDay),
      exceptions: [],
    })),
    gatewayGroups: description.gatewayGroups!.map(group => ({
      ...group,
      lines: group.lines === 0 ? 0 : null,
      timedLines: [],
    })),
    mappingGateways: description.mappingGateways!.map((gateway, i) => ({
      ...gateway,
      addresses: [`192.0.2.${i + 1}`],
    })),
  };
}

/** All calls are refused before, so that the plan says of every number what becomes of it afterwards. */
function planOf(description: SnapshotDescription): Plan {
  const locked = description.mappingGateways!.map(gateway => ({ ...gateway, locked: true }));
  const before = buildSnapshot({ ...description, mappingGateways: locked });
  const options = { nowMs: beginMs, symbols: '123a', longest, mostCallers: 500 };
  return comparePlans(before, buildSnapshot(description), options);
}

class Trial {
  readonly #world: World;
  readonly #plan: Plan;
  readonly #draw: (below: number) => number;
  readonly #up: string[] = [];
  /** By call, the gateways in the order in which they were tried. */
  readonly orders = new Map<string, Set<string>>();
  #calls = 0;

  constructor(description: SnapshotDescription, plan: Plan, draw: (below: number) => number) {
    this.#world = new World(buildSnapshot(description), balances);
    this.#world.nowMs = beginMs;
    this.#plan = plan;
    this.#draw = draw;
  }

  call(gateway: number, callee: string, caller: CallerClass): void {
    const world = this.#world;
    const callId = `call ${this.#calls++}`;
    const { example, forwarding } = caller;
    const source = { address: `192.0.2.${gateway + 1}`, port: 5060, transport: 'udp' } as const;
    let outputs = world.invite({
      ...{ callId, source, callee, caller: example, forwarding },
      seed: this.#draw(1_000_000),
    });
    const dialled: Dialled[] = [];
    for (;;) {
      const leg = outputs.find((output): output is Dialled => output.type === 'dialLeg');
      if (leg === undefined) break;
      dialled.push(leg);
      if (this.#draw(3) === 0) {
        world.answered(leg.leg, callId);
        this.#up.push(callId);
        break;
      }
      outputs = world.failed(503, leg.leg, { callId });
    }
    const isAnswered = this.#up.at(-1) === callId;
    this.#check(gateway, callee, caller, dialled, isAnswered, callId);
    if (this.#up.length > 1) world.hangup('caller', this.#up.shift()!);
    world.pass(this.#draw(60) * 1000);
  }

  #check(
    gateway: number,
    callee: string,
    caller: CallerClass,
    dialled: readonly Dialled[],
    isAnswered: boolean,
    callId: string,
  ): void {
    const customer = this.#plan.customers.findIndex(({ gateways }) => gateways.includes(`m${gateway}`));
    const differences = differencesAt(this.#plan, { customer, time: 0, supposition: 0 }, caller);
    const difference = differenceOf(differences, callee);
    const where = `${callee} of m${gateway} by ${JSON.stringify(caller)}: ${dialled.map(one => one.gateway)}`;
    if (difference === null) {
      const reason = this.#world.cdr(callId).endReason;
      assert.ok(
        ['GatewayLocked', 'NumberNotAllowed', 'InvalidNumber'].includes(reason),
        `${where} ${reason}`,
      );
      return;
    }
    const isSo = difference.after.some(outcome =>
      dialled.length === 0
        ? outcome.refusal === this.#world.cdr(callId).endReason
        : isOneWay(outcome, callee, dialled, isAnswered),
    );
    assert.ok(isSo, `${where} is not among ${JSON.stringify(difference.after)}`);
    if (isAnswered) return;
    const key = `${gateway} ${callee} ${JSON.stringify(caller)}`;
    this.orders.set(key, (this.orders.get(key) ?? new Set()).add(dialled.map(one => one.gateway).join()));
  }
}

function isOneWay(
  { refusal, attempts }: Outcome,
  callee: string,
  dialled: readonly Dialled[],
  isAnswered: boolean,
): boolean {
  if (refusal !== null || dialled.length > attempts.length) return false;
  if (!isAnswered && dialled.length < attempts.length) return false;
  return dialled.every((leg, i) => {
    const attempt = attempts.find(one => one.gateway === leg.gateway);
    return attempt !== undefined && attempt.rank === attempts[i]!.rank && isSent(attempt, callee, leg);
  });
}

function isSent(attempt: PlannedAttempt, callee: string, leg: Dialled): boolean {
  const { callee: sent, caller, forwarding } = attempt.sent;
  if (forwarding !== leg.forwarding) return false;
  if (caller !== leg.caller && !(caller.startsWith('one of ') && leg.caller.startsWith('7'))) return false;
  if (sent.choices.length > 0) {
    return choicePatterns(attempt, callee).some(pattern => new RegExp(`^${pattern}$`).test(leg.callee));
  }
  return leg.callee === sent.put + (sent.whole ? '' : callee.slice(sent.drop));
}

/** Those that are told apart of one customer. */
function callersOf({ customers, differences }: Plan, gateway: number): readonly CallerClass[] {
  const customer = customers.findIndex(({ gateways }) => gateways.includes(`m${gateway}`));
  const told = differences
    .flatMap(({ scopes }) => scopes)
    .filter(scope => scope.customer === customer)
    .flatMap(({ callers }) => callers ?? []);
  const classes = [...new Map(told.map(caller => [JSON.stringify(caller), caller])).values()];
  return classes.length > 0 ? classes : [{ example: '', forwarding: null }];
}

/** Returns for how many calls the order changed from time to time; null where the plan knows every order. */
function tryNetwork(drawn: SnapshotDescription, draw: (below: number) => number): number | null {
  const description = steady(drawn);
  const plan = planOf(description);
  const outcomes = plan.differences.flatMap(({ after }) => after);
  const isOpen = outcomes.some(({ attempts }) => attempts.some(({ rank }, i) => rank < i));
  if (!isOpen || plan.limits.length > 0) return null;
  const trial = new Trial(description, plan, draw);
  const classes = [0, 1].map(gateway => callersOf(plan, gateway));
  let calls = 0;
  for (const callee of numbers) {
    for (let again = 0; again < 6; again++) {
      const own = classes[calls % 2]!;
      trial.call(calls % 2, callee, own[(calls >> 1) % Math.min(3, own.length)]!);
      calls++;
    }
  }
  return [...trial.orders.values()].filter(({ size }) => size > 1).length;
}

test('calls go one of the ways that the plan tells, whatever became of earlier ones', () => {
  let tried = 0;
  let changing = 0;
  for (const [index, one] of fc.sample(network, { numRuns: 20 * count, seed }).entries()) {
    if (tried === count) break;
    const draws = new Draws(seed, index);
    try {
      const changed = tryNetwork(one, below => draws.below(below));
      if (changed === null) continue;
      tried++;
      changing += changed;
    } catch (error) {
      throw new Error(`network ${index} of seed ${seed}: ${(error as Error).message}`);
    }
  }
  assert.is(tried, count);
  assert.ok(changing > 0, 'no order ever changed');
});

test.run();
