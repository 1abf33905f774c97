/**
 * Which elements of a configuration calls exercised. Play them on switches that are watched (`newCore`), then ask for
 * the report: whatever was played adds up.
 */
import { Switch, type SwitchOptions } from '../../call/switch.ts';
import type { Snapshot } from '../../config/snapshot.ts';
import type { SimulatedCore } from '../world/play-options.ts';
import type { ElementVisitor } from './elements.ts';
import { partsOf } from './parts.ts';
import { type CoverageReport, reportOf } from './report.ts';
import { WatchedSwitch } from './watched-switch.ts';

export interface Coverage {
  /** A switch that tells what it exercises; for every scenario and every restart a new one. */
  newCore(options: SwitchOptions): SimulatedCore;
  /** The same for a switch that is there already and has taken no call yet. */
  watch(core: SimulatedCore): SimulatedCore;
  report(): CoverageReport;
  /** Every element, those of rate tables included. */
  visit(each: ElementVisitor): void;
}

export function coverageOf(snapshot: Snapshot): Coverage {
  const parts = partsOf(snapshot);
  const watch = (core: SimulatedCore) => new WatchedSwitch(parts, core);
  return {
    watch,
    newCore: options => watch(new Switch(options)),
    report: () => reportOf(parts),
    visit: each => {
      parts.elements.visit(each);
      parts.prefixes.visit(each);
      parts.rates.visitRows(each);
    },
  };
}
