import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explanationText } from '../../src/cli/explain-text.ts';
import { wrap } from '../../src/cli/wrap.ts';
import { explainCall } from '../../src/explain/explain-call.ts';
import type { Question } from '../../src/explain/question.ts';
import { parseDialPlan } from '../../src/routing/dial-plan/parse.ts';
import { type NetworkDescription, network } from '../call/networks.ts';
import { World } from '../call/world.ts';
import { assertFits, assertGoldenText } from '../support/golden-text.ts';

const test = suite('cli/explain-text');

function planOf(text: string, line: number) {
  const written = { text, source: { file: 'gateways/plan.yaml', line, column: 1 } };
  const { plan, problems } = parseDialPlan([written]);
  assert.equal(problems, []);
  return plan;
}

const noPlan = { rules: [] };

function textOf(world: World, asked: Partial<Question> = {}, colour: boolean = false): string {
  const around = { view: world.core.view, live: true, draining: world.core.draining };
  const question: Question = {
    callee: '02079460000',
    caller: '12025550100',
    forwarding: '12025550199',
    from: { kind: 'address', address: '192.0.2.1', port: 5060 },
    atMs: world.nowMs,
    seed: 4,
    down: [],
    full: [],
    ...asked,
  };
  const explanation = { ...explainCall(around, question), filesHash: 'hash-of-a-test' };
  return explanationText(explanation, { pathPrefix: 'network/', colour });
}

const source = { file: 'gateways/plan.yaml', line: 30, column: 1 };

const description: NetworkDescription = {
  parameters: { routeTags: ['a', 'b'] },
  mapping: {
    lines: 5,
    callRate: { calls: 9, perSeconds: 10 },
    secondRoutePolicy: 'asr',
    dialPlans: { caller: noPlan, callee: planOf('0:44', 3), forwarding: noPlan },
    routeShares: {
      total: 2,
      source,
      shares: [
        { tag: 'a', weight: 1, source },
        { tag: 'b', weight: 1, source },
      ],
    },
  },
  retail: [{ prefix: '44', rate: '0.06', increments: '1/1', connectFee: '0.02', freeSeconds: 3 }],
  gateways: [
    {
      name: 'one',
      prefixes: ['a44', 'b44'],
      lines: 3,
      dialPlans: { caller: noPlan, callee: planOf('b44:0044;9?44', 7), forwarding: noPlan },
      callerPool: {
        lists: [],
        numbers: ['441', '442', '443', '444', '445', '446', '447', '448'],
        linesPerNumber: 1,
        order: 'random',
        source,
      },
    },
    { name: 'two', prefixes: ['a', 'b'], protectRoute: true },
    { name: 'three', prefixes: ['a', 'b'], callRate: { calls: 1, perSeconds: 10 } },
  ],
};

/** After a call that was refused with a Retry-After and is up at another gateway. */
function busyWorld(): World {
  const world = new World(network(description), { alice: '12.5' });
  world.invite({ callId: 'before', callee: '02079460000', caller: '12025550100' });
  world.failed(503, 0, { callId: 'before', retryAfterSeconds: 60 });
  return world;
}

test('a call on the running switch, with its money, its share and what is full', () => {
  const text = textOf(busyWorld());

  assertGoldenText('explain/live.txt', text);
  assertFits(text);
});

test('a call with chance in its numbers and a caller pool', () => {
  const text = textOf(new World(network(description), { alice: '12.5' }));

  assertGoldenText('explain/chance.txt', text);
  assertFits(text);
});

test('a call from nobody, and one for which there is no gateway', () => {
  const world = new World(network(description));
  const nobody = { kind: 'address', address: '2001:db8::1', port: 5060 } as const;

  assertGoldenText('explain/nobody.txt', textOf(world, { from: nobody }));
  assertGoldenText('explain/no-gateway.txt', textOf(world, { down: ['one', 'three'], full: ['two'] }));
});

test('colour is for terminals alone', () => {
  const refused = { callee: '33', down: ['one'] };

  assert.match(textOf(busyWorld(), refused, true), '\u001b[31mrejected\u001b[0m');
  assert.not.match(textOf(busyWorld(), refused), '\u001b');
});

test('text of the network steers no terminal', () => {
  const text = textOf(busyWorld(), { caller: '\u001b[2J' });

  assert.not.match(text, '\u001b');
  assert.match(text, '\\u001b[2J');
});

test('lines are broken between words, and long words stay whole', () => {
  assert.equal(wrap('one two three', 7), ['one two', 'three']);
  assert.equal(wrap('a gateways/routing/long.yaml:7 b', 8), ['a', 'gateways/routing/long.yaml:7', 'b']);
  assert.equal(wrap('', 8), ['']);
});

test.run();
