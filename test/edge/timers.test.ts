import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Expiring, Timer, TimerWheel } from '../../src/edge/transaction/timers.ts';

const test = suite('edge/timers');

class Note implements Expiring {
  readonly timer = new Timer(this);
  firedAt = -1;

  onTimer(now: number): void {
    this.firedAt = now;
  }
}

test('each timer fires once, at the first step at or after its time, exactly as a sorted list would have it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(200_000), fc.boolean(), fc.nat(200_000)), { maxLength: 60 }),
      fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 60 }),
      (plans, steps) => {
        const wheel = new TimerWheel(0);
        const notes = plans.map(([at, moved, to]) => {
          const note = new Note();
          wheel.set(note.timer, at);
          if (moved) wheel.set(note.timer, to);
          return { note, due: moved ? to : at };
        });
        let now = 0;
        const times: number[] = [];
        for (const step of [...steps, 300_000]) {
          now += step;
          times.push(now);
          wheel.advance(now);
        }
        for (const { note, due } of notes) assert.is(note.firedAt, times.find(time => time >= due) ?? -1);
        assert.is(wheel.size, 0);
      },
    ),
  );
});

test('a cleared timer does not fire, one set anew within its own firing fires later', () => {
  const wheel = new TimerWheel(0);
  const cleared = new Note();
  wheel.set(cleared.timer, 50);
  wheel.clear(cleared.timer);
  let count = 0;
  const again: Expiring & { timer: Timer } = {
    timer: null as unknown as Timer,
    onTimer(now) {
      count++;
      if (count < 3) wheel.set(again.timer, now + 5);
    },
  };
  again.timer = new Timer(again);
  wheel.set(again.timer, 50);
  for (let now = 0; now <= 200; now += 10) wheel.advance(now);
  assert.is(cleared.firedAt, -1);
  assert.is(count, 3);
});

test('a timer that clears another of the same moment keeps it from firing', () => {
  const wheel = new TimerWheel(0);
  const victim = new Note();
  const killer: Expiring = { onTimer: () => wheel.clear(victim.timer) };
  wheel.set(new Timer(killer), 20);
  wheel.set(victim.timer, 21);
  wheel.advance(30);
  assert.is(victim.firedAt, -1);
});

test.run();
