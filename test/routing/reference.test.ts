/**
 * selectRoute against the rules as they are written in the book, on random networks and calls. A number on the
 * command line is how many networks; the first seed may follow it.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exclusions, unavailabilities } from '../../src/routing/route-reasons.ts';
import { selectRoute } from '../../src/routing/select-route.ts';
import { randomNetwork } from './reference/random-networks.ts';
import { type ByTheBook, routeByTheBook } from './reference/route-by-the-book.ts';
import { scanningBook } from './reference/scanning-book.ts';

const test = suite('routing/reference');

const networks = Number(process.argv[2] ?? 2000);
const firstSeed = Number(process.argv[3] ?? 1);

/** How often each reason was the decisive one, so that none is never tried. */
const seen = new Map<string, number>();

function check(seed: number): void {
  const { description, snapshot, state, requests } = randomNetwork(seed);
  const book = scanningBook(description);
  for (const [i, request] of requests.entries()) {
    const expected = routeByTheBook(book, snapshot, state, request);
    const plain = selectRoute(snapshot, state, request);
    const explained = selectRoute(snapshot, state, request, true);
    const names = plain.attempts.map(({ gateway }) => snapshot.routingGateways[gateway]!.name);
    const actual: ByTheBook = {
      normal: names.slice(0, plain.normalCount),
      protect: names.slice(plain.normalCount),
      someBusy: plain.someBusy,
      leftOut: explained.because
        .filter(({ outcome }) => outcome === 'excluded')
        .map(({ gateway, reason }) => `${snapshot.routingGateways[gateway]!.name} ${reason}`)
        .sort(),
    };
    assert.equal(actual, expected, `call ${i} of the network with seed ${seed}`);
    assert.equal(explained.attempts, plain.attempts);
    for (const { reason, detail } of explained.because) {
      seen.set(reason, (seen.get(reason) ?? 0) + 1);
      assert.is(/undefined|NaN|null/.test(detail), false, detail);
    }
  }
}

test(`the engine decides by the book on ${networks} networks with four calls each`, () => {
  for (let seed = firstSeed; seed < firstSeed + networks; seed++) check(seed);
});

/** In fewer networks a rare one may well be missing. */
const networksForAllReasons = 1000;

test('every reason there is decided something', () => {
  if (networks < networksForAllReasons) return;
  const reasons = ['candidate', 'stoppedByExpiration', ...Object.keys(exclusions)];
  const missing = [...reasons, ...Object.keys(unavailabilities)].filter(reason => !seen.has(reason));

  assert.equal(missing, []);
});

test.run();
