import type { Logger } from '../diagnostics/logger.ts';
import { type Clock, type Timers, wallClockOffsetMs } from './clock.ts';

const lookMs = 10_000;
/** NTP slews small errors away; what is larger was set by somebody. */
const worthSayingMs = 2000;

/** Says once for each time the wall clock was set while the switch runs. Returns how to stop. */
export function watchClock(clock: Clock, timers: Timers, log: Logger): () => void {
  let saidMs = 0;
  let cancel = (): void => {};
  function schedule(): void {
    cancel = timers.after(lookMs, () => {
      const offsetMs = wallClockOffsetMs(clock);
      if (Math.abs(offsetMs - saidMs) > worthSayingMs) {
        saidMs = offsetMs;
        log.warn('The clock of the system was set; records keep the time from before until a restart', {
          offsetMs,
        });
      }
      schedule();
    });
  }
  schedule();
  return () => cancel();
}
