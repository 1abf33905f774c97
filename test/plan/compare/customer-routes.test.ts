import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CustomerRoutes } from '../../../src/plan/compare/customer-routes.ts';
import { entriesOf } from '../../../src/plan/space/prefix-texts.ts';
import { buildSnapshot, type RoutingGatewayDescription } from '../../support/snapshot-builder.ts';

const test = suite('plan/compare/customer-routes');

function side(acme: Partial<RoutingGatewayDescription> = {}) {
  return buildSnapshot({
    mappingGateways: [
      { name: 'anywhere' },
      { name: 'elsewhere', routingGateways: { deny: ['acme'] } },
      { name: 'only-acme', routingGateways: { allow: ['acme'] } },
    ],
    routingGateways: [
      { name: 'acme', prefixes: ['44', '4420'], ...acme },
      { name: 'other', prefixes: ['33'] },
    ],
  });
}

const changed = new Map([
  ['acme', ['44', '4420']],
  ['other', ['33', '44']],
]);

/** The prefixes at which something may be different, by customer. */
function prefixes(
  before: ReturnType<typeof side>,
  after: ReturnType<typeof side>,
  byGateway: ReadonlyMap<string, readonly string[]> = changed,
): Readonly<Record<string, readonly string[]>> {
  const routes = new CustomerRoutes(before, after, byGateway);
  return Object.fromEntries(
    after.mappingGateways.map((gateway, index) => {
      const trie = routes.trieFor({ before: before.mappingGateways[index]!, after: gateway });
      return [gateway.name, [...entriesOf(trie)].map(([prefix]) => prefix).sort()];
    }),
  );
}

test('a customer has to do with the routes of the gateways that it may use', () => {
  assert.equal(prefixes(side(), side()), {
    anywhere: ['33', '44', '4420'],
    elsewhere: ['33', '44'],
    'only-acme': ['44', '4420'],
  });
});

test('a gateway that may carry calls on one side alone counts', () => {
  assert.equal(prefixes(side({ locked: true }), side())['only-acme'], ['44', '4420']);
  assert.equal(prefixes(side(), side({ locked: true }))['only-acme'], ['44', '4420']);
  assert.equal(prefixes(side({ locked: true }), side({ locked: true }))['only-acme'], []);
  assert.equal(prefixes(side(), side({ mappingGateways: { deny: ['only-acme'] } }))['only-acme'], [
    '44',
    '4420',
  ]);
});

test('a gateway that is rated by the number that it is sent counts for everybody', () => {
  assert.equal(prefixes(side(), side({ rateByNumberSent: true }))['elsewhere'], ['33', '44', '4420']);
});

test('customers are not told apart when many gateways are others', () => {
  const many = new Map(Array.from({ length: 33 }, (_, index) => [`g${index}`, [String(index + 10)]]));

  assert.is(prefixes(side(), side(), many)['only-acme']!.length, 33);
});

test.run();
