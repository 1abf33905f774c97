/** The OPTIONS check held against working out from the whole history, each time anew, who is offline. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OptionsResultInput } from '../../src/call/inputs.ts';
import { OptionsChecks } from '../../src/call/options-check.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { network } from './networks.ts';
import { startMs } from './world.ts';

const test = suite('call/options-any-history');

const names = ['one', 'two', 'three'];
const timeoutMs = 10_000;

type Outcome = OptionsResultInput['outcome'];

interface Entry {
  readonly atMs: number;
  readonly asked?: number;
  readonly request?: number;
  readonly outcome?: Outcome;
  readonly status?: number | null;
  readonly invite?: number;
  readonly forgotten?: true;
}

function shows(status: number | null | undefined): boolean {
  return status !== null && status !== undefined && status !== 408 && status !== 503;
}

/** The last thing that says anything of the gateway decides. */
function isOffline(history: readonly Entry[], periodMs: number, nowMs: number): boolean {
  const says: { readonly atMs: number; readonly place: number; readonly offline: boolean }[] = [];
  for (const [place, entry] of history.entries()) {
    const { atMs, asked, request, outcome, status, invite } = entry;
    if (invite !== undefined && shows(invite)) says.push({ atMs, place, offline: false });
    if (outcome === 'response' && shows(status)) says.push({ atMs, place, offline: false });
    if (asked === undefined) {
      if (request === undefined || outcome === 'notSent' || (outcome === 'response' && shows(status)))
        continue;
      const question = history.findLast((each, at) => each.asked !== undefined && at < place)?.asked;
      if (question === request && isOpen(history, place, request, periodMs))
        says.push({ atMs, place, offline: true });
      continue;
    }
    const endMs = atMs + Math.min(timeoutMs, periodMs);
    const settled = history.some(
      (each, at) => at > place && each.atMs < endMs && (each.request === asked || each.forgotten === true),
    );
    if (!settled && endMs <= nowMs) says.push({ atMs: endMs, place, offline: true });
  }
  says.sort((a, b) => a.atMs - b.atMs || a.place - b.place);
  return says.at(-1)?.offline ?? false;
}

/** Nothing has settled the question before this place in the history, the passing of its time included. */
function isOpen(history: readonly Entry[], place: number, request: number, periodMs: number): boolean {
  const begun = history.findIndex(({ asked }) => asked === request);
  const endMs = history[begun]!.atMs + Math.min(timeoutMs, periodMs);
  if (history[place]!.atMs >= endMs) return false;
  return !history.slice(begun + 1, place).some(each => each.request === request || each.forgotten === true);
}

const event = fc.record({
  afterMs: fc.integer({ min: 0, max: 25_000 }),
  gateway: fc.nat({ max: names.length - 1 }),
  what: fc.constantFrom('result', 'result', 'result', 'late', 'invite', 'lost', 'reload'),
  outcome: fc.constantFrom<Outcome>('response', 'response', 'timeout', 'unreachable', 'notSent'),
  status: fc.constantFrom(200, 401, 404, 408, 500, 503),
});

test('after any history exactly those are offline whose last sign says so', () => {
  const periods = fc.constantFrom(5_000, 10_000, 60_000);
  fc.assert(
    fc.property(periods, fc.array(event, { maxLength: 60 }), (periodMs, events) => {
      const { routingGateways, parameters } = network({
        gateways: names.map(name => ({ name, optionsCheck: true })),
        parameters: { optionsPeriodMs: periodMs },
      });
      const snapshot = { routingGateways, parameters } as Snapshot;
      const readers = new Map(names.map(name => [name, { offline: false }]));
      const histories = new Map<string, Entry[]>(names.map(name => [name, []]));
      const checks = new OptionsChecks();
      let nowMs = startMs;
      const run = (untilMs: number): void => {
        for (;;) {
          const dueMs = checks.nextDeadlineMs();
          if (dueMs === null || dueMs > untilMs) break;
          nowMs = dueMs;
          checks.fire(nowMs);
          for (const output of checks.takeOutputs()) {
            if (output.type === 'sendOptions')
              histories.get(output.gateway)!.push({ atMs: dueMs, asked: output.request });
          }
        }
        nowMs = untilMs;
      };
      checks.use(snapshot, readers, nowMs);
      for (const { afterMs, gateway: index, what, outcome, status } of events) {
        run(nowMs + afterMs);
        const gateway = names[index]!;
        const history = histories.get(gateway)!;
        const questions = history.flatMap(({ asked }) => (asked === undefined ? [] : [asked]));
        const request = questions.at(what === 'late' ? -2 : -1);
        if (what === 'invite') {
          checks.answeredInvite(gateway, routingGateways[index]!.address, status, nowMs);
          history.push({ atMs: nowMs, invite: status });
        } else if (what === 'lost') {
          checks.forgetRequests();
          for (const each of histories.values()) each.push({ atMs: nowMs, forgotten: true });
        } else if (what === 'reload') {
          checks.use({ ...snapshot }, readers, nowMs);
        } else if (request !== undefined) {
          const result = { request, outcome, status: outcome === 'response' ? status : null };
          checks.result({ type: 'optionsResult', gateway, ...result }, nowMs);
          history.push({ atMs: nowMs, ...result });
        }
        for (const [name, reader] of readers) {
          assert.is(reader.offline, isOffline(histories.get(name)!, periodMs, nowMs), name);
          assert.is(checks.state(name)!.offlineSinceMs !== null, reader.offline);
        }
        assert.ok(checks.nextDeadlineMs()! >= nowMs);
      }
    }),
    { numRuns: 500 },
  );
});

test.run();
