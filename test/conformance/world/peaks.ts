/** The most of everything at once. */
import type { Switch } from '../../../src/call/switch.ts';

export class Peaks {
  readonly lines = new Map<string, number>();
  calls = 0;

  /** Looks now, which must be whenever a line was taken. */
  take(core: Switch, nowMs: number): void {
    this.calls = Math.max(this.calls, core.calls().length);
    for (const { name, kind, activeLines } of core.gateways(nowMs)) {
      if (kind !== 'routing' || !Number.isFinite(activeLines)) continue;
      this.lines.set(name, Math.max(this.lines.get(name) ?? 0, activeLines));
    }
  }
}
