import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ConfigurationChange } from '../../../src/sim/scenario/configuration-change.ts';
import { changedSnapshot } from '../../../src/sim/world/changed-snapshot.ts';
import { network } from '../../call/networks.ts';

const test = suite('sim/world/changed-snapshot');

const snapshot = network({ gateways: [{ name: 'one', lines: 5 }, { name: 'two' }] });

function change(given: Partial<ConfigurationChange>): ConfigurationChange {
  return { without: [], lines: new Map(), mappingLines: new Map(), pricePercent: 100, ...given };
}

test('no change is the configuration itself', () => {
  assert.is(changedSnapshot(snapshot, change({})), snapshot);
});

test('a gateway that is gone has left its name, and nobody may use its place', () => {
  const [gone, other] = changedSnapshot(snapshot, change({ without: ['one'] })).routingGateways;
  assert.is.not(gone!.name, 'one');
  assert.ok(gone!.locked);
  assert.is(other, snapshot.routingGateways[1]);
});

test('lines and prices are those of the change', () => {
  const given = { lines: new Map([['two', 3]]), mappingLines: new Map([['alice-in', 1]]), pricePercent: 150 };
  const { routingGateways, mappingGateways, rateTables } = changedSnapshot(snapshot, change(given));
  assert.equal(
    routingGateways.map(({ lines }) => lines),
    [5, 3],
  );
  assert.equal(
    mappingGateways.map(({ lines }) => lines),
    [1],
  );
  for (const [index, table] of rateTables.entries()) {
    assert.equal(
      [...table.rate],
      [...snapshot.rateTables[index]!.rate].map(price => Math.round(price * 1.5)),
    );
  }
});

test('the same change is the same configuration, and another hash than any other', () => {
  const some = change({ lines: new Map([['two', 3]]) });
  assert.is(changedSnapshot(snapshot, some), changedSnapshot(snapshot, some));
  const hashes = [
    snapshot,
    changedSnapshot(snapshot, some),
    changedSnapshot(snapshot, change({ pricePercent: 0 })),
  ];
  assert.is(new Set(hashes.map(({ hash }) => hash)).size, 3);
});

test('only so many are kept, and what was forgotten is made again alike', () => {
  const first = changedSnapshot(snapshot, change({ pricePercent: 1 }));
  for (let pricePercent = 2; pricePercent < 40; pricePercent++)
    if (pricePercent !== 100) changedSnapshot(snapshot, change({ pricePercent }));
  const again = changedSnapshot(snapshot, change({ pricePercent: 1 }));
  assert.is.not(again, first);
  assert.is(again.hash, first.hash);
});

test.run();
