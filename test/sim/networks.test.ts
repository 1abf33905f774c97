/** The networks of this repository that come with scenarios: all of these pass, whatever chance there is. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { directoryOf, exampleNetwork, failuresOf, featureNetwork, loadNetwork } from './features/network.ts';

const test = suite('sim/networks');

const seeds = [1, 2, 3];

for (const network of [exampleNetwork, featureNetwork]) {
  test(`all scenarios of ./${network} pass, whatever the seed of the run`, () => {
    for (const seed of seeds) {
      const { snapshot, scenarios } = loadNetwork(directoryOf(network), seed);
      assert.is(scenarios.flatMap(scenario => failuresOf(snapshot, scenario)).join('\n'), '');
    }
  });

  test(`every file of ci/scenarios in ./${network} has scenarios`, () => {
    const directory = directoryOf(network);
    const { scenarios } = loadNetwork(directory);
    const used = new Set(scenarios.map(({ place }) => place.file));
    for (const file of readdirSync(join(directory, 'ci', 'scenarios'))) {
      assert.ok(used.has(`ci/scenarios/${file}`), file);
    }
  });

  test(`no scenario of ./${network} expects nothing`, () => {
    const idle = loadNetwork(directoryOf(network))
      .scenarios.filter(
        ({ expect, calls }) => expect.length === 0 && calls.every(call => call.expect.length === 0),
      )
      .map(({ name }) => name);
    assert.equal(idle, []);
  });
}

test.run();
