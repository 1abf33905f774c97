/** What goes wrong in a round, at random. */
import type { Place } from '../../diagnostics/diagnostic.ts';
import { money, moneyPerCurrencyUnit } from '../../rating/money.ts';
import type { GatewayBehaviour } from '../scenario/behaviour.ts';
import type { ConfigurationChange } from '../scenario/configuration-change.ts';
import type { ScenarioEvent } from '../scenario/scenario.ts';
import { anyBehaviour, lossy, outage } from './behaviours.ts';
import type { Chances } from './chances.ts';
import type { Palette } from './palette.ts';

type Happening = ScenarioEvent extends infer Event
  ? Event extends ScenarioEvent
    ? Omit<Event, 'atMs' | 'place'>
    : never
  : never;

export const noChange: ConfigurationChange = {
  without: [],
  lines: new Map(),
  mappingLines: new Map(),
  pricePercent: 100,
};

/** Configurations that one run reloads: few, because each has indexes of its own. */
const changesOfRun = 8;

/** Different ones for each seed. */
export function changesFor({ gateways, mappingGateways }: Palette, chances: Chances): ConfigurationChange[] {
  const few = (): number => chances.pick([0, 1, 3, 20]);
  return Array.from({ length: changesOfRun }, () => ({
    without: chances.some(gateways, chances.below(3)).map(({ name }) => name),
    lines: new Map(chances.some(gateways, chances.below(3)).map(({ name }) => [name, few()])),
    mappingLines: new Map(chances.some(mappingGateways, chances.below(2)).map(name => [name, few()])),
    pricePercent: chances.pick([100, 100, 0, 50, 300]),
  }));
}

/** So many faults within `withinMs` of the beginning, in the order of their times. */
export function faults(
  palette: Palette,
  changes: readonly ConfigurationChange[],
  count: number,
  withinMs: number,
  place: Place,
  chances: Chances,
): readonly ScenarioEvent[] {
  const events: ScenarioEvent[] = [];
  const add = (atMs: number, happening: Happening): void => {
    events.push({ ...happening, atMs: Math.min(atMs, withinMs), place } as ScenarioEvent);
  };
  for (let left = count; left > 0; left--) {
    const atMs = chances.below(withinMs);
    const laterMs = atMs + chances.between(1, 60_000);
    addFault(palette, changes, add, atMs, laterMs, chances);
  }
  return events.sort((a, b) => a.atMs - b.atMs);
}

function addFault(
  palette: Palette,
  changes: readonly ConfigurationChange[],
  add: (atMs: number, happening: Happening) => void,
  atMs: number,
  laterMs: number,
  chances: Chances,
): void {
  const isPossible = palette.gateways.length > 0;
  const behaves = (behaviour: (of: Palette['gateways'][number]) => GatewayBehaviour, ms: number): string => {
    const gateway = chances.pick(palette.gateways);
    add(ms, { kind: 'behaviour', gateway: gateway.name, behaviour: behaviour(gateway) });
    return gateway.name;
  };
  switch (chances.below(12)) {
    case 0:
    case 1:
      if (!isPossible) break;
      behaves(() => outage(chances), atMs);
      break;
    case 2:
      if (isPossible) behaves(gateway => lossy(gateway, chances), atMs);
      break;
    case 3:
      if (isPossible) behaves(gateway => anyBehaviour(gateway, chances), atMs);
      break;
    case 4:
    case 5:
      add(atMs, { kind: 'reload', change: chances.pick(changes) });
      if (chances.happens(50)) add(laterMs, { kind: 'reload', change: noChange });
      break;
    case 6:
      add(atMs, { kind: 'clockStep', stepMs: chances.pick([1, 1500, 60_000, 7_200_000]) });
      break;
    case 7:
      add(atMs, { kind: 'clockStep', stepMs: -chances.pick([1, 1500, 30_000]) });
      break;
    case 8:
      add(atMs, { kind: 'restart' });
      break;
    case 9:
      add(atMs, { kind: 'sipServerLost' });
      break;
    case 10:
      add(atMs, { kind: chances.pick(['drain', 'shutdown', 'releaseCalls'] as const) });
      add(laterMs, { kind: 'restart' });
      break;
    default:
      if (palette.accounts.length === 0) break;
      add(atMs, {
        kind: 'payment',
        account: chances.pick(palette.accounts).name,
        amount: anyAmount(chances),
      });
  }
}

/** A payment, or a correction. */
function anyAmount(chances: Chances): ReturnType<typeof money> {
  const cents = BigInt(chances.between(-200, 2000));
  return money((cents * moneyPerCurrencyUnit) / 100n);
}
