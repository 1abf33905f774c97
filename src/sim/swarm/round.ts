/** A round of the swarm: a world of its own with some hundred calls, first among faults, then in good times. */
import type { GivenState } from '../../call/given-state.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { type Money, money, moneyPerCurrencyUnit, noMoney } from '../../rating/money.ts';
import { plenty } from '../files/given.ts';
import type { ConfigurationChange } from '../scenario/configuration-change.ts';
import type { Scenario, ScenarioEvent } from '../scenario/scenario.ts';
import { anyBehaviour, healthy } from './behaviours.ts';
import { Chances } from './chances.ts';
import { changesFor, faults, noChange } from './faults.ts';
import type { Palette } from './palette.ts';
import { traffic } from './traffic.ts';

/** Most calls of a round: few enough to be shrunk quickly, enough to get into each other's way. */
export const callsOfRound = 250;

/** After the faults a gateway may still be left alone for so long: Retry-After counts at most 300 s. */
const settlingMs = 400_000;
const healedMs = 60_000;
const mostBadGateways = 30;
const mostPoorAccounts = 20;
const weekMs = 7 * 24 * 3_600_000;
/** A Monday. Rounds begin within the week after it, as calendars see different times. */
const firstStartMs = Date.UTC(2026, 2, 2);

export class Rounds {
  readonly #palette: Palette;
  readonly #seed: number;
  readonly #file: string;
  readonly #changes: readonly ConfigurationChange[];

  /** Everything follows from the configuration and the seed. `file` is what a round is written to when it fails. */
  constructor(palette: Palette, seed: number, file: string) {
    this.#palette = palette;
    this.#seed = seed;
    this.#file = file;
    this.#changes = changesFor(palette, new Chances(seed, 0));
  }

  /** The round of this number, from 1, with so many calls. */
  round(number: number, calls: number): Scenario {
    const palette = this.#palette;
    const chances = new Chances(this.#seed, number);
    const place = { file: this.#file, line: 1, column: 1 };
    const faultyMs = chances.pick([5_000, 60_000, 300_000, 1_800_000]);
    const bad = chances.some(palette.gateways, chances.below(mostBadGateways));
    const healedCalls = Math.floor(calls / 10);
    const mishaps = faults(palette, this.#changes, chances.below(10), faultyMs, place, chances);
    return {
      name: `swarm ${this.#seed}, round ${number}`,
      place,
      seed: chances.below(2 ** 48 - 1),
      startMs: firstStartMs + chances.below(weekMs),
      given: givenOf(palette, chances),
      gateways: new Map(bad.map(gateway => [gateway.name, anyBehaviour(gateway, chances)])),
      otherGateways: healthy,
      calls: [
        ...traffic(palette, calls - healedCalls, { fromMs: 0, withinMs: faultyMs }, place, chances),
        ...traffic(palette, healedCalls, healedTime(faultyMs), place, chances),
      ],
      events: [...mishaps, ...healing(bad, mishaps, faultyMs, place)],
      expect: [],
      virtualOnly: null,
    };
  }
}

function healedTime(faultyMs: number): { readonly fromMs: number; readonly withinMs: number } {
  return { fromMs: faultyMs + settlingMs, withinMs: healedMs };
}

/** Whatever went wrong is put right. */
function healing(
  bad: Palette['gateways'],
  mishaps: readonly ScenarioEvent[],
  atMs: number,
  place: Place,
): readonly ScenarioEvent[] {
  const changed = mishaps.flatMap(event => (event.kind === 'behaviour' ? event.gateway : []));
  const names = new Set([...bad.map(({ name }) => name), ...changed]);
  const isReloaded = mishaps.some(({ kind }) => kind === 'reload');
  return [
    ...[...names].map(gateway => ({ atMs, place, kind: 'behaviour', gateway, behaviour: healthy }) as const),
    ...(isReloaded ? [{ atMs, place, kind: 'reload', change: noChange } as const] : []),
  ];
}

/** Some accounts are nearly broke, and some gateways nearly full. */
function givenOf({ accounts, gateways }: Palette, chances: Chances): GivenState {
  const balances = new Map(accounts.map(({ name }) => [name, plenty]));
  for (const account of chances.some(accounts, chances.below(mostPoorAccounts)))
    if (chances.happens(20)) balances.set(account.name, nearlyNothing(account, chances));
  const limited = gateways.filter(({ lines }) => lines !== null);
  const crowded = chances.some(limited, chances.below(4));
  const measured = chances.some(gateways, chances.below(4));
  return {
    balances,
    mappingLines: new Map(),
    routingLines: new Map(
      crowded.map(({ name, lines }) => [name, Math.max(lines! - chances.below(6), 0)] as const),
    ),
    accountLines: new Map(),
    carried: new Map(measured.map(({ name }) => [name, chances.below(1000)] as const)),
    offline: new Set(),
    asr: new Map(measured.map(({ name }) => [name, chances.below(101) / 100] as const)),
  };
}

/** Of what the account may spend, its credit included; sometimes less than that. */
function nearlyNothing({ overdraftLimit }: Palette['accounts'][number], chances: Chances): Money {
  if (chances.happens(20)) return noMoney;
  const most = chances.pick([10, 100, 1000]);
  return money((BigInt(chances.between(-20, most)) * moneyPerCurrencyUnit) / 100n - overdraftLimit);
}
