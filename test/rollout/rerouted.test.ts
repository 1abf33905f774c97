/** A candidate that sends other calls to a gateway than before, which is what most changes of a carrier do. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ComparedCall } from '../../src/call/compared-calls.ts';
import { evidenceText } from '../../src/rollout/evidence-text.ts';
import { evidenceMax, Judge } from '../../src/rollout/judge.ts';
import { generator } from './traffic.ts';

const test = suite('rollout/rerouted');

const settings = { asrDropPoints: 5, pddRiseMs: 1000, minimumCalls: 200 };

interface Network {
  readonly accounts: number;
  readonly destinations: number;
  readonly calls: number;
  readonly share: number;
  /** The part of the calls to a destination that goes by the gateway of its kind before the change. */
  readonly fidelity: number;
}

/**
 * Half of the destinations are answered often, the other half seldom; each kind has its gateway, and what becomes of a
 * call depends on customer and destination alone. The candidate sends everything to `north`.
 */
function callsOf(seed: number, { accounts, destinations, calls, share, fidelity }: Network): ComparedCall[] {
  const random = generator(seed);
  return Array.from({ length: calls }, (_, pair) => {
    const account = Math.floor(random() ** 2 * accounts);
    const destination = Math.floor(random() ** 1.5 * destinations);
    const isEasy = destination % 2 === 1;
    const isCandidate = random() < share;
    const usual = random() < fidelity === isEasy ? 'north' : 'west';
    const answered = random() < (isEasy ? 0.75 - 0.1 * (account % 3) : 0.15 + 0.03 * (account % 3));
    const rang = answered || random() < 0.5;
    const delayMs = rang ? (isEasy ? 1000 : 4000) + 3000 * random() : null;
    return {
      ...{ side: isCandidate ? 'candidate' : 'stable', account: `customer-${account}` },
      ...{ destination: String(4000 + destination), pair: pair + 1, answered, postDialDelayMs: delayMs },
      ...{ firstGateway: isCandidate ? 'north' : usual, firstAnswered: answered, firstDelayMs: delayMs },
      refusedAs: null,
    };
  });
}

/** Looks after every two hundred calls; the first evidence, or null. */
function alarm(seed: number, network: Network): string | null {
  const judge = new Judge({ ...settings, share: network.share });
  for (const [index, call] of callsOf(seed, network).entries()) {
    judge.take(call);
    if (index % 200 !== 0) continue;
    const [evidence] = judge.worse();
    if (evidence !== undefined) return evidenceText(evidence);
  }
  return null;
}

const alarms = (runs: number, network: Network): readonly string[] =>
  Array.from({ length: runs }, (_, index) => alarm(index + 1, network)).filter(text => text !== null);

test('a gateway that gets calls of other kinds is not called worse for what they are', () => {
  const network = { accounts: 40, destinations: 60, calls: 12_000, share: 0.2 };

  assert.equal(alarms(12, { ...network, fidelity: 1 }), []);
  assert.equal(alarms(12, { ...network, fidelity: 0.9 }), []);
});

test('the errors of very many small places do not add up', () => {
  assert.equal(alarms(2, { accounts: 200, destinations: 300, calls: 30_000, share: 0.1, fidelity: 0.9 }), []);
});

test('one destination that is worse is found although the candidate is better overall', () => {
  for (const seed of [1, 2, 3]) {
    const random = generator(seed);
    const judge = new Judge({ ...settings, share: 0.1 });
    for (let pair = 1; pair <= 40_000; pair++) {
      const isCandidate = random() < 0.1;
      const destination = Math.floor(random() * 8);
      const change = isCandidate ? (destination === 3 ? -0.2 : 0.06) : 0;
      const answered = random() < 0.5 + change;
      judge.take({
        ...{
          side: isCandidate ? 'candidate' : 'stable',
          account: 'blue',
          destination: String(440 + destination),
        },
        ...{ pair, answered, postDialDelayMs: null, firstGateway: 'north', firstAnswered: answered },
        ...{ firstDelayMs: null, refusedAs: null },
      });
    }
    const { stable, candidate } = judge.figures;
    assert.ok(candidate.asr! > stable.asr!, 'it is better overall');
    assert.equal([...new Set(judge.worse().map(({ destination }) => destination))], ['443']);
  }
});

test('however many numbers, customers and destinations there are, memory and evidence stay bounded', () => {
  const random = generator(1);
  const judge = new Judge({ ...settings, share: 0.5 });
  for (let pair = 1; pair <= 120_000; pair++) {
    const isCandidate = pair % 2 === 0;
    const answered = !isCandidate && random() < 0.8;
    judge.take({
      ...{ side: isCandidate ? 'candidate' : 'stable', account: `customer-${pair % 97}` },
      ...{ destination: String(pair % 50_000), pair, answered, postDialDelayMs: null },
      ...{
        firstGateway: `gateway-${pair % 31}`,
        firstAnswered: answered,
        firstDelayMs: null,
        refusedAs: null,
      },
    });
  }
  const { stable, candidate } = judge.figures;
  assert.is(stable.calls + candidate.calls, 120_000, 'no call is lost to the limits');
  assert.is(judge.worse().length, evidenceMax);
});

test.run();
