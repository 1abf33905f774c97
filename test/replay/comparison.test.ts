import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CallDetailRecord } from '../../src/cdr/record.ts';
import type { Snapshot } from '../../src/config/snapshot.ts';
import { Comparer } from '../../src/replay/comparison.ts';
import { checkGuards, guardOf } from '../../src/replay/guards.ts';
import type { Part } from '../../src/replay/parts.ts';
import { learnVendors, type PartResult, playPart } from '../../src/replay/play-part.ts';
import { type ReplayReport, reportOf } from '../../src/replay/report.ts';
import { VendorModel } from '../../src/replay/vendor-model.ts';
import { networkIn, recordDay } from './recorded-day.ts';
import { pagesOf, pastCalls } from './replays.ts';

const test = suite('replay/comparison');

const network = networkIn();
const day = recordDay(network, { calls: 800 });
const calls = pastCalls(day);
const hourMs = 3_600_000;

async function play(snapshot: Snapshot, part: Part): Promise<PartResult> {
  const played = calls.filter(
    ({ startedAtMs }) => startedAtMs >= part.warmUpMs && startedAtMs < part.untilMs,
  );
  const { behaviour } = await learnVendors(pagesOf(calls), () => {});
  const options = { model: new VendorModel(behaviour), seed: 1, laterMs: 0, tell: () => {} };
  return playPart(pagesOf(played), part, snapshot, options);
}

const all: Part = {
  sinceMs: 0,
  untilMs: Number.MAX_SAFE_INTEGER,
  warmUpMs: 0,
  calls: day.length,
  warmUpCalls: 0,
};

const name = { kind: 'directory', name: '.', label: 'the files' } as const;
const head = {
  ...{ from: name, to: name, database: 'day.db', since: null, until: null },
  ...{ daysLater: 0, unreadable: 0, parts: 1, seed: 1 },
  currencies: { before: 'USD', after: 'USD' },
};

async function compared(before: Snapshot, after: Snapshot): Promise<Omit<ReplayReport, 'guards'>> {
  const comparer = new Comparer();
  comparer.add(await play(before, all), await play(after, all));
  return reportOf(head, comparer.comparison(), calls);
}

function withoutLines(...names: readonly string[]): Snapshot {
  const routingGateways = network.routingGateways.map(gateway =>
    names.includes(gateway.name) ? { ...gateway, lines: 0 } : gateway,
  );
  return { ...network, routingGateways };
}

function count(of: (record: CallDetailRecord) => boolean): number {
  return day.filter(of).length;
}

const unchanged = await compared(network, network);
const noNorthlink = await compared(network, withoutLines('northlink'));

test('the record, the old and the new side agree where nothing changed', () => {
  const { recorded, before, after, fidelity, moves } = unchanged;

  assert.is(recorded.calls, day.length);
  assert.is(
    recorded.answered,
    count(({ answeredAtMs }) => answeredAtMs !== null),
  );
  for (const figure of [
    'answered',
    'refused',
    'talkSeconds',
    'revenue',
    'cost',
    'postDialDelayMs',
  ] as const) {
    assert.is(before[figure], recorded[figure], figure);
    assert.is(after[figure], recorded[figure], figure);
  }
  assert.equal(fidelity, { sameResult: 1, sameGateway: 1 });
  assert.is(moves.onlyBefore + moves.onlyAfter + moves.otherCarrier, 0);
  assert.equal([unchanged.refusedNow, unchanged.refusedNoLonger, unchanged.lost], [[], [], []]);
});

test('calls that are refused without a vendor are counted by reason, with examples', () => {
  const onlyNorthlink = count(
    ({ attempts }) => attempts.length === 1 && attempts[0]!.gateway === 'northlink',
  );
  const refused = noNorthlink.refusedNow.reduce((sum, { calls: many }) => sum + many, 0);

  assert.ok(refused > 0 && refused <= onlyNorthlink);
  for (const { examples } of noNorthlink.refusedNow) {
    assert.ok(examples.length > 0 && examples.length <= 3);
    for (const { callId } of examples) {
      assert.ok(day.find(record => record.callId === callId)!.attempts.length > 0);
    }
  }
});

test('every call is in one of the four kinds of moves', () => {
  const { bothAnswered, onlyBefore, onlyAfter, neither, otherCarrier } = noNorthlink.moves;

  assert.is(bothAnswered + onlyBefore + onlyAfter + neither, day.length);
  assert.is(bothAnswered + onlyBefore, noNorthlink.before.answered);
  assert.is(bothAnswered + onlyAfter, noNorthlink.after.answered);
  assert.ok(otherCarrier > 0 && otherCarrier <= bothAnswered);
});

test('figures of customers and vendors add up to those of all calls', () => {
  for (const side of ['before', 'after'] as const) {
    const { customers, vendors } = noNorthlink;
    const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0);

    assert.is(sum(customers.map(customer => customer[side].calls)), day.length);
    assert.is(sum(customers.map(customer => customer[side].answered)), noNorthlink[side].answered);
    assert.is(sum(vendors.map(vendor => vendor[side].answered)), noNorthlink[side].answered);
    assert.is(sum(Object.values(noNorthlink[side].reasons)), day.length);
    assert.is(
      sum(Object.values(noNorthlink[side].attempts)),
      sum(vendors.map(vendor => vendor[side].attempts)),
    );
  }
});

test('who is affected most stands first', () => {
  const [first] = noNorthlink.vendors;
  const margins = noNorthlink.customers.map(({ before, after }) =>
    Math.abs(Number(after.margin) - Number(before.margin)),
  );

  assert.is(first?.gateway, 'northlink');
  assert.is(first?.after.attempts, 0);
  assert.equal(
    margins,
    [...margins].sort((one, other) => other - one),
  );
});

test('lines at once are those of the calls that were up at once', () => {
  const { peakCalls } = unchanged.before;
  const [customer] = unchanged.customers.filter(({ customer: account }) => account === 'globetalk');

  assert.is(customer?.before.peakLines, 60, 'its limit was reached');
  assert.is(peakCalls, mostAtOnce(day.filter(({ endReason }) => !turnedAway.includes(endReason))));
});

const turnedAway: readonly string[] = [
  ...['NumberNotAllowed', 'NoSuchRate', 'IllegalCall', 'LineLimit', 'NoAvailableRouter'],
];

function mostAtOnce(records: readonly CallDetailRecord[]): number {
  const changes = records.flatMap(({ startedAtMs, endedAtMs }) => [
    { atMs: startedAtMs, by: 1 },
    { atMs: endedAtMs, by: -1 },
  ]);
  changes.sort((one, other) => one.atMs - other.atMs || one.by - other.by);
  let [now, most] = [0, 0];
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

test('parts that are warmed up come to the same where no call is longer than the warming up', async () => {
  const [firstMs, lastMs] = [calls[0]!.startedAtMs, calls.at(-1)!.startedAtMs];
  const middleMs = Math.floor((firstMs + lastMs) / 2);
  const within = (since: number, until: number): number =>
    calls.filter(({ startedAtMs }) => startedAtMs >= since && startedAtMs < until).length;
  const parts: readonly Part[] = [
    { ...all, untilMs: middleMs, calls: within(0, middleMs) },
    {
      ...all,
      sinceMs: middleMs,
      warmUpMs: middleMs - hourMs,
      calls: within(middleMs, all.untilMs),
      warmUpCalls: within(middleMs - hourMs, middleMs),
    },
  ];
  const comparer = new Comparer();
  for (const part of parts) {
    comparer.add(await play(network, part), await play(withoutLines('northlink'), part));
  }

  assert.equal(reportOf(head, comparer.comparison(), calls), noNorthlink);
});

test('guards stop what gets worse by more than they allow', () => {
  const found = (text: string): number => checkGuards(noNorthlink, [guardOf(text)!]).length;
  const { before, after, calls: many } = noNorthlink;
  const fallen = ((before.answered - after.answered) / many) * 100;

  assert.ok(fallen > 1);
  assert.is(found('completion'), 1);
  assert.is(found(`completion:${(fallen - 0.01).toFixed(3)}%`), 1);
  assert.is(found(`completion:${(fallen + 0.01).toFixed(3)}`), 0);
  assert.is(found('refused'), 1);
  assert.is(found('refused:100%'), 0);
  assert.is(found('margin'), Number(after.margin) < Number(before.margin) ? 1 : 0);
  assert.equal(
    checkGuards(
      unchanged,
      ['completion', 'margin', 'refused'].map(text => guardOf(text)!),
    ),
    [],
  );
});

test('guards that nobody knows are none', () => {
  for (const text of ['', 'complete', 'margin:', 'margin:abc', 'margin:101', 'margin:1:2', 'completion:-1']) {
    assert.is(guardOf(text), null, text);
  }
});

test.run();
