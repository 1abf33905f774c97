import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { delayClassesMs, delayClassOf, percentileOf } from '../../../src/call/quality/post-dial-delay.ts';
import { type AttemptQuality, isEffective } from '../../../src/call/quality/quality-window.ts';
import {
  type AsrReader,
  type GatewayQuality,
  leastAttempts,
  RouteQuality,
  windowShapeOf,
} from '../../../src/call/quality/route-quality.ts';
import { bruteFigures, type Event } from './brute-force.ts';

const test = suite('call/quality/route-quality');

const startMs = 1_700_000_000_000;
const unanswered: AttemptQuality = {
  answered: false,
  reached: false,
  responded: false,
  effective: false,
  postDialDelayMs: null,
};
const answered: AttemptQuality = {
  answered: true,
  reached: true,
  responded: true,
  effective: true,
  postDialDelayMs: 700,
};

function settings(windowSeconds: number, sliceSeconds: number) {
  return { enabled: true, windowSeconds, sliceSeconds };
}

interface Measured {
  readonly book: RouteQuality;
  readonly reader: AsrReader;
  readonly gateway: GatewayQuality;
}

function measured(book: RouteQuality): Measured {
  const reader: AsrReader = { asr: null };
  return { book, reader, gateway: book.measure({ calculateQuality: true }, null, reader)! };
}

const attempt: fc.Arbitrary<AttemptQuality> = fc.record({
  answered: fc.boolean(),
  reached: fc.boolean(),
  responded: fc.boolean(),
  effective: fc.boolean(),
  postDialDelayMs: fc.option(fc.integer({ min: 0, max: 200_000 })),
});
const step = fc.record({
  afterMs: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 200_000 })),
  gateway: fc.integer({ min: 0, max: 1 }),
  prefix: fc.constantFrom('44', '4420', '1', ''),
  attempt: fc.option(attempt, { freq: 2 }),
  talkMs: fc.integer({ min: 0, max: 7_200_000 }),
});
const shape = fc.record({
  windowSeconds: fc.integer({ min: 1, max: 120 }),
  sliceSeconds: fc.integer({ min: 1, max: 60 }),
});

test('every figure is what counting all events of the window again gives, whenever it is asked for', () => {
  fc.assert(
    fc.property(shape, fc.array(step, { maxLength: 120 }), ({ windowSeconds, sliceSeconds }, steps) => {
      const given = settings(windowSeconds, sliceSeconds);
      const window = windowShapeOf(given);
      const book = new RouteQuality(given);
      const all = [measured(book), measured(book)];
      const events: Event[][] = [[], []];
      let nowMs = startMs;
      for (const { afterMs, gateway, prefix, attempt, talkMs } of steps) {
        nowMs += afterMs;
        book.advance(nowMs);
        const { gateway: one, reader } = all[gateway]!;
        if (attempt === null) {
          one.callEnded(prefix, talkMs, nowMs);
          events[gateway]!.push({ atMs: nowMs, prefix, talkMs });
        } else {
          one.attemptEnded(prefix, attempt, nowMs);
          events[gateway]!.push({ atMs: nowMs, prefix, attempt });
        }
        const expected = bruteFigures(events[gateway]!, window, nowMs);
        assert.equal(one.figures(nowMs), expected);
        assert.is(reader.asr, expected.attempts < leastAttempts ? null : expected.answerSeizureRatio);
      }
      const laterMs = nowMs + (steps[0]?.afterMs ?? 0);
      for (const [index, { gateway }] of all.entries()) {
        assert.equal(gateway.figures(laterMs), bruteFigures(events[index]!, window, laterMs));
        for (const { prefix, figures } of gateway.prefixes(laterMs)) {
          const ofPrefix = events[index]!.filter(event => event.prefix === prefix);
          assert.equal(figures, bruteFigures(ofPrefix, window, laterMs), prefix);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('the ratio that routing reads is known from the least number of attempts on, and until they leave the window', () => {
  const { book, reader, gateway } = measured(new RouteQuality(settings(60, 10)));
  for (let index = 1; index < leastAttempts; index++) gateway.attemptEnded('44', answered, startMs);
  assert.is(reader.asr, null);
  gateway.attemptEnded('44', unanswered, startMs);
  assert.is(reader.asr, (leastAttempts - 1) / leastAttempts);
  book.advance(startMs + 49_999);
  assert.is(reader.asr, (leastAttempts - 1) / leastAttempts);
  book.advance(startMs + 60_000);
  assert.is(reader.asr, null, 'nobody called, and still it is forgotten');
});

test('a window of another length or slices of another length keep what they can of the past', () => {
  const { book, reader, gateway } = measured(new RouteQuality(settings(3600, 60)));
  for (let index = 0; index < leastAttempts; index++) gateway.attemptEnded('44', answered, startMs);
  const laterMs = startMs + 600_000;
  for (let index = 0; index < leastAttempts; index++) gateway.attemptEnded('44', unanswered, laterMs);
  book.use(settings(3600, 7));
  assert.is(gateway.figures(laterMs).attempts, 2 * leastAttempts);
  assert.is(gateway.prefixes(laterMs)[0]?.figures.attempts, 2 * leastAttempts);
  assert.is(reader.asr, 0.5);
  book.use(settings(3600, 300));
  assert.is(gateway.figures(laterMs).attempts, 2 * leastAttempts);
  book.use(settings(300, 60));
  book.advance(laterMs);
  assert.is(gateway.figures(laterMs).attempts, leastAttempts, 'the older half lies outside of five minutes');
  assert.is(reader.asr, 0);
});

test('slices of any other length lose nothing but what leaves the window', () => {
  fc.assert(
    fc.property(
      shape,
      shape,
      fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 60 }),
      (before, after, gaps) => {
        const { book, gateway } = measured(
          new RouteQuality(settings(before.windowSeconds, before.sliceSeconds)),
        );
        let nowMs = startMs;
        const times = gaps.map(gapMs => {
          nowMs += gapMs;
          gateway.attemptEnded('44', answered, nowMs);
          return nowMs;
        });
        const kept = times.filter(atMs => nowMs - atMs < (before.windowSeconds - before.sliceSeconds) * 1000);
        book.use(settings(after.windowSeconds, after.sliceSeconds));
        book.advance(nowMs);
        const { attempts } = gateway.figures(nowMs);
        const surelyMs = (after.windowSeconds - after.sliceSeconds - before.sliceSeconds) * 1000;
        const possiblyMs = (after.windowSeconds + after.sliceSeconds + before.sliceSeconds) * 1000;
        assert.ok(attempts >= kept.filter(atMs => nowMs - atMs < surelyMs).length);
        assert.ok(attempts <= times.filter(atMs => nowMs - atMs <= possiblyMs).length);
      },
    ),
  );
});

test('a gateway that is measured no more is not known, and begins anew when it is measured again', () => {
  const { book, reader, gateway } = measured(new RouteQuality(settings(3600, 60)));
  for (let index = 0; index < leastAttempts; index++) gateway.attemptEnded('44', answered, startMs);
  assert.is(book.measure({ calculateQuality: true }, gateway, reader), gateway);
  assert.is(reader.asr, 1);
  assert.is(book.measure({ calculateQuality: false }, gateway, reader), null);
  assert.is(reader.asr, null);
  assert.is(book.counters().qualityPairs, 0);
  const again = book.measure({ calculateQuality: true }, null, reader)!;
  assert.is(again.figures(startMs).attempts, 0);
});

test('with too many pairs the one goes that has been without a call for longest; the gateway still counts it', () => {
  const { book, gateway } = measured(new RouteQuality(settings(3600, 60), { pairs: 2, slices: 1000 }));
  gateway.attemptEnded('1', answered, startMs);
  gateway.attemptEnded('2', answered, startMs);
  gateway.attemptEnded('1', answered, startMs);
  gateway.attemptEnded('3', answered, startMs);
  assert.equal(
    gateway.prefixes(startMs).map(({ prefix }) => prefix),
    ['1', '3'],
  );
  assert.is(gateway.figures(startMs).attempts, 4);
  assert.equal(book.counters(), { qualityPairs: 2, qualityPairsEvicted: 1 });
});

test('long windows of few pairs are bounded by their slices', () => {
  const { book, gateway } = measured(new RouteQuality(settings(3600, 1), { pairs: 10, slices: 100 }));
  for (let index = 0; index < 1000; index++) {
    gateway.attemptEnded(String(index % 2), answered, startMs + index * 1000);
  }
  assert.ok(book.counters().qualityPairsEvicted > 0);
  const kept = gateway.prefixes(startMs + 999_000).reduce((sum, { figures }) => sum + figures.attempts, 0);
  assert.ok(kept > 0 && kept <= 100, String(kept));
});

test('pairs that nobody calls any more are forgotten with their last slice', () => {
  const { book, gateway } = measured(new RouteQuality(settings(60, 10)));
  gateway.attemptEnded('1', answered, startMs);
  gateway.attemptEnded('2', answered, startMs + 30_000);
  book.advance(startMs + 60_000);
  assert.equal(book.counters(), { qualityPairs: 1, qualityPairsEvicted: 0 });
  book.advance(startMs + 90_000);
  assert.equal(book.counters(), { qualityPairs: 0, qualityPairsEvicted: 0 });
});

test('a delay belongs to the first class whose edge it does not exceed, and beyond all of them to the last', () => {
  for (let delayMs = 0; delayMs < 130_000; delayMs += 50) {
    const found = delayClassesMs.findIndex(edgeMs => delayMs <= edgeMs);
    assert.is(delayClassOf(delayMs), found < 0 ? delayClassesMs.length - 1 : found);
  }
  assert.is(percentileOf([0, 0, 0], 0.95), null);
  assert.is(percentileOf([19, 1], 0.95), 100);
  assert.is(percentileOf([18, 2], 0.95), 200);
});

test('the network did its part when the called party was busy, away or unwilling, or its phone rang', () => {
  for (const status of [480, 486, 600, 603]) assert.ok(isEffective(status, false), String(status));
  for (const status of [403, 404, 408, 484, 500, 503, null])
    assert.not.ok(isEffective(status, false), String(status));
  for (const status of [404, 408, 487, 604, null]) assert.ok(isEffective(status, true), String(status));
  assert.not.ok(isEffective(503, true), 'it rang, and then the network failed');
});

test.run();
