/** Calls at random. */
import type { SourceAddress } from '../../call/inputs.ts';
import type { Place } from '../../diagnostics/diagnostic.ts';
import type { ScenarioCall } from '../scenario/scenario.ts';
import type { Chances } from './chances.ts';
import type { Palette } from './palette.ts';

/** Documentation addresses (RFC 5737, RFC 3849): calls from there come from nobody. */
const strangers: readonly SourceAddress[] = [
  { address: '203.0.113.250', port: 5060, transport: 'udp' },
  { address: '203.0.113.251', port: 40_000, transport: 'tcp' },
  { address: '2001:db8:dead::1', port: 5060, transport: 'udp' },
];

const nonsense = ['0', '#', '*31#', '+', 'anonymous', '00000000000000000000000000000000', 'A1', '٤٤٢٠', 'x'];

const mostOfBurst = 30;
const longestDigits = 15;

/**
 * So many calls altogether, single ones and bursts, that begin within `withinMs` from `fromMs` on (ms after the
 * beginning of the round).
 */
export function traffic(
  palette: Palette,
  calls: number,
  { fromMs, withinMs }: { readonly fromMs: number; readonly withinMs: number },
  place: Place,
  chances: Chances,
): readonly ScenarioCall[] {
  const made: ScenarioCall[] = [];
  for (let left = calls; left > 0; ) {
    const count = chances.happens(15) ? Math.min(left, chances.between(2, mostOfBurst)) : 1;
    left -= count;
    made.push(callOf(palette, count, fromMs + chances.below(withinMs), place, chances));
  }
  return made;
}

function callOf(palette: Palette, count: number, atMs: number, place: Place, chances: Chances): ScenarioCall {
  const isStranger = palette.origins.length === 0 || chances.happens(3);
  const origin = isStranger ? { via: null, source: chances.pick(strangers) } : chances.pick(palette.origins);
  const timerCapable = chances.happens(70);
  const mayStay = palette.endsByItself || !timerCapable;
  return {
    place,
    name: null,
    ...origin,
    caller: callerOf(palette, chances),
    callee: calleeOf(palette, count, chances),
    forwarding: chances.happens(10) ? callerOf(palette, chances) || null : null,
    atMs,
    timerCapable,
    hangUpAfterMs: mayStay && chances.happens(5) ? null : talkOf(chances),
    cancelAfterMs: chances.happens(15) ? chances.below(20_000) : null,
    count,
    intervalMs: count === 1 ? 0 : chances.pick([0, 1, 10, 100, 1000]),
    expect: [],
  };
}

function talkOf(chances: Chances): number {
  if (chances.happens(5)) return chances.below(3 * 3_600_000);
  if (chances.happens(10)) return chances.pick([0, 1, 49, 50, 999, 1000, 6000, 30_000, 60_000]);
  return chances.below(120_000);
}

function callerOf({ callerPrefixes }: Palette, chances: Chances): string {
  if (chances.happens(5)) return chances.pick(nonsense);
  const prefix = chances.pick(callerPrefixes);
  return prefix + chances.digits(chances.below(Math.max(longestDigits - prefix.length, 1)));
}

function calleeOf(palette: Palette, count: number, chances: Chances): string | null {
  if (chances.happens(1)) return null;
  if (chances.happens(4)) return chances.pick(nonsense);
  const prefix = chances.pick(palette.calleePrefixes);
  const tag = palette.tags.length > 0 && chances.happens(20) ? chances.pick(palette.tags) : '';
  const most = longestDigits - prefix.length;
  const digits = most <= 0 || chances.happens(5) ? '' : chances.digits(chances.between(1, most));
  const number = tag + prefix + digits;
  // A burst dials numbers side by side.
  if (count > 1 && digits.length > 2) return `${number.slice(0, -2)}xx`;
  return number === '' ? null : number;
}
