/** Traffic of a wholesale switch in virtual time: unlike customers, unlike destinations, bursts, outages, redialling. */
import type { ComparedCall } from '../../src/call/compared-calls.ts';

/** A small generator of random numbers (mulberry32), so that a seed is a rollout. */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Effect {
  /** Chance of an answer, 0–1, after the change. */
  readonly answer?: (chance: number, call: Kind) => number;
  readonly delayMs?: (delayMs: number, call: Kind) => number;
  readonly refused?: (call: Kind) => boolean;
  readonly gateway?: (gateway: string, call: Kind) => string;
}

export interface Kind {
  readonly account: string;
  readonly destination: string;
  readonly gateway: string;
}

export interface TrafficOptions {
  readonly seed: number;
  readonly share: number;
  readonly callsPerSecond: number;
  readonly seconds: number;
  readonly destinations?: number;
  readonly effect?: Effect;
}

const accounts = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
const gateways = ['north', 'south', 'west'];

/** Calls second by second; `take` returns true to stop. Returns the second in which it did, or null. */
export function play(
  options: TrafficOptions,
  take: (calls: readonly ComparedCall[], second: number) => boolean,
) {
  const random = generator(options.seed);
  const { share, callsPerSecond, seconds, destinations = 12, effect = {} } = options;
  let pair = 0;
  for (let second = 0; second < seconds; second++) {
    // A campaign of one customer to one destination doubles the traffic now and then; a vendor fails for a while.
    const campaign = Math.floor(second / 60) % 3 === 1 ? Math.floor(second / 60) % destinations : -1;
    const outage = second % 240 > 200 ? gateways[Math.floor(second / 240) % 3]! : null;
    const calls: ComparedCall[] = [];
    const count = callsPerSecond * (campaign < 0 ? 1 : 2);
    for (let i = 0; i < count; i++) {
      const isCampaign = campaign >= 0 && i % 2 === 0;
      const account = isCampaign ? accounts[0]! : accounts[Math.floor(random() ** 2 * accounts.length)]!;
      const place = isCampaign ? campaign : Math.floor(random() ** 1.5 * destinations);
      const kind = { account, destination: String(440 + place), gateway: gateways[(place + i) % 3]! };
      const isCandidate = random() < share;
      // The same number may be dialled again and again, which all falls on one side.
      const times = random() < 0.05 ? 1 + Math.floor(random() * 20) : 1;
      pair++;
      for (let again = 0; again < times; again++) {
        calls.push(
          callOf(kind, place / Math.max(1, destinations - 1), isCandidate, pair, outage, effect, random),
        );
      }
    }
    if (take(calls, second)) return second;
  }
  return null;
}

function callOf(
  kind: Kind,
  place: number,
  isCandidate: boolean,
  pair: number,
  outage: string | null,
  effect: Effect,
  random: () => number,
): ComparedCall {
  const changed = isCandidate ? effect : {};
  const gateway = changed.gateway?.(kind.gateway, kind) ?? kind.gateway;
  // From 20 % to 80 %, and customers who call at other times than others.
  const usual = (0.2 + 0.6 * place) * (kind.account === 'beta' ? 0.7 : 1) * (gateway === outage ? 0.1 : 1);
  const routed = { ...kind, gateway };
  const answered = random() < (changed.answer?.(usual, routed) ?? usual);
  const usualDelayMs = 800 + 4000 * place * random() + 6000 * random() ** 8;
  const delayMs = changed.delayMs?.(usualDelayMs, routed) ?? usualDelayMs;
  const rang = answered || random() < 0.5;
  const refused = changed.refused?.(routed) ?? false;
  return {
    side: isCandidate ? 'candidate' : 'stable',
    account: kind.account,
    destination: kind.destination,
    pair,
    answered: answered && !refused,
    postDialDelayMs: rang && !refused ? delayMs : null,
    firstGateway: refused ? null : gateway,
    firstAnswered: answered && !refused,
    firstDelayMs: rang && !refused ? delayMs : null,
    refusedAs: refused ? 'NoAvailableRouter' : null,
  };
}
