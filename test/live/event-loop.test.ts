import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EventLoopWatch } from '../../src/live/event-loop.ts';
import { FakeTime } from './fakes.ts';

const test = suite('live/event-loop');

function hold(milliseconds: number): void {
  const untilMs = performance.now() + milliseconds;
  while (performance.now() < untilMs);
}

/** Long enough for the monitor to look at the clock. */
function look(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 25));
}

test('what holds the event loop shows for a minute', async () => {
  const time = new FakeTime();
  const watch = new EventLoopWatch(time);
  try {
    await look();
    hold(120);
    await look();
    const held = watch.figures();
    assert.ok(held.longestMs >= 100, `${held.longestMs} ms`);
    assert.ok(held.p99Ms <= held.longestMs);

    await time.pass(50_000);
    assert.is(watch.figures().longestMs >= 100, true, 'not forgotten before the minute is over');
    await time.pass(20_000);
    assert.ok(watch.figures().longestMs < held.longestMs);
  } finally {
    watch.stop();
  }
  assert.is(time.timerCount, 0);
});

test.run();
